import { foundAt, LdapTextError } from '../values/text-error.ts';
import { isAttributeType } from './attribute-type.ts';
import { readBerText } from './ber-text.ts';
import { unexpected } from './dn-fault.ts';
import { type Ava, Rdn } from './rdn.ts';
import { ValuePieces } from './value-pieces.ts';

const SPACE = 0x20;
const SPECIAL = new Set([...',+\\;"'].map((character) => character.charCodeAt(0)));
const HEX_VALUE = /#((?:[0-9A-Fa-f]{2})+)/y;

/** A part of the text that was read: what it says and where it ends, without and with the spaces behind it. */
interface Reading {
  readonly contentEnd: number;
  readonly end: number;
}
interface AvaReading extends Reading {
  readonly ava: Ava;
}
interface ValueReading extends Reading {
  readonly value: string;
  readonly ber?: Buffer;
}

/**
 * Reads a distinguished name in full generality: RFC 4514 and what RFC 2253 §4 asks to accept of LDAPv2 (spaces
 * round separators, quoted values, the `OID.` prefix). Separators other than the comma are refused, since a bare
 * semicolon today is far more often an unescaped value.
 *
 * @throws LdapTextError `DN_SYNTAX`
 */
export function parseRdns(text: string): Rdn[] {
  const rdns: Rdn[] = [];
  let position = skipSpaces(text, 0);
  if (position === text.length) return rdns;
  for (;;) {
    const start = position;
    const first = readAva(text, position);
    const more: Ava[] = [];
    let last: AvaReading = first;
    while (text[last.end] === '+') {
      last = readAva(text, skipSpaces(text, last.end + 1));
      more.push(last.ava);
    }
    rdns.push(new Rdn([first.ava, ...more], text.slice(start, last.contentEnd)));
    if (last.end >= text.length) return rdns;
    // A value ends only at a plus, a comma or the end: this is a comma.
    position = skipSpaces(text, last.end + 1);
  }
}

function readAva(text: string, start: number): AvaReading {
  const equals = text.indexOf('=', start);
  const type = equals === -1 ? '' : text.slice(start, equals).trimEnd();
  if (!isAttributeType(type)) {
    const unescaped = start > 0 && text[start - 1] !== undefined && /[,+] *$/.test(text.slice(0, start));
    throw new LdapTextError({
      code: 'DN_SYNTAX',
      subject: 'Distinguished name',
      position: start,
      found: foundAt(text, start),
      expected: 'attribute=value',
      advice: unescaped
        ? 'A comma or plus sign inside a value must be written with a backslash before it.'
        : 'Write a name such as "cn=Ana Silva,ou=People,dc=example,dc=com".',
    });
  }
  const value = readValue(text, skipSpaces(text, equals + 1));
  const next = text[value.end];
  if (next !== undefined && next !== ',' && next !== '+')
    throw unexpected(text, value.end, 'a comma, a plus sign or the end');
  const ava: Ava =
    value.ber === undefined ? { type, value: value.value } : { type, value: value.value, ber: value.ber };
  return { ava, contentEnd: value.contentEnd, end: value.end };
}

function readValue(text: string, start: number): ValueReading {
  if (text[start] === '#') return readHexValue(text, start);
  if (text[start] === '"') return readQuotedValue(text, start);
  const pieces = new ValuePieces();
  let position = start;
  // Index behind the last character that counts: raw spaces after it are insignificant.
  let contentEnd = start;
  while (position < text.length) {
    const character = text[position];
    if (character === ',' || character === '+') break;
    if (character === '\\') {
      position = pieces.readEscape(text, position);
      contentEnd = position;
      continue;
    }
    if (character === ';' || character === '"') {
      throw unexpected(
        text,
        position,
        'a character that needs no escape',
        `Write \\${character} when it belongs to the value.`,
      );
    }
    let next = position + 1;
    while (next < text.length && !SPECIAL.has(text.charCodeAt(next))) next += 1;
    pieces.addText(text.slice(position, next));
    position = next;
    let trimmed = next;
    while (trimmed > contentEnd && text.charCodeAt(trimmed - 1) === SPACE) trimmed -= 1;
    contentEnd = trimmed;
  }
  // Spaces that were collected but turned out to be at the end.
  return { ...pieces.finish(position - contentEnd), contentEnd, end: position };
}

function readQuotedValue(text: string, start: number): ValueReading {
  const pieces = new ValuePieces();
  let position = start + 1;
  while (position < text.length) {
    const character = text[position];
    if (character === '"') {
      const contentEnd = position + 1;
      return { ...pieces.finish(0), contentEnd, end: skipSpaces(text, contentEnd) };
    }
    if (character === '\\') {
      position = pieces.readEscape(text, position);
    } else {
      pieces.addText(text.slice(position, position + 1));
      position += 1;
    }
  }
  throw unexpected(text, position, 'a closing quotation mark');
}

function readHexValue(text: string, start: number): ValueReading {
  HEX_VALUE.lastIndex = start;
  const hex = HEX_VALUE.exec(text)?.[1];
  if (hex === undefined) {
    throw unexpected(
      text,
      start,
      'pairs of hexadecimal digits after #',
      'Write \\# when the value begins with a number sign.',
    );
  }
  const contentEnd = start + 1 + hex.length;
  const end = skipSpaces(text, contentEnd);
  const ber = Buffer.from(hex, 'hex');
  const plain = readBerText(ber);
  return plain === undefined
    ? { value: `#${hex.toLowerCase()}`, ber, contentEnd, end }
    : { value: plain, contentEnd, end };
}

function skipSpaces(text: string, start: number): number {
  let position = start;
  while (text.charCodeAt(position) === SPACE) position += 1;
  return position;
}
