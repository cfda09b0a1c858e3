import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import { takeSequences } from '../object/take-sequences.ts';
import type { GroupEdit } from '../record/group-records.ts';
import { readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Connection } from '../sqlite/connection.ts';
import { assertEditable } from './group-refusals.ts';
import { raiseGroups } from './raise-groups.ts';
import { readGroupById } from './read-groups.ts';

const insertTombstones = makeBulkInsert('group_tombstones', [
  'environment_no',
  'sequence',
  'group_id',
  'name',
  'deleted_at',
]);

export async function removeGroup(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  edit: GroupEdit | undefined,
): Promise<void> {
  await session.write(({ connection }) => {
    const environmentNo = session.numbers.environment(connection, environmentId);
    const group = readGroupById(connection, environmentNo, id);
    if (group === undefined) throw notFound('group', id);
    assertEditable(group, edit);
    removeGroupRows(connection, environmentNo, [{ number: group.number, id, name: group.profile.name }]);
  });
}

/**
 * The rows go, their memberships and nestings with them; tombstones tell the change feed, and the groups they were in have
 * other members now. Answers the sequence of each removal.
 */
export function removeGroupRows(
  connection: Connection,
  environmentNo: number,
  groups: readonly { readonly number: number; readonly id: string; readonly name: string }[],
): ReadonlyMap<number, number> {
  if (groups.length === 0) return new Map();
  const going = new Set(groups.map((group) => group.number));
  const numbers = JSON.stringify([...going]);
  const parents = connection
    .rows(
      'SELECT DISTINCT parent_no FROM group_nestings WHERE child_no IN (SELECT value FROM json_each(?))',
      [numbers],
    )
    .map((row) => readNumber(row[0]))
    .filter((parentNo) => !going.has(parentNo));
  connection.run('DELETE FROM groups WHERE number IN (SELECT value FROM json_each(?))', [numbers]);
  raiseGroups(connection, environmentNo, parents);
  const first = takeSequences(connection, environmentNo, groups.length);
  const now = Date.now();
  insertTombstones(
    connection,
    groups.map(({ id, name }, index) => [environmentNo, first + index, id, name, now]),
  );
  return new Map(groups.map(({ number }, index) => [number, first + index]));
}
