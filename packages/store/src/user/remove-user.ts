import type { Uuid } from '@sallyport/model';
import { leaveGroups } from '../group/raise-groups.ts';
import { notFound } from '../list/not-found.ts';
import { takeSequences } from '../object/take-sequences.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../sqlite/connection.ts';
import { readUserById } from './read-users.ts';

export async function removeUser(session: Session, environmentId: Uuid, id: Uuid): Promise<void> {
  await session.write(({ connection }) => {
    const environmentNo = session.numbers.environment(connection, environmentId);
    const user = readUserById(connection, environmentNo, id);
    if (user === undefined) throw notFound('user', id);
    leaveGroups(connection, environmentNo, [user.number]);
    const sequence = takeSequences(connection, environmentNo, 1);
    removeUserRow(connection, environmentNo, user.number, id, user.profile.username, sequence, Date.now());
  });
}

/** The row goes, its memberships with it, and a tombstone tells the change feed. See `leaveGroups`, which comes before. */
export function removeUserRow(
  connection: Connection,
  environmentNo: number,
  number: number,
  id: string,
  username: string,
  sequence: number,
  now: number,
): void {
  connection.run('DELETE FROM users WHERE number = ?', [number]);
  connection.run(
    'INSERT INTO user_tombstones (environment_no, sequence, user_id, username, deleted_at) VALUES (?, ?, ?, ?, ?)',
    [environmentNo, sequence, id, username, now],
  );
}
