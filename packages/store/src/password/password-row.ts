import { readNumber, readOptionalNumber, readText } from '../schema/decode.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';
import type { NewPassword, UserPassword } from './user-password.ts';

const OF_USER = 'user_no = (SELECT number FROM users WHERE environment_no = ? AND id = ?)';

export function readPassword(
  connection: Connection,
  environmentNo: number,
  userId: string,
): UserPassword | undefined {
  const row = connection.row(
    `SELECT hash, must_change, changed_at, failures, locked_until FROM user_passwords WHERE ${OF_USER}`,
    [environmentNo, userId],
  );
  if (row === undefined) return undefined;
  return {
    hash: readText(row[0]),
    mustChange: row[1] === 1,
    changedAt: readNumber(row[2]),
    failures: readNumber(row[3]),
    lockedUntil: readOptionalNumber(row[4]),
  };
}

/** False if there is no such user. */
export function writePassword(
  connection: Connection,
  environmentNo: number,
  userId: string,
  password: NewPassword,
  now: number,
): boolean {
  const written = connection.run(
    `INSERT OR REPLACE INTO user_passwords (user_no, hash, must_change, changed_at)
      SELECT number, ?, ?, ? FROM users WHERE environment_no = ? AND id = ?`,
    [password.hash, password.mustChange ? 1 : 0, now, environmentNo, userId],
  );
  return written > 0;
}

const insertRows = makeBulkInsert('user_passwords', ['user_no', 'hash', 'must_change', 'changed_at']);

/** Of users just made, by the sequences that were stamped on them: a third of what one statement for each costs. */
export function insertPasswords(
  connection: Connection,
  environmentNo: number,
  passwords: ReadonlyMap<number, NewPassword>,
  now: number,
): void {
  const sequences = [...passwords.keys()];
  const users = connection.rows(
    'SELECT number, sequence FROM users WHERE environment_no = ? AND sequence BETWEEN ? AND ?',
    [environmentNo, Math.min(...sequences), Math.max(...sequences)],
  );
  const rows = users.flatMap(([number, sequence]): (readonly Cell[])[] => {
    const password = passwords.get(readNumber(sequence));
    return password === undefined
      ? []
      : [[readNumber(number), password.hash, password.mustChange ? 1 : 0, now]];
  });
  insertRows(connection, rows);
}

export function deletePassword(connection: Connection, environmentNo: number, userId: string): void {
  connection.run(`DELETE FROM user_passwords WHERE ${OF_USER}`, [environmentNo, userId]);
}

export function markPassword(
  connection: Connection,
  environmentNo: number,
  userId: string,
  marks: Pick<UserPassword, 'mustChange' | 'failures' | 'lockedUntil'>,
): void {
  connection.run(
    `UPDATE user_passwords SET must_change = ?, failures = ?, locked_until = ? WHERE ${OF_USER}`,
    [marks.mustChange ? 1 : 0, marks.failures, marks.lockedUntil ?? null, environmentNo, userId],
  );
}

export function replaceHash(
  connection: Connection,
  environmentNo: number,
  userId: string,
  before: string,
  after: string,
): void {
  connection.run(`UPDATE user_passwords SET hash = ? WHERE hash = ? AND ${OF_USER}`, [
    after,
    before,
    environmentNo,
    userId,
  ]);
}
