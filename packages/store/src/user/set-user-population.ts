import type { User, Uuid } from '@sallyport/model';
import { leavePopulationGroups } from '../group/raise-groups.ts';
import type { Session } from '../session.ts';
import { changeUser, populationNumber } from './change-user.ts';

/** The groups of the population that it leaves lose it as a member. */
export async function setUserPopulation(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  populationId: Uuid,
): Promise<User> {
  return changeUser(session, environmentId, id, (before, { connection, environmentNo }) => {
    const populationNo = populationNumber(
      session.numbers.readPopulation(connection, environmentNo, populationId),
      populationId,
    );
    if (populationNo !== before.populationNo)
      leavePopulationGroups(connection, environmentNo, before.number, before.populationNo);
    return { populationNo };
  });
}
