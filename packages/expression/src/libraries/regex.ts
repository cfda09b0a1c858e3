import { refuse } from '../errors.ts';
import { type Argument, sourceOfArgument } from '../evaluation/argument.ts';
import { refuseNull } from '../evaluation/conversion.ts';
import { assertListLength, assertTextLength, charge, type Frame } from '../evaluation/frame.ts';
import { compilePattern, findMatches, matchesWhole, type Pattern } from '../patterns/pattern.ts';
import { expandReplacement, readReplacement } from '../patterns/replacement.ts';
import { binary, type Library, present, ternary, variadic } from './library.ts';

/** `#regex`: Java regular expressions on an engine whose time grows with the text only. */
export const regexLibrary: Library = {
  matches: binary('boolean', (s, re) => (frame) => {
    const text = s.text(frame);
    const pattern = patternOf(re, frame);
    if (text === null) return false;
    chargeText(frame, text, s);
    return matchesWhole(pattern, text, s.position);
  }),
  replaceFirst: ternary('text', (s, re, replacement) => (frame) => {
    const text = s.text(frame);
    if (text === null) return null;
    return replace(text, patternOf(re, frame), replacementOf(replacement, frame), 1, s, frame);
  }),
  // (s, re1, replacement1, re2, replacement2, …); a last pattern without its replacement changes nothing.
  replaceAll: variadic(3, 61, 'text', ([s, ...pairs]) => (frame) => {
    const subject = present(s);
    let text = subject.text(frame);
    for (let at = 0; text !== null && at + 1 < pairs.length; at += 2) {
      const pattern = patternOf(present(pairs[at]), frame);
      text = replace(
        text,
        pattern,
        replacementOf(present(pairs[at + 1]), frame),
        Number.POSITIVE_INFINITY,
        subject,
        frame,
      );
    }
    return text;
  }),
  findAllMatches: binary('list', (s, re) => (frame) => {
    const text = s.text(frame);
    if (text === null) return [];
    chargeText(frame, text, s);
    const found: string[] = [];
    for (const { start, end } of findMatches(patternOf(re, frame), text, s.position)) {
      chargeMatch(frame, text.length - start, s);
      found.push(text.slice(start, end));
      assertListLength(found.length, s.position);
    }
    return found;
  }),
};

function patternOf(argument: Argument, frame: Frame): Pattern {
  const source = argument.text(frame);
  return source === null
    ? refuseNull(argument.node, 'a regular expression')
    : compilePattern(source, argument.position);
}

function replacementOf(argument: Argument, frame: Frame): string {
  return (
    argument.text(frame) ??
    refuse(
      'NULL_OPERAND',
      argument.position,
      `null in ${sourceOfArgument(argument)}`,
      'a replacement',
      "Write '' to delete what matches.",
    )
  );
}

function replace(
  text: string,
  pattern: Pattern,
  template: string,
  limit: number,
  subject: Argument,
  frame: Frame,
): string {
  chargeText(frame, text, subject);
  const parts = readReplacement(template, pattern, subject.position);
  let result = '';
  let from = 0;
  let count = 0;
  for (const match of findMatches(pattern, text, subject.position)) {
    chargeMatch(frame, text.length - match.start, subject);
    result += text.slice(from, match.start) + expandReplacement(parts, match);
    assertTextLength(result.length, subject.position);
    from = match.end;
    count += 1;
    if (count >= limit) break;
  }
  result += text.slice(from);
  assertTextLength(result.length, subject.position);
  return result;
}

function chargeText(frame: Frame, text: string, subject: Argument): void {
  charge(frame, 1 + (text.length >> 6), subject.position);
}

// The search for each next match may look at all that is left, so that many matches in a long text add up.
function chargeMatch(frame: Frame, remaining: number, subject: Argument): void {
  charge(frame, 1 + (remaining >> 6), subject.position);
}
