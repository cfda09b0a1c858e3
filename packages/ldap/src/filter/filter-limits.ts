/** Bounds for a filter read from text. The defaults pass every filter a directory would accept. */
export interface FilterLimits {
  /** Characters of text. */
  readonly maxLength: number;
  /** Levels of parentheses. */
  readonly maxDepth: number;
  /** Items, counting every `and`, `or`, `not` and comparison. */
  readonly maxItems: number;
}

export const DEFAULT_FILTER_LIMITS: FilterLimits = { maxLength: 1_048_576, maxDepth: 100, maxItems: 20_000 };
