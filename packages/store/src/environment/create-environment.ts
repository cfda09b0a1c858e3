import { newUuid } from '@sallyport/model';
import type { Environment } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { NewEnvironment } from '../store.ts';
import { writeEnvironmentRow } from './environment-row.ts';

/** With its default population: users created without one fall into it, and clients look for it right after. */
export async function createEnvironment(session: Session, environment: NewEnvironment): Promise<Environment> {
  const now = Date.now();
  const created: Environment = {
    id: environment.id ?? newUuid(now),
    name: environment.name,
    description: environment.description,
    type: environment.type,
    region: environment.region,
    licenseId: environment.licenseId,
    status: environment.status ?? 'ACTIVE',
    icon: environment.icon,
    billOfMaterials: environment.billOfMaterials,
    sequence: 0,
    createdAt: now,
    updatedAt: now,
  };
  await session.write(async ({ db }) => {
    const { number } = await db
      .insertInto('environments')
      .values(writeEnvironmentRow(created))
      .returning('number')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('populations')
      .values({
        environment_no: number,
        id: newUuid(now),
        name: 'Default',
        description: null,
        is_default: 1,
        properties: '{}',
        created_at: now,
        updated_at: now,
      })
      .execute();
  });
  return created;
}
