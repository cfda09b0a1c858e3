import type { Schema } from '../schema/schema.ts';
import { compileParts } from './compile-parts.ts';
import type { Filter } from './filter.ts';
import type { FilterEntry } from './filter-entry.ts';
import { printFilter } from './print-filter.ts';
import type { CompiledFilter } from './verdict.ts';

/**
 * Prepares a filter for evaluation here, as the directory itself would evaluate it (RFC 4511 §4.5.1.7): by the matching
 * rules of the schema, with three-valued logic, so that the answer is true only when the filter is, never when it is
 * undefined. A part only the directory can answer counts as undefined: ask {@link canEvaluate} first.
 */
export function compileFilter(filter: Filter, schema: Schema): (entry: FilterEntry) => boolean {
  const compiled = compileParts(filter, schema);
  return (entry) => compiled.evaluate(entry) === 'true';
}

/** A part of a filter that cannot be evaluated outside the directory. */
export interface UndecidablePart {
  /** The part in text form. */
  readonly filter: string;
  readonly reason: string;
}

/** Whether every part of the filter can be evaluated here. */
export function canEvaluate(filter: Filter, schema: Schema): boolean {
  return undecidableParts(filter, schema).length === 0;
}

/** The parts of a filter that only the directory can answer, with the reasons. */
export function undecidableParts(filter: Filter, schema: Schema): readonly UndecidablePart[] {
  return collect(compileParts(filter, schema));
}

function collect(compiled: CompiledFilter): readonly UndecidablePart[] {
  const own =
    compiled.undecidable === undefined
      ? []
      : [{ filter: printFilter(compiled.filter), reason: compiled.undecidable }];
  return [...own, ...compiled.parts.flatMap(collect)];
}
