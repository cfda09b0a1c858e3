import type { Filter } from './filter.ts';
import type { FilterEntry } from './filter-entry.ts';

/** RFC 4511 §4.5.1.7: a filter is true, false, or undefined when the question makes no sense for the entry. */
export type Verdict = 'true' | 'false' | 'undefined';

/** A filter or a part of one, ready to be evaluated. */
export interface CompiledFilter {
  readonly filter: Filter;
  /** What an `and`, `or` or `not` joins; empty for a comparison. */
  readonly parts: readonly CompiledFilter[];
  /** Why only the directory itself can answer; such a part is always undefined here. */
  readonly undecidable: string | undefined;
  evaluate(entry: FilterEntry): Verdict;
  /** What the entry has to do with the verdict, for people: `department is "Sales"`. */
  describe(entry: FilterEntry): string;
}
