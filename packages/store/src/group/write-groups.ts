import type { Uuid } from '@sallyport/model';
import { type Batch, type Placed, writeBatch } from '../object/write-batch.ts';
import type { BulkGroupWrite, GroupLimits } from '../record/group-records.ts';
import { readNumber, readText } from '../schema/decode.ts';
import type { Numbers } from '../schema/numbers.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { BulkWriteResult } from '../store.ts';
import { bulkCreateGroups } from './bulk-create-groups.ts';
import { bulkUpdateGroups } from './bulk-update-groups.ts';
import { selectGroupsBy } from './read-groups.ts';
import { removeGroupRows } from './remove-groups.ts';

export type PlacedGroupWrite<Kind extends BulkGroupWrite['kind']> = Placed<
  Extract<BulkGroupWrite, { kind: Kind }>
>;

/** Writes a batch of groups inside the caller's transaction; see `writeBatch`. */
export function writeGroups(
  connection: Connection,
  numbers: Numbers,
  limits: GroupLimits,
  environmentId: Uuid,
  writes: readonly BulkGroupWrite[],
): readonly BulkWriteResult[] {
  return writeBatch(connection, numbers, environmentId, writes, {
    remove: bulkRemoveGroups,
    update: bulkUpdateGroups,
    create: (batch, creates: readonly PlacedGroupWrite<'create'>[]) =>
      bulkCreateGroups(batch, limits, creates),
  });
}

/** A group that is gone already counts as removed: that is what was wanted. */
function bulkRemoveGroups(batch: Batch, removals: readonly PlacedGroupWrite<'delete'>[]): void {
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
