import { newUuid, parseProfile, type User } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import { takeSequences } from '../object/take-sequences.ts';
import { writePassword } from '../password/password-row.ts';
import type { Session } from '../session.ts';
import type { NewUser } from '../store.ts';
import { populationNumber } from './change-user.ts';
import { insertUsers, userCells } from './insert-users.ts';
import { readUserById } from './read-users.ts';
import { readUser } from './user-row.ts';

export async function createUser(session: Session, user: NewUser): Promise<User> {
  const profile = parseProfile(user.profile);
  return session.write(({ connection }) => {
    const { numbers } = session;
    const environmentNo = numbers.environment(connection, user.environmentId);
    const populationNo = populationNumber(
      user.populationId === undefined
        ? numbers.readDefaultPopulation(connection, environmentNo)
        : numbers.readPopulation(connection, environmentNo, user.populationId),
      user.populationId,
    );
    const now = Date.now();
    const id = user.id ?? newUuid(now);
    insertUsers.refusing(connection, [
      userCells({
        environmentNo,
        id,
        sequence: takeSequences(connection, environmentNo, 1),
        populationNo,
        enabled: user.enabled ?? true,
        profile,
        state: user.state ?? {},
        now,
      }),
    ]);
    if (user.password !== undefined) writePassword(connection, environmentNo, id, user.password, now);
    const created = readUserById(connection, environmentNo, id);
    if (created === undefined) throw notFound('user', id);
    return readUser(connection, numbers, user.environmentId, created);
  });
}
