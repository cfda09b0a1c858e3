/** C0, DEL and C1 controls, and the marks that turn the direction of text around (Unicode TR 9, explicit formatting). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from a directory as it may be shown: whoever can write an attribute must not be able to send commands to the
 * terminal of the administrator who looks at it.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    if (character === '\n') return '⏎';
    if (character === '\t') return ' ';
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
