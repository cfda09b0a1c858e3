import { newUuid } from '@sallyport/model';
import type { Population } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { NewPopulation } from '../store.ts';
import { clearDefault } from './clear-default.ts';

export async function createPopulation(session: Session, population: NewPopulation): Promise<Population> {
  const now = Date.now();
  const created: Population = {
    environmentId: population.environmentId,
    id: population.id ?? newUuid(now),
    name: population.name,
    description: population.description,
    isDefault: population.isDefault ?? false,
    properties: population.properties ?? {},
    userCount: 0,
    createdAt: now,
    updatedAt: now,
  };
  await session.write(async ({ db, connection }) => {
    const environmentNo = session.numbers.environment(connection, created.environmentId);
    if (created.isDefault) await clearDefault(db, environmentNo);
    await db
      .insertInto('populations')
      .values({
        environment_no: environmentNo,
        id: created.id,
        name: created.name,
        description: created.description ?? null,
        is_default: created.isDefault ? 1 : 0,
        properties: JSON.stringify(created.properties),
        created_at: now,
        updated_at: now,
      })
      .execute();
  });
  return created;
}
