import type { Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';
import type { BulkUser } from '../store.ts';
import { readUsersBy } from './read-users.ts';
import type { UserRow } from './user-row.ts';

export function readUsers(
  session: Session,
  environmentId: Uuid,
  ids: readonly string[],
): ReadonlyMap<string, BulkUser> {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined) return new Map();
  const rows = readUsersBy(session.reader, environmentNo, 'id', ids);
  return new Map(rows.map((row) => [row.id, bulkUser(session, row)]));
}

export function bulkUser(session: Session, row: UserRow): BulkUser {
  return {
    id: row.id,
    version: row.sequence,
    enabled: row.enabled,
    populationId: session.numbers.populationId(session.reader, row.populationNo),
    profile: row.profile,
    passwordGateway: row.state.passwordGateway,
  };
}
