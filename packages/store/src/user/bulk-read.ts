import type { Uuid } from '@sallyport/model';
import { readNumber, readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { BulkUser } from '../store.ts';
import { readUsersBy, selectUsersBy } from './read-users.ts';
import type { UserRow } from './user-row.ts';

/** Sequences of those that exist: the cheapest question about many users. */
export function userVersions(
  session: Session,
  environmentId: Uuid,
  ids: readonly string[],
): ReadonlyMap<string, number> {
  const versions = new Map<string, number>();
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined) return versions;
  for (const row of selectUsersBy(session.reader, environmentNo, 'id, sequence', 'id', ids))
    versions.set(readText(row[0]), readNumber(row[1]));
  return versions;
}

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
