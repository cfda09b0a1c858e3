/**
 * String preparation for comparing (RFC 4518): what makes two directory strings "the same" under caseIgnoreMatch
 * and caseExactMatch. Distinguished names and filter evaluation share it, so they can never disagree.
 *
 * Prohibited and unassigned code points are compared as they are instead of making the comparison undefined:
 * a directory that stores them must still be synchronised.
 */

/** Printable ASCII without a space at either end and without two in a row: nothing to prepare but the case. */
const PLAIN = /^(?:[!-~](?: ?[!-~])*)?$/;

/** RFC 4518 §2.2: mapped to nothing. */
const DROPPED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the RFC names these control characters
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are meant, no clusters
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u06dd\u070f\u1806\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2063\u206a-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/gu;

/** RFC 4518 §2.2: mapped to a space (beside U+0020 itself, which joins runs). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: tabs and line ends count as spaces
const SPACES = /[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;

const DOTLESS_I = 'ı';

/**
 * Case folding. Going through upper case gives full folding (ß = ss, ſ = s); the lower case before it is for ẞ. The final
 * sigma is made the plain one because its form depends on the neighbours, and the Turkish dotless i is kept apart from i
 * as Unicode's language-neutral folding does.
 */
function foldCase(text: string): string {
  if (text.includes(DOTLESS_I)) return text.split(DOTLESS_I).map(foldCase).join(DOTLESS_I);
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

function mapAndNormalize(text: string, ignoreCase: boolean): string {
  const mapped = text.replace(DROPPED, '').replace(SPACES, ' ').normalize('NFKC');
  const folded = ignoreCase ? foldCase(mapped).normalize('NFKC') : mapped;
  return folded.replace(SPACES, ' ');
}

/** caseIgnoreMatch: case folded, runs of spaces made one, none at the ends. */
export function prepareCaseIgnore(text: string): string {
  return PLAIN.test(text) ? text.toLowerCase() : mapAndNormalize(text, true).trim();
}

/** caseExactMatch: as {@link prepareCaseIgnore}, with the case kept. */
export function prepareCaseExact(text: string): string {
  return PLAIN.test(text) ? text : mapAndNormalize(text, false).trim();
}

export type SubstringPlace = 'value' | 'initial' | 'any' | 'final';

/**
 * The form in which substrings are sought (RFC 4518 §2.6.1): a stored value starts and ends with one space and has
 * two between words, so that a part ending in a space meets the first and a part beginning with one the second.
 */
export function prepareSubstring(text: string, place: SubstringPlace, ignoreCase: boolean): string {
  const prepared = mapAndNormalize(text, ignoreCase);
  const words = prepared.trim().split(' ').join('  ');
  if (words === '') return ' ';
  const anchoredStart = place === 'value' || place === 'initial';
  const anchoredEnd = place === 'value' || place === 'final';
  const before = anchoredStart || prepared.startsWith(' ') ? ' ' : '';
  const after = anchoredEnd || prepared.endsWith(' ') ? ' ' : '';
  return `${before}${words}${after}`;
}

/** numericStringMatch: spaces mean nothing. */
export function prepareNumericString(text: string): string {
  return prepareCaseIgnore(text).replaceAll(' ', '');
}

/** telephoneNumberMatch: spaces and every kind of hyphen mean nothing (RFC 4518 §2.6.3). */
export function prepareTelephoneNumber(text: string): string {
  return prepareCaseIgnore(text).replace(/[ \u002d\u058a\u2010\u2011\u2212\ufe63\uff0d]/gu, '');
}
