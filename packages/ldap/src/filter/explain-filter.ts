import type { Schema } from '../schema/schema.ts';
import { compileParts } from './compile-parts.ts';
import type { Filter } from './filter.ts';
import type { FilterEntry } from './filter-entry.ts';
import { printFilter } from './print-filter.ts';
import type { CompiledFilter, Verdict } from './verdict.ts';

/** Why a filter is true, false or undefined for an entry. */
export interface FilterExplanation {
  /** The filter, or this part of it, in text form. */
  readonly filter: string;
  readonly verdict: Verdict;
  /** One line: the comparisons that decided and what the entry holds. */
  readonly because: string;
  readonly parts: readonly FilterExplanation[];
}

/** Evaluates a filter and tells which parts decided. Slower than `compileFilter`: for a person looking at one entry. */
export function explainFilter(filter: Filter, schema: Schema, entry: FilterEntry): FilterExplanation {
  return explain(compileParts(filter, schema), entry);
}

/** The explanation as lines, one per part, indented. */
export function printExplanation(explanation: FilterExplanation): string {
  return lines(explanation, 0).join('\n');
}

function explain(compiled: CompiledFilter, entry: FilterEntry): FilterExplanation {
  const verdict = compiled.evaluate(entry);
  const filter = printFilter(compiled.filter);
  const parts = compiled.parts.map((part) => explain(part, entry));
  return { filter, verdict, because: reason(compiled, verdict, filter, parts, entry), parts };
}

function reason(
  compiled: CompiledFilter,
  verdict: Verdict,
  filter: string,
  parts: readonly FilterExplanation[],
  entry: FilterEntry,
): string {
  const { kind } = compiled.filter;
  if (kind !== 'and' && kind !== 'or' && kind !== 'not') {
    return `${filter} is ${verdict}: ${compiled.describe(entry)}`;
  }
  if (parts.length === 0) return `${filter} is always ${verdict}`;
  if (kind === 'not') return parts[0]?.because ?? '';
  // One false part settles an "and", one true part an "or"; otherwise all parts of the verdict's kind together do.
  const decisive = parts.filter((part) => part.verdict === verdict);
  const isSettledByOne = verdict === (kind === 'and' ? 'false' : 'true');
  return (isSettledByOne ? decisive.slice(0, 1) : decisive).map((part) => part.because).join('; ');
}

function lines(explanation: FilterExplanation, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  const own =
    explanation.parts.length === 0
      ? `${indent}${explanation.because}`
      : `${indent}${explanation.filter} is ${explanation.verdict}`;
  return [own, ...explanation.parts.flatMap((part) => lines(part, depth + 1))];
}
