import type { Group, Uuid } from '@sallyport/model';
import { selectObjectsBy } from '../object/select-objects.ts';
import type { Numbers } from '../schema/numbers.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';
import { DIRECT_USERS, GROUP_COLUMNS, type GroupRow, readGroup, readGroupRow } from './group-row.ts';

export function readGroupById(
  connection: Connection,
  environmentNo: number,
  id: string,
): GroupRow | undefined {
  const row = connection.row(`SELECT ${GROUP_COLUMNS} FROM groups WHERE environment_no = ? AND id = ?`, [
    environmentNo,
    id,
  ]);
  return row === undefined ? undefined : readGroupRow(row);
}

/** As people see it. */
export function readWholeGroup(
  connection: Connection,
  numbers: Numbers,
  environmentId: Uuid,
  environmentNo: number,
  id: string,
): Group | undefined {
  const row = connection.row(
    `SELECT ${GROUP_COLUMNS}, ${DIRECT_USERS} FROM groups WHERE environment_no = ? AND id = ?`,
    [environmentNo, id],
  );
  return row === undefined ? undefined : readGroup(connection, numbers, environmentId, row);
}

/** Columns that lead to a group by an index. */
export type GroupIndex = 'id' | 'name_key' | 'external_id';

/** Rows whose `column` is one of `keys`, in one statement whatever their number. */
export function readGroupsBy(
  connection: Connection,
  environmentNo: number,
  column: GroupIndex,
  keys: readonly string[],
): readonly GroupRow[] {
  return selectGroupsBy(connection, environmentNo, GROUP_COLUMNS, column, keys).map(readGroupRow);
}

export function selectGroupsBy(
  connection: Connection,
  environmentNo: number,
  columns: string,
  column: GroupIndex,
  keys: readonly string[],
): readonly (readonly Cell[])[] {
  return selectObjectsBy(connection, 'groups', environmentNo, columns, column, keys);
}
