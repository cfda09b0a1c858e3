import { and, eq, type Filter, greaterOrEqual, lessOrEqual, present } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { type ChangeRecord, RECORD_ATTRIBUTES, RECORD_HEAD, readChangeRecord } from './changelog-record.ts';

/** Entries of the log read in one search. */
const WINDOW = 1000;

/** Which part of a server's log is there. */
export interface ChangelogRange {
  readonly base: string;
  /** Above `last` if the log is empty. */
  readonly first: number;
  readonly last: number;
}

/** The log as the root DSE describes it (draft-good-ldap-changelog §3); undefined if it names none. */
export async function readChangelogRange(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<ChangelogRange | undefined> {
  const request = {
    base: '',
    scope: 'base' as const,
    filter: present('objectClass'),
    attributes: ['changelog', 'firstChangeNumber', 'lastChangeNumber'],
    pageSize: 0,
  };
  const { entries } = await readEntries(context.link, request, signal);
  const entry = entries[0];
  const base = entry?.first('changelog');
  const first = Number(entry?.first('firstChangeNumber') ?? Number.NaN);
  const last = Number(entry?.first('lastChangeNumber') ?? Number.NaN);
  if (base === undefined && !Number.isSafeInteger(last)) return undefined;
  // An empty log has no numbers, or zeros.
  const isEmpty = !Number.isSafeInteger(first) || !Number.isSafeInteger(last) || last === 0 || first > last;
  const end = Number.isSafeInteger(last) ? last : 0;
  return { base: base ?? 'cn=changelog', first: isEmpty ? end + 1 : first, last: end };
}

/** Records from one number to another, both included, a bounded number at a time and in their order. */
export async function* readRecords(
  context: DirectoryContext,
  range: ChangelogRange,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ChangeRecord[], void> {
  for (let low = from; low <= range.last; low += WINDOW) {
    const high = Math.min(low + WINDOW - 1, range.last);
    const records = await search(context, range.base, numbered(low, high), RECORD_ATTRIBUTES, signal);
    yield records.sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  }
}

/** The newest records without their content, at most so many. */
export async function readNewestHeads(
  context: DirectoryContext,
  range: ChangelogRange,
  count: number,
  signal: AbortSignal,
): Promise<readonly ChangeRecord[]> {
  const from = Math.max(range.first, range.last - count + 1);
  return search(context, range.base, numbered(from, range.last), RECORD_HEAD, signal);
}

/** Whether the account sees none of what the newest modifications changed; false if there are none. */
export async function hidesContent(
  context: DirectoryContext,
  range: ChangelogRange,
  count: number,
  signal: AbortSignal,
): Promise<boolean> {
  const from = Math.max(range.first, range.last - count + 1);
  const filter = and(numbered(from, range.last), eq('changeType', 'modify'));
  // The names alone: the values of one change can be megabytes.
  const request = { base: range.base, scope: 'one' as const, filter, attributes: ['changes'], pageSize: 0 };
  const { entries } = await readEntries(context.link, { ...request, typesOnly: true }, signal);
  return entries.length > 0 && entries.every((entry) => !entry.has('changes'));
}

function numbered(from: number, to: number): Filter {
  return and(greaterOrEqual('changeNumber', String(from)), lessOrEqual('changeNumber', String(to)));
}

/** One record without its content. */
export async function readRecord(
  context: DirectoryContext,
  range: ChangelogRange,
  number: number,
  signal: AbortSignal,
): Promise<ChangeRecord | undefined> {
  return (await search(context, range.base, eq('changeNumber', String(number)), RECORD_HEAD, signal))[0];
}

async function search(
  context: DirectoryContext,
  base: string,
  filter: Filter,
  attributes: readonly string[],
  signal: AbortSignal,
): Promise<ChangeRecord[]> {
  const request = { base, scope: 'one' as const, filter, attributes, pageSize: 0 };
  const { entries } = await readEntries(context.link, request, signal);
  return entries.flatMap((entry) => readChangeRecord(entry.attributes()) ?? []);
}
