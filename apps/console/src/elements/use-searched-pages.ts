import { useEffect, useMemo } from 'react';

/** Enough hits to fill a page; more are looked for when they are asked for. */
const ENOUGH_HITS = 50;

interface Pages<T> {
  readonly items: readonly T[];
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly isError: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/**
 * Searches a list that the API gives only page by page: reads on by itself until a page of hits is there or the list is
 * through. Costs one request for each thousand objects.
 */
export function useSearchedPages<T>(
  pages: Pages<T>,
  search: string,
  textOf: (item: T) => readonly (string | undefined)[],
): { readonly items: readonly T[]; readonly searching: boolean } {
  const { items, hasNextPage, isFetching, isError, fetchNextPage } = pages;
  const hits = useMemo(
    () => (search === '' ? items : items.filter((item) => matches(textOf(item), search))),
    [items, search, textOf],
  );
  const searching = search !== '' && hits.length < ENOUGH_HITS && hasNextPage && !isError;
  useEffect(() => {
    if (searching && !isFetching) void fetchNextPage();
  }, [searching, isFetching, fetchNextPage]);
  return { items: hits, searching };
}

/** Every word must be found somewhere, in any case. */
export function matches(texts: readonly (string | undefined)[], search: string): boolean {
  const lower = texts.map((text) => text?.toLowerCase() ?? '');
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => lower.some((text) => text.includes(word)));
}
