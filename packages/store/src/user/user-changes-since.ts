import type { Uuid } from '@sallyport/model';
import { readId, readNumber, readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { UserFeedEntry } from '../store.ts';
import { readUser, readUserRow, USER_COLUMNS } from './user-row.ts';

/**
 * Users and tombstones with a higher sequence, lowest first. A user written twice comes once, at its last place; one that
 * was created and deleted since comes as deleted.
 */
export function userChangesSince(
  session: Session,
  environmentId: Uuid,
  sequence: number,
  limit: number,
): readonly UserFeedEntry[] {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return [];
  const present = reader
    .rows(
      `SELECT ${USER_COLUMNS} FROM users WHERE environment_no = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
      [environmentNo, sequence, limit],
    )
    .map(readUserRow)
    .map(
      (row): UserFeedEntry => ({
        kind: 'present',
        sequence: row.sequence,
        user: readUser(reader, numbers, environmentId, row),
      }),
    );
  const deleted = reader
    .rows(
      'SELECT sequence, user_id, username FROM user_tombstones WHERE environment_no = ? AND sequence > ? ORDER BY sequence LIMIT ?',
      [environmentNo, sequence, limit],
    )
    .map(
      (row): UserFeedEntry => ({
        kind: 'deleted',
        sequence: readNumber(row[0]),
        id: readId(row[1]),
        username: readText(row[2]),
      }),
    );
  return [...present, ...deleted].sort((one, other) => one.sequence - other.sequence).slice(0, limit);
}
