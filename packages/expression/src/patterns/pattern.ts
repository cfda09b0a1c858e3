import { RE2JS } from 're2js';
import { ExpressionError, refuse } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import { type LookAhead, translatePattern } from './translation.ts';

/** A compiled regular expression. With a trailing look-ahead, group 1 of the engine is the match itself. */
export interface Pattern {
  readonly source: string;
  readonly regex: RE2JS;
  readonly leading: readonly { readonly regex: RE2JS; readonly isNegative: boolean }[];
  readonly hasTrailing: boolean;
}

/** One match: `groups[0]` is the whole, a group that took no part is null. */
export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | null)[];
}

// Patterns are nearly always literals of a mapping; the bound matters when one is built from data.
const MAX_CACHED = 500;
const cache = new Map<string, Pattern>();

/**
 * Compiles a Java regular expression, or finds it compiled already.
 * @throws ExpressionError `REGEX_INVALID`, `REGEX_UNSUPPORTED`, or `LIMIT` for one that is too long.
 */
export function compilePattern(source: string, position: number): Pattern {
  const cached = cache.get(source);
  if (cached !== undefined) return cached;
  if (source.length > expressionLimits.maxRegexLength) {
    refuse(
      'LIMIT',
      position,
      `a regular expression of ${source.length} characters`,
      `at most ${expressionLimits.maxRegexLength}`,
    );
  }
  const { body, leading, trailing } = translatePattern(source, position);
  const pattern: Pattern = {
    source,
    regex: build(trailing === undefined ? body : `(${body})(?:${trailing})`, source, position),
    leading: leading.map((look: LookAhead) => ({
      regex: build(look.source, source, position),
      isNegative: look.isNegative,
    })),
    hasTrailing: trailing !== undefined,
  };
  if (cache.size >= MAX_CACHED) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(source, pattern);
  return pattern;
}

/** Whether a pattern has to match a whole value or is searched for in it. */
export type PatternUse = 'whole' | 'search';

/**
 * Look-ahead is had by other means, each of which serves one use only.
 * @throws ExpressionError `REGEX_UNSUPPORTED` for the other use.
 */
export function assertPatternUse(pattern: Pattern, use: PatternUse, position: number): void {
  if (use === 'whole' && pattern.hasTrailing) {
    refuseLook(pattern, position, 'a look-ahead at the end, where the whole value is matched');
  }
  if (use === 'search' && pattern.leading.length > 0) {
    refuseLook(pattern, position, 'a look-ahead at the start of a search');
  }
}

/** Whether the pattern matches the whole text. */
export function matchesWhole(pattern: Pattern, text: string, position: number): boolean {
  assertInput(text, position);
  assertPatternUse(pattern, 'whole', position);
  // Assertions before the body all hold or fail at the start of the text, each on its own.
  for (const { regex, isNegative } of pattern.leading) {
    if (regex.matcher(text).lookingAt() === isNegative) return false;
  }
  return pattern.regex.matches(text);
}

/** All matches from left to right, up to `limit`. */
export function* findMatches(pattern: Pattern, text: string, position: number): Generator<PatternMatch> {
  assertInput(text, position);
  assertPatternUse(pattern, 'search', position);
  const matcher = pattern.regex.matcher(text);
  const whole = pattern.hasTrailing ? 1 : 0;
  let isFound = matcher.find();
  while (isFound) {
    const start = matcher.start(whole);
    const end = matcher.end(whole);
    const groups: (string | null)[] = [];
    for (let group = whole; group <= matcher.groupCount(); group += 1)
      groups.push(matcher.group(group) ?? null);
    yield { start, end, groups };
    if (!pattern.hasTrailing) {
      isFound = matcher.find();
      continue;
    }
    // What the look-ahead saw may be part of the next match, so the search goes on behind the match proper.
    const from = end > start ? end : end + 1;
    isFound = from <= text.length && matcher.find(from);
  }
}

/** The number of a named group in the sense of `PatternMatch.groups`, or undefined. */
export function groupNumber(pattern: Pattern, name: string): number | undefined {
  const groups: Readonly<Record<string, number>> = pattern.regex.namedGroups();
  const number = groups[name];
  return number === undefined ? undefined : number - (pattern.hasTrailing ? 1 : 0);
}

function build(translated: string, source: string, position: number): RE2JS {
  try {
    return RE2JS.compile(translated, RE2JS.LOOKBEHINDS);
  } catch (error) {
    if (error instanceof ExpressionError || !(error instanceof Error)) throw error;
    const isForeign =
      /perl operator|character class range|character property|lookbehind|repetition|repeat count|nesting|too large|invalid escape/i.test(
        error.message,
      );
    return refuse(
      isForeign && !/missing argument|bad repetition|range/i.test(error.message)
        ? 'REGEX_UNSUPPORTED'
        : 'REGEX_INVALID',
      position,
      `the regular expression '${source.slice(0, 60)}': ${error.message.slice(0, 120)}`,
      'a regular expression that can be matched in linear time',
    );
  }
}

function assertInput(text: string, position: number): void {
  if (text.length > expressionLimits.maxRegexInputLength) {
    refuse(
      'LIMIT',
      position,
      `a text of ${text.length} characters`,
      `at most ${expressionLimits.maxRegexInputLength} for a regular expression`,
    );
  }
}

function refuseLook(pattern: Pattern, position: number, construct: string): never {
  return refuse(
    'REGEX_UNSUPPORTED',
    position,
    `${construct}, in '${pattern.source.slice(0, 60)}'`,
    'a regular expression that can be matched in linear time',
    'Split the condition in two with and, or take the part with a group and $1.',
  );
}
