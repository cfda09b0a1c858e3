import { CodedError, type Uuid } from '@sallyport/model';
import type { BulkGroupWrite, GroupLimits } from '../record/group-records.ts';
import { readNumber, readText } from '../schema/decode.ts';
import type { Numbers } from '../schema/numbers.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { BulkWriteResult } from '../store.ts';
import { takeSequences } from '../user/take-sequences.ts';
import { bulkCreateGroups } from './bulk-create-groups.ts';
import { bulkUpdateGroups } from './bulk-update-groups.ts';
import { selectGroupsBy } from './read-groups.ts';
import { removeGroupRows } from './remove-groups.ts';

/** One write with its place in the batch and the sequence that it will stamp. */
export interface PlacedGroupWrite<Kind extends BulkGroupWrite['kind']> {
  readonly index: number;
  readonly sequence: number;
  readonly write: Extract<BulkGroupWrite, { kind: Kind }>;
}

/** What the parts of a batch share. */
export interface GroupBatch {
  readonly connection: Connection;
  readonly numbers: Numbers;
  readonly limits: GroupLimits;
  readonly environmentNo: number;
  readonly now: number;
  readonly results: Map<number, BulkWriteResult>;
}

/**
 * Writes a batch inside the caller's transaction: one result for each write, in order, and a refused row never stops the
 * others. Names are released before they are taken: first removals, then updates, then creations. A group that comes
 * twice in a batch is written in the batch's order.
 */
export function writeGroups(
  connection: Connection,
  numbers: Numbers,
  limits: GroupLimits,
  environmentId: Uuid,
  writes: readonly BulkGroupWrite[],
): readonly BulkWriteResult[] {
  if (writes.length === 0) return [];
  const environmentNo = numbers.environment(connection, environmentId);
  const results = new Map<number, BulkWriteResult>();
  const batch: GroupBatch = { connection, numbers, limits, environmentNo, now: Date.now(), results };
  const first = takeSequences(connection, environmentNo, writes.length);
  let seen = new Set<string>();
  let from = 0;
  for (const [index, { id }] of writes.entries()) {
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

/** Writes `from` to `until`, in which no group comes twice. */
function writePart(
  batch: GroupBatch,
  writes: readonly BulkGroupWrite[],
  from: number,
  until: number,
  firstSequence: number,
): void {
  const creates: PlacedGroupWrite<'create'>[] = [];
  const updates: PlacedGroupWrite<'update'>[] = [];
  const deletes: PlacedGroupWrite<'delete'>[] = [];
  for (let index = from; index < until; index += 1) {
    const write = writes[index];
    const sequence = firstSequence + index;
    if (write?.kind === 'create') creates.push({ index, sequence, write });
    else if (write?.kind === 'update') updates.push({ index, sequence, write });
    else if (write?.kind === 'delete') deletes.push({ index, sequence, write });
  }
  if (deletes.length > 0) removeGroups(batch, deletes);
  if (updates.length > 0) bulkUpdateGroups(batch, updates);
  if (creates.length > 0) bulkCreateGroups(batch, creates);
}

/** A group that is gone already counts as removed: that is what was wanted. */
function removeGroups(batch: GroupBatch, removals: readonly PlacedGroupWrite<'delete'>[]): void {
  const { connection, environmentNo, results } = batch;
  const ids = removals.map(({ write }) => write.id);
  const rows = selectGroupsBy(connection, environmentNo, 'number, id, name', 'id', ids).map((row) => ({
    number: readNumber(row[0]),
    id: readText(row[1]),
    name: readText(row[2]),
  }));
  removeGroupRows(connection, environmentNo, rows);
  for (const { index, sequence } of removals) results.set(index, { ok: true, version: sequence });
}
