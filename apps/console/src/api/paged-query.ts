import { infiniteQueryOptions } from '@tanstack/react-query';

interface PageAnswer {
  readonly _links: Readonly<Record<string, { readonly href: string }>>;
}

interface PageInput {
  readonly limit: number;
  readonly cursor?: string;
}

export const PAGE_SIZE = 50;
/** The largest page the API gives: for searching through lists that it cannot search itself. */
export const SEARCH_PAGE_SIZE = 1000;

/** The options of a list that is read page by page. The first page has the empty cursor. */
export function pagedQuery<P extends PageAnswer>(
  queryKey: readonly unknown[],
  read: (page: PageInput, options: { readonly signal: AbortSignal }) => Promise<P>,
  limit = PAGE_SIZE,
) {
  return infiniteQueryOptions({
    queryKey: [...queryKey, limit],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) =>
      read(pageParam === '' ? { limit } : { limit, cursor: pageParam }, { signal }),
    getNextPageParam: (page: P) => nextCursor(page),
  });
}

/** The cursor of `_links.next`; only that: the host in the link is the server's own idea of its address. */
export function nextCursor(page: PageAnswer): string | undefined {
  const href = page._links.next?.href;
  if (href === undefined) return undefined;
  return new URL(href, 'http://relative.invalid').searchParams.get('cursor') ?? undefined;
}
