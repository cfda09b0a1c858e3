import { attributeTypeKey } from './attribute-type.ts';

const SPACE = 0x20;
const NUMBER_SIGN = 0x23;
const COMMA = 0x2c;
const EQUALS = 0x3d;
/** Attribute types up to this length have no alias in names, but for the one letter `e`. */
const PLAIN_TYPE_LENGTH = 2;

/** What a character may be part of, by code: 0 nothing simple, 1 a value, 2 also an attribute type, 3 also its start. */
const ROLE = new Uint8Array(128);
for (let code = 0x20; code < 0x7f; code += 1) {
  const character = String.fromCharCode(code);
  ROLE[code] = '"+,;<>\\='.includes(character)
    ? 0
    : /[A-Za-z]/.test(character)
      ? 3
      : /[0-9-]/.test(character)
        ? 2
        : 1;
}

/**
 * Whether a distinguished name is of the common kind: printable ASCII, no escapes, no quotes, one pair per RDN, short
 * type names, no insignificant spaces. Its normal form is then its lower case and its RDNs are what stands between the
 * commas. One pass over the characters, no allocation: this decides how fast entries are read.
 */
export function isSimpleDn(text: string): boolean {
  const { length } = text;
  let position = 0;
  while (position < length) {
    const typeStart = position;
    let code = text.charCodeAt(position);
    if (roleOf(code) !== 3) return false;
    while (roleOf(code) >= 2) {
      position += 1;
      code = text.charCodeAt(position);
    }
    if (code !== EQUALS || !isPlainType(text, typeStart, position)) return false;
    position += 1;
    code = text.charCodeAt(position);
    if (code === SPACE || code === NUMBER_SIGN) return false;
    let previous = EQUALS;
    while (code !== COMMA && position < length) {
      if (roleOf(code) === 0 || (code === SPACE && previous === SPACE)) return false;
      previous = code;
      position += 1;
      code = text.charCodeAt(position);
    }
    if (previous === SPACE || previous === EQUALS) return false;
    if (position < length) {
      position += 1;
      if (position === length) return false;
    }
  }
  return true;
}

/** Role of a character; NaN (behind the end) and everything outside ASCII have none. */
function roleOf(code: number): number {
  return ROLE[code] ?? 0;
}

function isPlainType(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length === PLAIN_TYPE_LENGTH && text.charCodeAt(start) !== 0x67 && text.charCodeAt(start) !== 0x47)
    return true;
  const type = text.slice(start, end).toLowerCase();
  return attributeTypeKey(type) === type;
}
