import { leaveGroups } from '../group/raise-groups.ts';
import type { Batch } from '../object/write-batch.ts';
import { readNumber, readText } from '../schema/decode.ts';
import { selectUsersBy } from './read-users.ts';
import { removeUserRow } from './remove-user.ts';
import type { PlacedUserWrite } from './write-users.ts';

/** A user that is gone already counts as removed: that is what was wanted. */
export function bulkRemoveUsers(batch: Batch, removals: readonly PlacedUserWrite<'delete'>[]): void {
  const { connection, environmentNo, now, results } = batch;
  const ids = removals.map(({ write }) => write.id);
  const rows = new Map(
    selectUsersBy(connection, environmentNo, 'id, number, username', 'id', ids).map((row) => [
      readText(row[0]),
      { number: readNumber(row[1]), username: readText(row[2]) },
    ]),
  );
  leaveGroups(
    connection,
    environmentNo,
    [...rows.values()].map(({ number }) => number),
  );
  for (const { index, sequence, write } of removals) {
    const row = rows.get(write.id);
    if (row !== undefined)
      removeUserRow(connection, environmentNo, row.number, write.id, row.username, sequence, now);
    results.set(index, { ok: true, version: sequence });
  }
}
