import { foundAt, LdapTextError } from '../values/text-error.ts';
import type { Filter } from './filter.ts';

/** attributedescription of RFC 4512 §2.5: a name or OID with options; `_` and option characters as servers use them. */
const ATTRIBUTE = /^(?:[A-Za-z][A-Za-z0-9_-]*|\d+(?:\.\d+)*)(?:;[A-Za-z0-9_=*-]+)*$/;
const RULE = /^(?:[A-Za-z][A-Za-z0-9_-]*|\d+(?:\.\d+)*)$/;

/**
 * Reads one comparison, the text between two parentheses from `start` to `end` (RFC 4515 §3, `item`).
 * @throws LdapTextError `FILTER_SYNTAX` with the position in the whole text
 */
export function parseFilterItem(text: string, start: number, end: number): Filter {
  const equals = text.indexOf('=', start);
  if (equals === -1 || equals >= end) {
    const operator = /[<>]/.exec(text.slice(start, end));
    const advice =
      operator === null
        ? undefined
        : `There is no ${operator[0]} in LDAP filters: write ${operator[0]}=, and negate the opposite for a strict comparison.`;
    throw fault(text, start, end, 'attribute=value', advice);
  }
  const before = text.charCodeAt(equals - 1);
  if (equals > start && before === 0x3a) return parseExtensible(text, start, equals, end);
  const kind =
    before === 0x3e
      ? 'greaterOrEqual'
      : before === 0x3c
        ? 'lessOrEqual'
        : before === 0x7e
          ? 'approx'
          : 'equality';
  if (kind !== 'equality' && equals > start) {
    const attribute = readAttribute(text, start, equals - 1);
    return { kind, attribute, value: readValue(text, equals + 1, end) };
  }
  const attribute = readAttribute(text, start, equals);
  return text.indexOf('*', equals + 1) === -1 || text.indexOf('*', equals + 1) >= end
    ? { kind: 'equality', attribute, value: readValue(text, equals + 1, end) }
    : parseSubstrings(text, attribute, equals + 1, end);
}

function parseSubstrings(text: string, attribute: string, start: number, end: number): Filter {
  const parts: Buffer[] = [];
  let position = start;
  for (;;) {
    const star = text.indexOf('*', position);
    const partEnd = star === -1 || star >= end ? end : star;
    parts.push(readValue(text, position, partEnd));
    if (partEnd === end) break;
    position = partEnd + 1;
  }
  const initial = parts[0];
  const final = parts.at(-1);
  // Nothing between two asterisks asks for nothing.
  const any = parts.slice(1, -1).filter((part) => part.length > 0);
  const hasInitial = initial !== undefined && initial.length > 0;
  const hasFinal = final !== undefined && final.length > 0;
  if (!hasInitial && !hasFinal && any.length === 0) return { kind: 'present', attribute };
  return {
    kind: 'substrings',
    attribute,
    ...(hasInitial ? { initial } : {}),
    any,
    ...(hasFinal ? { final } : {}),
  };
}

/** `attribute[:dn][:rule]:=value` or `[:dn]:rule:=value`; `equals` is the equals sign of `:=`. */
function parseExtensible(text: string, start: number, equals: number, end: number): Filter {
  const [name = '', ...flags] = text
    .slice(start, equals - 1)
    .trim()
    .split(':');
  const dnAttributes = flags[0]?.toLowerCase() === 'dn';
  const [matchingRule, ...excess] = dnAttributes ? flags.slice(1) : flags;
  if (excess.length > 0 || (matchingRule !== undefined && !RULE.test(matchingRule))) {
    throw fault(text, start, end, 'attribute:rule:=value, with the rule by name or OID');
  }
  if (name === '' && matchingRule === undefined) {
    throw fault(text, start, end, 'an attribute, a matching rule or both before :=');
  }
  return {
    kind: 'extensible',
    ...(name === '' ? {} : { attribute: readAttribute(text, start, start + text.slice(start).indexOf(':')) }),
    ...(matchingRule === undefined ? {} : { matchingRule }),
    value: readValue(text, equals + 1, end),
    dnAttributes,
  };
}

function readAttribute(text: string, start: number, end: number): string {
  const attribute = text.slice(start, end).trim();
  if (ATTRIBUTE.test(attribute)) return attribute;
  throw fault(text, start, end, 'an attribute name or OID, with options such as ;lang-en if any');
}

/** The bytes of an assertion value: UTF-8, and `\xx` for single bytes. */
function readValue(text: string, start: number, end: number): Buffer {
  let backslash = -1;
  for (let position = start; position < end; position += 1) {
    const code = text.charCodeAt(position);
    if (code === 0x5c && backslash === -1) backslash = position;
    if (code === 0x28) {
      throw fault(
        text,
        position,
        end,
        'the end of the value',
        'Close the comparison with ), or write \\28 for ( and \\29 for ) inside a value.',
      );
    }
    if (code === 0) throw fault(text, position, end, 'no NUL in a value', 'Write it as \\00.');
  }
  if (backslash === -1) return Buffer.from(text.slice(start, end), 'utf8');
  const pieces: Buffer[] = [];
  let position = start;
  while (backslash !== -1 && backslash < end) {
    pieces.push(Buffer.from(text.slice(position, backslash), 'utf8'));
    const pair = text.slice(backslash + 1, Math.min(backslash + 3, end));
    if (!/^[0-9A-Fa-f]{2}$/.test(pair)) {
      throw fault(
        text,
        backslash,
        end,
        'two hexadecimal digits after a backslash',
        'Write \\5c for a backslash, \\2a for *, \\28 and \\29 for parentheses; a name with \\, in it becomes \\5c,.',
      );
    }
    pieces.push(Buffer.from(pair, 'hex'));
    position = backslash + 3;
    backslash = text.indexOf('\\', position);
  }
  pieces.push(Buffer.from(text.slice(position, end), 'utf8'));
  return Buffer.concat(pieces);
}

function fault(
  text: string,
  position: number,
  end: number,
  expected: string,
  advice?: string,
): LdapTextError {
  return new LdapTextError({
    code: 'FILTER_SYNTAX',
    subject: 'Filter',
    position,
    found: position >= end ? foundAt(text, end) : foundAt(text.slice(0, end), position),
    expected,
    ...(advice === undefined ? {} : { advice }),
  });
}
