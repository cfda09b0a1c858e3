/** Operators of RFC 7644 §3.4.2.2, table 3, beside `pr`. */
export const COMPARE_OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type CompareOperator = (typeof COMPARE_OPERATORS)[number];

export type ScimValue = string | number | boolean | null;

/** A filter as a value. Attribute paths are as written: `name.given`, `urn:…:User:userName`. */
export type ScimFilter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly ScimFilter[] }
  | { readonly kind: 'not'; readonly of: ScimFilter }
  | { readonly kind: 'present'; readonly attribute: string; readonly at: number }
  | {
      readonly kind: 'compare';
      readonly attribute: string;
      readonly operator: CompareOperator;
      readonly value: ScimValue;
      readonly at: number;
    }
  /** `emails[type eq "work"]`: one value of the attribute fulfils all of it. */
  | { readonly kind: 'valuePath'; readonly attribute: string; readonly of: ScimFilter; readonly at: number };

/** A filter that cannot be read. `position` counts characters from 0. */
export class ScimFilterError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} (at character ${position + 1})`);
    this.name = 'ScimFilterError';
    this.position = position;
  }
}

export interface ScimFilterLimits {
  readonly maxCharacters: number;
  /** Parentheses, brackets and `not` inside one another. */
  readonly maxDepth: number;
  readonly maxTerms: number;
}

export const DEFAULT_SCIM_FILTER_LIMITS: ScimFilterLimits = {
  maxCharacters: 8192,
  maxDepth: 30,
  maxTerms: 500,
};
