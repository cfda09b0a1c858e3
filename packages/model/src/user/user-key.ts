const ASCII = /^[ -~]*$/;

/**
 * The form in which texts that are compared without case are compared: NFC, then lower case. Two usernames with one key
 * are one username.
 */
export function foldCase(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : text.normalize('NFC').toLowerCase().normalize('NFC');
}
