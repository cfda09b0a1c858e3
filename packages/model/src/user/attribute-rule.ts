import type { ErrorDetail } from '../error/coded-error.ts';

/** What one text attribute of a user must look like. */
export interface TextRule {
  readonly maxLength: number;
  /** Says what is expected when `fits` says no. */
  readonly expected: string;
  readonly fits: (text: string) => boolean;
}

// The character classes of the API: T is every printable character, N what a person's name may hold. Most values are
// plain ASCII, which the first, cheap pattern settles; the property classes cost ten times as much.
const ASCII_TEXT = /^[ -~]*$/;
const ANY_TEXT = /^[\p{L}\p{M}\p{Zs}\p{S}\p{N}\p{P}]*$/u;
const ASCII_NAME = /^[A-Za-z0-9' .-]*$/;
const ANY_NAME = /^[\p{L}\p{M}\p{N}' .-]*$/u;
const ASCII_LINES = /^[ -~\r\n]*$/;
const ANY_LINES = /^[\p{L}\p{M}\p{Zs}\p{S}\p{N}\p{P}\r\n]*$/u;
// RFC 2822 §3.4.1 addr-spec: dot-atom or quoted-string, "@", dot-atom or domain-literal; letters beyond ASCII as RFC 6531 has them.
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u0080-\\uffff-]+";
const EMAIL = new RegExp(
  `^(?:${ATOM}(?:\\.${ATOM})*|"(?:[^"\\\\\\r\\n]|\\\\.)*")@(?:${ATOM}(?:\\.${ATOM})*|\\[[\\x21-\\x5a\\x5e-\\x7e]*\\])$`,
);
// RFC 5646 §2.1, by its shape alone: subtags of one to eight letters or digits, the first of letters.
const LANGUAGE_TAG = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
// RFC 7231 §5.3.5: language ranges, each with an optional weight.
const LANGUAGE_RANGE =
  /^(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)(?:[ \t]*;[ \t]*[qQ]=(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?$/;
// The API documents `word/word`; the time zone database also has three parts and signs (America/Port-au-Prince), and UTC.
const TIMEZONE = /^(?:UTC|[A-Za-z]\w*(?:\/[\w+-]+){1,2})$/;
const COUNTRY = /^[A-Z]{2}$/;
const HTTP_URL = /^https?:\/\/[^\s]+$/i;

const isText = (text: string): boolean => ASCII_TEXT.test(text) || ANY_TEXT.test(text);
const isName = (text: string): boolean => ASCII_NAME.test(text) || ANY_NAME.test(text);
const isStorable = (text: string): boolean =>
  ASCII_TEXT.test(text) || (text.isWellFormed() && !text.includes('\0'));
const isLines = (text: string): boolean => ASCII_LINES.test(text) || ANY_LINES.test(text);

function languageRanges(text: string): boolean {
  return text.split(',').every((range) => LANGUAGE_RANGE.test(range.trim()));
}

export const textRule = (maxLength: number): TextRule => ({
  maxLength,
  expected: 'printable characters only',
  fits: isText,
});
export const nameRule = (maxLength: number): TextRule => ({
  maxLength,
  expected: 'letters, marks, digits, spaces, apostrophes, dots and hyphens only',
  fits: isName,
});
export const anyRule = (maxLength: number): TextRule => ({
  maxLength,
  expected: 'a text without NUL characters and lone surrogates, which no database keeps',
  fits: isStorable,
});
export const linesRule: TextRule = {
  maxLength: 256,
  expected: 'printable characters and line breaks only',
  fits: isLines,
};
// 64 octets of local part, "@" and 255 of domain: RFC 5321 §4.5.3.1.
export const emailRule: TextRule = {
  maxLength: 320,
  expected: 'an e-mail address as RFC 2822 has it',
  fits: (text) => EMAIL.test(text),
};
export const localeRule: TextRule = {
  maxLength: 256,
  expected: 'a language tag such as en-GB (RFC 5646)',
  fits: (text) => LANGUAGE_TAG.test(text),
};
export const preferredLanguageRule: TextRule = {
  maxLength: 256,
  expected: 'languages as in Accept-Language, such as en-gb;q=0.8, en;q=0.7',
  fits: languageRanges,
};
export const timezoneRule: TextRule = {
  maxLength: 256,
  expected: 'a time zone such as Europe/Lisbon',
  fits: (text) => TIMEZONE.test(text),
};
export const phoneRule: TextRule = {
  maxLength: 32,
  expected: 'printable characters with at least one digit',
  fits: (text) => /[0-9]/.test(text) && isText(text),
};
export const countryRule: TextRule = {
  maxLength: 2,
  expected: 'two capital letters (ISO 3166-1 alpha-2)',
  fits: (text) => COUNTRY.test(text),
};
export const urlRule: TextRule = {
  maxLength: 2048,
  expected: 'an http or https URL',
  fits: (text) => HTTP_URL.test(text) && URL.canParse(text),
};

/** What is wrong with `value` as the attribute at `path`, or undefined. Texts are measured in UTF-16 units, as clients do. */
export function textFault(path: string, rule: TextRule, value: unknown): ErrorDetail | undefined {
  if (typeof value !== 'string') {
    const found = Array.isArray(value)
      ? 'a list'
      : value === null
        ? 'null'
        : `a value of type ${typeof value}`;
    return { code: 'INVALID_VALUE', target: path, message: `${path} must be a text, found ${found}` };
  }
  if (value.length === 0)
    return {
      code: 'EMPTY_VALUE',
      target: path,
      message: `${path} must not be empty; leave it out to clear it`,
    };
  if (value.length > rule.maxLength)
    return {
      code: 'SIZE_LIMIT_EXCEEDED',
      target: path,
      message: `${path} must have at most ${rule.maxLength} characters, found ${value.length}`,
      innerError: { rangeMaximumValue: rule.maxLength },
    };
  if (!rule.fits(value))
    return {
      code: 'INVALID_VALUE',
      target: path,
      message: `${path} must be ${rule.expected}, found ${JSON.stringify(value.slice(0, 80))}`,
    };
  return undefined;
}
