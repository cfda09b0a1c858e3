import { readUtf8 } from '../values/utf8.ts';
import { ldifFault } from './ldif-fault.ts';
import type { LdifLine } from './ldif-lines.ts';

/** A line taken apart: what stands before the colon, and the bytes meant by what follows. */
export interface LdifField {
  readonly name: string;
  readonly value: Buffer;
  readonly line: number;
}

/** Attribute descriptions with options, and what servers put into them (`member;range=0-*`). */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._;=*-]*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Reads `name: value` or `name:: base64`. @throws LdapTextError `LDIF_SYNTAX` */
export function parseLine({ text, line }: LdifLine): LdifField {
  const colon = text.indexOf(':');
  const name = colon === -1 ? '' : text.slice(0, colon);
  if (!NAME.test(name)) throw ldifFault(line, text, 'attribute: value');
  const mark = text[colon + 1];
  if (mark === '<') {
    throw ldifFault(
      line,
      text,
      'the value itself',
      'Values kept in other files (":<") are not read; put the value into the file, in base64 behind "::".',
    );
  }
  const value = skipSpaces(text, mark === ':' ? colon + 2 : colon + 1);
  if (mark !== ':') return { name, value: Buffer.from(value, 'latin1'), line };
  const base64 = value.trimEnd();
  if (!BASE64.test(base64)) throw ldifFault(line, text, 'a base64 value behind "::"');
  return { name, value: Buffer.from(base64, 'base64'), line };
}

/** The value as text. @throws LdapTextError `LDIF_SYNTAX` when the bytes are not UTF-8 */
export function textOf(field: LdifField): string {
  const text = readUtf8(field.value);
  if (text === undefined) throw ldifFault(field.line, `${field.name} with other bytes`, 'UTF-8 text');
  return text;
}

function skipSpaces(text: string, start: number): string {
  let position = start;
  while (text.charCodeAt(position) === 0x20) position += 1;
  return text.slice(position);
}
