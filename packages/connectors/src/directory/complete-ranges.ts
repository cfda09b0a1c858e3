import { completeRanges, type DirectoryLink, EntryBatch, type LazyEntry } from '@sallyport/ldap';

const RANGE_OPTION = Buffer.from(';range=');

/**
 * The entries of a buffer, with attributes that the server cut to a range (AD: 1,500 values) read to their end. Looking
 * for the option's bytes costs one native scan of the buffer; entries without it are passed through undecoded.
 */
export async function completeRangedEntries(
  link: DirectoryLink,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<readonly LazyEntry[]> {
  const entries = [...new EntryBatch(bytes).entries()];
  if (!bytes.includes(RANGE_OPTION)) return entries;
  return Promise.all(entries.map((entry) => completeRanges(link, entry, { signal })));
}
