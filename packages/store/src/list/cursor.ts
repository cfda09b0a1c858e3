import { CodedError } from '@sallyport/model';
import type { Page, PageRequest } from '../record/page.ts';

export const MAX_PAGE = 5000;

/**
 * Where the page before ended, and how many rows there are in all: counted once for the first page and carried along, so
 * that walking through a million users does not count them a thousand times.
 */
export interface Cursor {
  readonly after: string | number;
  readonly count: number;
}

export function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.after, cursor.count])).toString('base64url');
}

/** @throws CodedError INVALID_CURSOR */
export function readCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(parts)) throw invalidCursor();
  const [after, count]: readonly unknown[] = parts;
  if ((typeof after !== 'string' && typeof after !== 'number') || typeof count !== 'number')
    throw invalidCursor();
  return { after, count };
}

/**
 * For whoever asks before it is known whether there is a list at all: nothing can be wrong with a cursor of an empty one.
 * @throws CodedError INVALID_CURSOR
 */
export function assertCursor(text: string | undefined): void {
  readCursor(text);
}

export function invalidCursor(): CodedError {
  const message = 'The cursor was not made by this list. Start again from the first page, without a cursor';
  return new CodedError('INVALID_CURSOR', message, {
    details: [{ code: 'INVALID_CURSOR', target: 'cursor', message }],
  });
}

/** For lists in the order of an id. */
export function afterText(cursor: Cursor | undefined): string {
  if (cursor === undefined) return '';
  if (typeof cursor.after === 'string') return cursor.after;
  throw invalidCursor();
}

/** For lists in the order of a number, newest first. */
export function beforeNumber(cursor: Cursor | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (typeof cursor.after === 'number') return cursor.after;
  throw invalidCursor();
}

/** For lists in the order of a number, oldest first. */
export function afterNumber(cursor: Cursor | undefined): number {
  if (cursor === undefined) return 0;
  if (typeof cursor.after === 'number') return cursor.after;
  throw invalidCursor();
}

export function pageLimit(request: PageRequest): number {
  return Math.min(Math.max(Math.trunc(request.limit), 1), MAX_PAGE);
}

/** A page from `limit + 1` rows: the extra one only says that there is more. */
export function makePage<Row, T>(
  rows: readonly Row[],
  limit: number,
  count: number,
  decode: (row: Row) => T,
  place: (row: Row) => string | number,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: items.map(decode),
    nextCursor: more ? writeCursor({ after: place(last), count }) : undefined,
    count,
  };
}

export const EMPTY_PAGE: Page<never> = { items: [], nextCursor: undefined, count: 0 };
