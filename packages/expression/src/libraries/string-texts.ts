import type { Argument } from '../evaluation/argument.ts';
import { textOf } from '../evaluation/conversion.ts';
import { assertListLength, assertTextLength, chargeSearch, type Frame } from '../evaluation/frame.ts';
import { binary, type Library, present, ternary, unary, variadic } from './library.ts';
import { formatText } from './string-format.ts';

/** The functions of `#string` that make or test texts. Null in, null out, unless a line says otherwise. */
export const stringTexts: Library = {
  isNotEmpty: unary('boolean', (s) => (frame) => isNotEmpty(s.text(frame))),
  isNotBlank: unary('boolean', (s) => (frame) => isNotBlank(s.text(frame))),
  upperCase: unary('text', (s) => (frame) => s.text(frame)?.toUpperCase() ?? null),
  lowerCase: unary('text', (s) => (frame) => s.text(frame)?.toLowerCase() ?? null),
  trim: unary('text', (s) => (frame) => trimJava(s.text(frame))),
  substring: ternary('text', (s, start, end) => (frame) => {
    const text = s.text(frame);
    return text === null ? null : substring(text, start.count(frame), end.count(frame));
  }),
  split: binary('list', (s, separators, position) => (frame) => {
    const text = s.text(frame);
    if (text === null) return null;
    const characters = separators.text(frame);
    chargeSearch(frame, text, characters ?? '', position);
    const tokens = split(text, characters);
    assertListLength(tokens.length, position);
    return tokens;
  }),
  join: binary('text', (list, separator, position) => (frame) => {
    const items = list.list(frame);
    return items === null
      ? null
      : join(
          items.map((item) => textOf(item, list.node)),
          separator.text(frame) ?? '',
          position,
        );
  }),
  replace: variadic(4, 4, 'text', ([s, target, replacement, max], position) => (frame) => {
    const text = present(s).text(frame);
    const wanted = present(target).text(frame);
    const instead = present(replacement).text(frame);
    const limit = present(max).integer(frame);
    if (text === null || wanted === null || instead === null || limit === null) return text;
    chargeSearch(frame, text, wanted, position);
    return replace(text, wanted, instead, limit, position);
  }),
  format: variadic(1, 64, 'text', ([format, ...args], position) => (frame) => {
    const pattern = present(format).text(frame);
    if (pattern === null) return null;
    const text = formatText(
      pattern,
      args.map((arg) => arg.value(frame)),
    );
    if (text !== null) assertTextLength(text.length, position);
    return text;
  }),
  firstNonEmpty: variadic(1, 10, 'text', (args) => (frame) => firstText(args, frame, isNotEmpty)),
  firstNonBlank: variadic(1, 10, 'text', (args) => (frame) => firstText(args, frame, isNotBlank)),
};

function isNotEmpty(text: string | null): boolean {
  return text !== null && text !== '';
}

// Character.isWhitespace: Unicode separators without the non-breaking ones, and the ASCII controls that separate.
// biome-ignore lint/suspicious/noControlCharactersInRegex: U+001C to U+001F separate texts, in Java's view.
const NOT_WHITE = /[^\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/;

function isNotBlank(text: string | null): boolean {
  return text !== null && NOT_WHITE.test(text);
}

// Java's trim takes every unit up to U+0020 from both ends, and no other white space.
function trimJava(text: string | null): string | null {
  if (text === null) return null;
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end -= 1;
  return text.slice(start, end);
}

// Negative positions count from the end; what lies outside is clipped.
function substring(text: string, start: number, end: number): string {
  const from = Math.max(0, start < 0 ? text.length + start : start);
  const to = Math.min(text.length, end < 0 ? text.length + end : end);
  return from < to ? text.slice(from, to) : '';
}

function split(text: string, separators: string | null): readonly string[] {
  const tokens: string[] = [];
  const isSeparator = (unit: string): boolean =>
    separators === null ? !NOT_WHITE.test(unit) : separators.includes(unit);
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !isSeparator(text.charAt(at))) continue;
    if (at > start) tokens.push(text.slice(start, at));
    start = at + 1;
  }
  return tokens;
}

function join(items: readonly (string | null)[], separator: string, position: number): string {
  const texts = items.filter((item) => item !== null);
  const length = texts.reduce(
    (sum, text) => sum + text.length,
    separator.length * Math.max(0, texts.length - 1),
  );
  assertTextLength(length, position);
  return texts.join(separator);
}

function replace(text: string, wanted: string, instead: string, limit: number, position: number): string {
  if (wanted === '' || limit === 0) return text;
  let result = '';
  let from = 0;
  for (let count = 0; limit < 0 || count < limit; count += 1) {
    const at = text.indexOf(wanted, from);
    if (at < 0) break;
    result += text.slice(from, at) + instead;
    // Held against the limit while growing: the whole could be a million times as long.
    assertTextLength(result.length, position);
    from = at + wanted.length;
  }
  result += text.slice(from);
  assertTextLength(result.length, position);
  return result;
}

function firstText(
  args: readonly Argument[],
  frame: Frame,
  test: (text: string | null) => boolean,
): string | null {
  for (const arg of args) {
    const text = arg.text(frame);
    if (test(text)) return text;
  }
  return null;
}
