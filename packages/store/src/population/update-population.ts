import { CodedError, type Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Population } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { PopulationChange } from '../store.ts';
import { clearDefault } from './clear-default.ts';
import { getPopulation } from './get-population.ts';

export async function updatePopulation(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  change: PopulationChange,
): Promise<Population> {
  return session.write(async ({ db, connection }) => {
    const environmentNo = session.numbers.environment(connection, environmentId);
    const before = getPopulation(connection, environmentNo, environmentId, id);
    if (before === undefined) throw notFound('population', id);
    const after: Population = { ...before, ...change, id, environmentId, updatedAt: Date.now() };
    if (before.isDefault && !after.isDefault)
      throw new CodedError(
        'REFERENCED',
        'An environment always has a default population. Make another one the default instead',
      );
    if (after.isDefault && !before.isDefault) await clearDefault(db, environmentNo);
    await db
      .updateTable('populations')
      .set({
        name: after.name,
        description: after.description ?? null,
        is_default: after.isDefault ? 1 : 0,
        properties: JSON.stringify(after.properties),
        updated_at: after.updatedAt,
      })
      .where('environment_no', '=', environmentNo)
      .where('id', '=', id)
      .execute();
    return after;
  });
}
