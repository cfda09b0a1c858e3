import { CodedError, type Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Session } from '../session.ts';
import { getPopulation } from './get-population.ts';

export async function removePopulation(session: Session, environmentId: Uuid, id: Uuid): Promise<void> {
  await session.write(({ connection }) => {
    const environmentNo = session.numbers.environment(connection, environmentId);
    const population = getPopulation(connection, environmentNo, environmentId, id);
    if (population === undefined) throw notFound('population', id);
    if (population.userCount > 0)
      throw new CodedError(
        'REFERENCED',
        `The population ${population.name} still holds ${population.userCount} users. Move or remove them first`,
      );
    if (population.isDefault)
      throw new CodedError(
        'REFERENCED',
        `${population.name} is the default population. Make another one the default first`,
      );
    connection.run('DELETE FROM populations WHERE environment_no = ? AND id = ?', [environmentNo, id]);
  });
}
