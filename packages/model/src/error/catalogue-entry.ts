/** What a code means to whoever meets it, and what the API makes of it. */
export interface CatalogueEntry {
  /** HTTP status of an answer that this code decides. */
  readonly status: number;
  /** `code` of the error body; the finer code stands in `details`. */
  readonly answer: ApiErrorCode;
  /** True if it happens in daily work and calls for no operator. */
  readonly normal: boolean;
  readonly meaning: string;
  readonly remedy: string;
}

export const API_ERROR_CODES = [
  'INVALID_DATA',
  'INVALID_REQUEST',
  'REQUEST_FAILED',
  'ACCESS_FAILED',
  'NOT_FOUND',
  'REQUEST_LIMITED',
  'UNEXPECTED_ERROR',
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

export function entry(
  status: number,
  answer: ApiErrorCode,
  normal: boolean,
  meaning: string,
  remedy: string,
): CatalogueEntry {
  return { status, answer, normal, meaning, remedy };
}

/** Bad input: the client corrects it. */
export const refused = (meaning: string, remedy: string): CatalogueEntry =>
  entry(400, 'INVALID_DATA', true, meaning, remedy);

/** Right input at the wrong time: something else comes first. */
export const failed = (meaning: string, remedy: string): CatalogueEntry =>
  entry(400, 'REQUEST_FAILED', true, meaning, remedy);

/** The world beyond the server does not do its part: an operator looks at it. */
export const outside = (meaning: string, remedy: string): CatalogueEntry =>
  entry(400, 'REQUEST_FAILED', false, meaning, remedy);

/** The installation itself is not well. */
export const broken = (status: number, meaning: string, remedy: string): CatalogueEntry =>
  entry(status, 'UNEXPECTED_ERROR', false, meaning, remedy);
