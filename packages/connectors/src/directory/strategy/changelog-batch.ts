import { PositionLost } from '@sallyport/engine';
import {
  type ChangelogBatchResult,
  type ChangelogStart,
  EntryBatch,
  EXTENDED_OID,
  encodeChangelogBatchRequest,
  LdapError,
  parseChangelogBatchEntry,
  parseChangelogBatchResult,
  parseMissingChanges,
} from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';
import type { DirectoryContext } from '../directory-context.ts';
import { type ChangeRecord, readChangeRecord } from './changelog-record.ts';

/** Changes asked for at once. */
const BATCH_SIZE = 1000;

/** A token for where the log is now. */
export async function freshToken(context: DirectoryContext, signal: AbortSignal): Promise<Buffer> {
  const batch = requestBatch(context, { kind: 'end' }, 0, signal);
  for (;;) {
    const next = await batch.next();
    if (next.done === true) return requireToken(next.value);
  }
}

/**
 * Everything behind a token, a batch at a time (PingDirectory's get changelog batch); returns the new token. A token is
 * good on every server of the topology.
 */
export async function* readBatches(
  context: DirectoryContext,
  token: Buffer,
  signal: AbortSignal,
): AsyncGenerator<readonly ChangeRecord[], Buffer> {
  let at = token;
  for (;;) {
    const result = yield* requestBatch(context, { kind: 'token', token: at }, BATCH_SIZE, signal);
    if (result.changesAlreadyPurged)
      throw new PositionLost('the changelog was trimmed: changes behind the last look are gone from it');
    const next = Buffer.from(requireToken(result));
    // The same place again although there is more would be for ever.
    if (!result.moreChangesAvailable || next.equals(at)) return next;
    at = next;
  }
}

/** Whether this failure says that the server does not do batches, or does not take this token, and numbers may do. */
export function isBatchRefused(error: unknown): boolean {
  return error instanceof LdapError && error.resultCode !== undefined && !error.retryable;
}

async function* requestBatch(
  context: DirectoryContext,
  start: ChangelogStart,
  maxChanges: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ChangeRecord[], ChangelogBatchResult> {
  const value = encodeChangelogBatchRequest({
    start,
    maxChanges,
    includeBases: [context.namingContext.toString()],
  });
  const stream = context.link.extendedStream(EXTENDED_OID.getChangelogBatch, value, { signal });
  for await (const bytes of stream) {
    const records: ChangeRecord[] = [];
    for (const item of new EntryBatch(bytes).items()) {
      if (item.kind !== 'intermediate') continue;
      if (item.oid === EXTENDED_OID.missingChangelogEntries) {
        const words = parseMissingChanges(item.value);
        throw new PositionLost(
          `the changelog was trimmed: changes behind the last look are missing${words === undefined ? '' : ` (${words})`}`,
        );
      }
      if (item.oid !== EXTENDED_OID.changelogEntry || item.value === undefined) continue;
      const record = readChangeRecord(parseChangelogBatchEntry(item.value).attributes);
      if (record !== undefined) records.push(record);
    }
    if (records.length > 0) yield records;
  }
  const outcome = await stream.outcome;
  if (outcome.value === undefined) throw unreadable('without a value');
  return parseChangelogBatchResult(outcome.value);
}

function requireToken(result: ChangelogBatchResult): Buffer {
  if (result.resumeToken === undefined) throw unreadable('without a token to go on from');
  return result.resumeToken;
}

function unreadable(how: string): CodedError {
  return new CodedError(
    'CHANGE_FEED_UNREADABLE',
    `The directory answered a request for a batch of its changelog ${how}: its changes cannot be followed that way`,
  );
}
