import { CodedError, type Uuid } from '@sallyport/model';
import { removeGroupRows } from '../group/remove-groups.ts';
import { notFound } from '../list/not-found.ts';
import { readNumber, readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { getPopulation } from './get-population.ts';

/** Its groups go with it; a user in one of them stays a user of another population. */
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
    const populationNo = session.numbers.readPopulation(connection, environmentNo, id);
    const groups = connection
      .rows('SELECT number, id, name FROM groups WHERE environment_no = ? AND population_no = ?', [
        environmentNo,
        populationNo ?? null,
      ])
      .map((row) => ({ number: readNumber(row[0]), id: readText(row[1]), name: readText(row[2]) }));
    removeGroupRows(connection, environmentNo, groups);
    connection.run('DELETE FROM populations WHERE environment_no = ? AND id = ?', [environmentNo, id]);
  });
}
