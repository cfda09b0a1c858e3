import type { User, Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';
import { readUserById } from './read-users.ts';
import { readUser } from './user-row.ts';

export function getUser(session: Session, environmentId: Uuid, id: Uuid): User | undefined {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  const row = environmentNo === undefined ? undefined : readUserById(reader, environmentNo, id);
  return row === undefined ? undefined : readUser(reader, numbers, environmentId, row);
}
