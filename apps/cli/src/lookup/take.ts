import { usageError } from '../fault/cli-error.ts';

export interface Taken<T> {
  readonly items: readonly T[];
  /** There are more than were asked for. */
  readonly truncated: boolean;
  /** How many there are at all, if the server says so. */
  readonly total: number | undefined;
}

interface Page {
  readonly count?: number | undefined;
}

const SHOWN_TO_PEOPLE = 100;

/**
 * How many members of a list are wanted: what `--limit` says, else a screenful for people and everything for programs.
 * Throws CliError USAGE.
 */
export function parseLimit(text: string | undefined, json: boolean): number {
  if (text === undefined) return json ? Number.POSITIVE_INFINITY : SHOWN_TO_PEOPLE;
  const limit = text === 'all' ? Number.POSITIVE_INFINITY : Number(text);
  if (limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit >= 1)) return limit;
  throw usageError(
    `--limit: expected a whole number from 1, or "all", found ${JSON.stringify(text)}.`,
    'Leave it out for the default.',
  );
}

/** The largest page worth asking for. */
export function pageSize(limit: number): number {
  return Math.min(limit, 1000);
}

/** Reads pages until there are enough. */
export async function take<P extends Page, T>(
  pages: AsyncIterable<P>,
  itemsOf: (page: P) => readonly T[],
  limit: number,
): Promise<Taken<T>> {
  const items: T[] = [];
  let total: number | undefined;
  for await (const page of pages) {
    total ??= page.count;
    for (const item of itemsOf(page)) {
      if (items.length >= limit) return { items, truncated: true, total };
      items.push(item);
    }
    if (items.length >= limit && total !== undefined)
      return { items, truncated: total > items.length, total };
  }
  return { items, truncated: false, total: total ?? items.length };
}

/** What is said under a list that was cut. */
export function truncationNote({ items, total }: Taken<unknown>): string {
  const rest = total === undefined ? 'There are more' : `${total - items.length} more`;
  return `${rest}; --limit all shows everything.`;
}
