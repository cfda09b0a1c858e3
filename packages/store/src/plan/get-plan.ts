import type { Uuid } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { PropagationPlan } from '../record/configuration-records.ts';
import type { Tables } from '../schema/tables.ts';
import { PLAN_COLUMNS, readPlan } from './plan-row.ts';

export async function getPlan(
  db: Kysely<Tables>,
  environmentId: Uuid,
  id: Uuid,
): Promise<PropagationPlan | undefined> {
  const row = await db
    .selectFrom('plans')
    .select(PLAN_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readPlan(row);
}
