/** What every list takes. `cursor` is opaque and comes from the page before. */
export interface PageRequest {
  /** 1..5000 rows. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
  /** Rows in all pages together. */
  readonly count: number;
}

export interface NamedListRequest extends PageRequest {
  readonly nameEquals?: string | undefined;
  readonly nameStartsWith?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}
