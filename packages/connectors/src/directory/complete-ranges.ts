import { completeRanges, type DirectoryLink, EntryBatch, type LazyEntry } from '@sallyport/ldap';

const RANGE_OPTION = Buffer.from(';range=');

/** Values that came cut to a range and were read to their end, by attribute type in lower case. */
export type CompletedValues = ReadonlyMap<string, readonly Buffer[]>;

export interface WholeEntry {
  readonly entry: LazyEntry;
  /** Undefined for nearly all entries: everything came whole. */
  readonly completed: CompletedValues | undefined;
}

/**
 * The entries of a buffer, with attributes that the server cut to a range (AD: 1,500 values) read to their end. Looking
 * for the option's bytes costs one native scan of the buffer; entries without it are passed through undecoded.
 */
export async function completeRangedEntries(
  link: DirectoryLink,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<readonly WholeEntry[]> {
  const whole: WholeEntry[] = [];
  const mayHoldRanges = bytes.includes(RANGE_OPTION);
  for (const entry of new EntryBatch(bytes).entries())
    whole.push({ entry, completed: mayHoldRanges ? await completeEntry(link, entry, signal) : undefined });
  return whole;
}

async function completeEntry(
  link: DirectoryLink,
  entry: LazyEntry,
  signal: AbortSignal,
): Promise<CompletedValues | undefined> {
  let completed: Map<string, readonly Buffer[]> | undefined;
  for (const name of entry.attributeNames()) {
    const [type = ''] = name.toLowerCase().split(';');
    if (!name.toLowerCase().includes(';range=') || entry.range(name) === undefined) continue;
    completed ??= new Map();
    completed.set(type, await completeRanges(link, entry, type, { signal }));
  }
  return completed;
}
