import { assertCursor, type Page, type PageRequest } from '@sallyport/store';
import type { RequestContext } from './request-context.ts';

export interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1000;

/**
 * A page of one of the store's lists.
 * @throws CodedError INVALID_CURSOR, also where the list has not begun to exist: a rule that never ran lists nothing
 */
export function pageRequest(
  query: PageQuery,
  defaultSize = DEFAULT_PAGE_SIZE,
  maximum = MAX_PAGE_SIZE,
): PageRequest {
  assertCursor(query.cursor);
  return ownPageRequest(query, defaultSize, maximum);
}

/**
 * A page of a list that makes cursors of its own, and reads them. Too large a limit is lowered: clients send the largest
 * number they know.
 */
export function ownPageRequest(
  query: PageQuery,
  defaultSize = DEFAULT_PAGE_SIZE,
  maximum = MAX_PAGE_SIZE,
): PageRequest {
  return { limit: Math.min(query.limit ?? defaultSize, maximum), cursor: query.cursor };
}

export interface CollectionBody<K extends string, T> {
  readonly _links: Record<string, { href: string }>;
  readonly _embedded: Record<K, T[]>;
  readonly count: number;
  readonly size: number;
}

/** A page as the API writes it, with `next` while there is more. */
export function collectionBody<const K extends string, T>(
  context: RequestContext,
  key: K,
  items: readonly T[],
  page: Pick<Page<unknown>, 'count' | 'nextCursor'>,
): CollectionBody<K, T> {
  const links = context.addresses.links(context.path + (context.query.size === 0 ? '' : `?${context.query}`));
  if (page.nextCursor !== undefined) {
    const query = new URLSearchParams(context.query);
    query.set('cursor', page.nextCursor);
    links.next = { href: context.addresses.href(`${context.path}?${query}`) };
  }
  // A computed key widens to `string`; the record type says which one it is.
  const embedded = { [key]: [...items] } as Record<K, T[]>;
  return { _links: links, _embedded: embedded, count: page.count, size: items.length };
}

/** A collection that is always whole. */
export function wholeCollection<const K extends string, T>(
  context: RequestContext,
  key: K,
  items: readonly T[],
): CollectionBody<K, T> {
  return collectionBody(context, key, items, { count: items.length, nextCursor: undefined });
}
