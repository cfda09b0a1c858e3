import { selectObjectsBy } from '../object/select-objects.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';
import { readUserRow, USER_COLUMNS, type UserRow } from './user-row.ts';

export function readUserById(connection: Connection, environmentNo: number, id: string): UserRow | undefined {
  const row = connection.row(`SELECT ${USER_COLUMNS} FROM users WHERE environment_no = ? AND id = ?`, [
    environmentNo,
    id,
  ]);
  return row === undefined ? undefined : readUserRow(row);
}

/** Columns that lead to a user by an index. `email_hash` may answer others with the same hash: compare the address too. */
export type UserIndex = 'id' | 'username_key' | 'email_hash' | 'external_id';

/** Rows whose `column` is one of `keys`, in one statement whatever their number. */
export function readUsersBy(
  connection: Connection,
  environmentNo: number,
  column: UserIndex,
  keys: readonly (string | number)[],
): readonly UserRow[] {
  return selectUsersBy(connection, environmentNo, USER_COLUMNS, column, keys).map(readUserRow);
}

export function selectUsersBy(
  connection: Connection,
  environmentNo: number,
  columns: string,
  column: UserIndex,
  keys: readonly (string | number)[],
): readonly (readonly Cell[])[] {
  return selectObjectsBy(connection, 'users', environmentNo, columns, column, keys);
}
