import { CodedError, type User, type Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import { takeSequences } from '../object/take-sequences.ts';
import { updateObjectRow } from '../object/update-object-row.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../sqlite/connection.ts';
import { changedColumns, type UserRowChange } from './changed-columns.ts';
import { readUserById } from './read-users.ts';
import { readUser, type UserRow } from './user-row.ts';

export interface ChangePlace {
  readonly connection: Connection;
  readonly environmentNo: number;
}

/** Reads one user, lets `decide` say what becomes of it, and writes what differs. Nothing different: nothing written. */
export async function changeUser(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  decide: (before: UserRow, place: ChangePlace) => UserRowChange,
): Promise<User> {
  return session.write(({ connection }) => {
    const environmentNo = session.numbers.environment(connection, environmentId);
    const before = readUserById(connection, environmentNo, id);
    if (before === undefined) throw notFound('user', id);
    const change = decide(before, { connection, environmentNo });
    const columns = changedColumns(before, change);
    if (columns.length === 0) return readUser(connection, session.numbers, environmentId, before);
    const sequence = takeSequences(connection, environmentNo, 1);
    updateObjectRow(connection, 'users', before.number, columns, sequence, Date.now());
    const after = readUserById(connection, environmentNo, id);
    if (after === undefined) throw notFound('user', id);
    return readUser(connection, session.numbers, environmentId, after);
  });
}

/** @throws CodedError INVALID_DATA naming `population.id` */
export function populationNumber(number: number | undefined, id: string | undefined): number {
  if (number !== undefined) return number;
  const message = id === undefined ? 'there is no default population' : `there is no population ${id}`;
  throw new CodedError('INVALID_DATA', `The request could not be completed: ${message}`, {
    details: [{ code: 'INVALID_VALUE', target: 'population.id', message }],
  });
}
