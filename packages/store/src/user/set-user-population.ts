import type { User, Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';
import { changeUser, populationNumber } from './change-user.ts';

export async function setUserPopulation(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  populationId: Uuid,
): Promise<User> {
  return changeUser(session, environmentId, id, (_before, { connection, environmentNo }) => ({
    populationNo: populationNumber(
      session.numbers.readPopulation(connection, environmentNo, populationId),
      populationId,
    ),
  }));
}
