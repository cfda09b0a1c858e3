/** What must be escaped anywhere in a value (RFC 4514 §2.4), and control characters, which only confuse. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NEEDS_ESCAPE = /["+,;<>\\\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ESCAPED = /["+,;<>\\\u0000-\u001f\u007f]/g;

/**
 * Escapes an attribute value for use in a distinguished name (RFC 4514 §2.4). Readable where the RFC allows it:
 * `Silva, Ana` becomes `Silva\, Ana`; control characters become hex pairs, as Active Directory writes them.
 */
export function escapeDnValue(value: string): string {
  let escaped = NEEDS_ESCAPE.test(value)
    ? value.replace(ESCAPED, (character) => {
        const code = character.charCodeAt(0);
        return code < 0x20 || code === 0x7f ? hexPair(code) : `\\${character}`;
      })
    : value;
  if (value.startsWith('#') || value.startsWith(' ')) escaped = `\\${escaped}`;
  if (value.length > 1 && value.endsWith(' ')) escaped = `${escaped.slice(0, -1)}\\ `;
  return escaped;
}

/**
 * The escaping of normal forms: separators as hex pairs, so that in a normal form a bare `,` or `+` is always a
 * separator and ancestry is a matter of comparing the ends of strings.
 */
export function escapeNormalValue(value: string): string {
  const escaped = NEEDS_ESCAPE.test(value)
    ? value.replace(ESCAPED, (character) => hexPair(character.charCodeAt(0)))
    : value;
  return value.startsWith('#') ? `\\23${escaped.slice(1)}` : escaped;
}

function hexPair(code: number): string {
  return `\\${code.toString(16).padStart(2, '0')}`;
}
