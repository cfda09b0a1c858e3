import type { Page, PageRequest } from '@sallyport/store';

const PAGE_SIZE = 1000;

/** Everything in a list that is short by its nature: stores, rules, mappings. Never for users. */
export async function allItems<T>(list: (request: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: PAGE_SIZE, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}
