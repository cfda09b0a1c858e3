import {
  type DirectoryLink,
  EntryBatch,
  type LazyEntry,
  type SearchOutcome,
  type SearchRequest,
} from '@sallyport/ldap';

/** Reads a small answer whole: configuration entries, key look-ups. Never for a directory's people. */
export async function readEntries(
  link: DirectoryLink,
  request: SearchRequest,
  signal: AbortSignal,
): Promise<{ readonly entries: readonly LazyEntry[]; readonly outcome: SearchOutcome }> {
  const stream = link.search(request, { signal });
  const entries: LazyEntry[] = [];
  for await (const bytes of stream) for (const entry of new EntryBatch(bytes).entries()) entries.push(entry);
  return { entries, outcome: await stream.outcome };
}
