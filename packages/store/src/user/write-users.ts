import { CodedError, type Uuid } from '@sallyport/model';
import type { Numbers } from '../schema/numbers.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { BulkUserWrite, BulkWriteResult } from '../store.ts';
import { bulkCreateUsers } from './bulk-create-users.ts';
import { bulkRemoveUsers } from './bulk-remove-users.ts';
import { bulkUpdateUsers } from './bulk-update-users.ts';
import { takeSequences } from './take-sequences.ts';

/** One write with its place in the batch and the sequence that it will stamp. */
export interface PlacedWrite<Kind extends BulkUserWrite['kind']> {
  readonly index: number;
  readonly sequence: number;
  readonly write: Extract<BulkUserWrite, { kind: Kind }>;
}

/** What the parts of a batch share. */
export interface UserBatch {
  readonly connection: Connection;
  readonly numbers: Numbers;
  readonly environmentNo: number;
  readonly now: number;
  readonly results: Map<number, BulkWriteResult>;
}

/**
 * Writes a batch inside the caller's transaction: one result for each write, in order, and a refused row never stops the
 * others. Names are released before they are taken: first removals, then updates, then creations. A user that comes
 * twice in a batch is written in the batch's order.
 */
export function writeUsers(
  connection: Connection,
  numbers: Numbers,
  environmentId: Uuid,
  writes: readonly BulkUserWrite[],
): readonly BulkWriteResult[] {
  if (writes.length === 0) return [];
  const environmentNo = numbers.environment(connection, environmentId);
  const results = new Map<number, BulkWriteResult>();
  const batch: UserBatch = { connection, numbers, environmentNo, now: Date.now(), results };
  const first = takeSequences(connection, environmentNo, writes.length);
  let seen = new Set<string>();
  let from = 0;
  for (let index = 0; index < writes.length; index += 1) {
    const id = writes[index]?.id ?? '';
    if (seen.has(id)) {
      writePart(batch, writes, from, index, first);
      seen = new Set();
      from = index;
    }
    seen.add(id);
  }
  writePart(batch, writes, from, writes.length, first);
  return writes.map((_, index) => {
    const result = results.get(index);
    if (result === undefined) throw new CodedError('STORE_CORRUPT', 'A write of the batch has no result');
    return result;
  });
}

/** Writes `from` to `until`, in which no user comes twice. */
function writePart(
  batch: UserBatch,
  writes: readonly BulkUserWrite[],
  from: number,
  until: number,
  firstSequence: number,
): void {
  const creates: PlacedWrite<'create'>[] = [];
  const updates: PlacedWrite<'update'>[] = [];
  const deletes: PlacedWrite<'delete'>[] = [];
  for (let index = from; index < until; index += 1) {
    const write = writes[index];
    const sequence = firstSequence + index;
    if (write?.kind === 'create') creates.push({ index, sequence, write });
    else if (write?.kind === 'update') updates.push({ index, sequence, write });
    else if (write?.kind === 'delete') deletes.push({ index, sequence, write });
  }
  if (deletes.length > 0) bulkRemoveUsers(batch, deletes);
  if (updates.length > 0) bulkUpdateUsers(batch, updates);
  if (creates.length > 0) bulkCreateUsers(batch, creates);
}
