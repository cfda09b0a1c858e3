import type { Uuid } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { PropagationRule } from '../record/configuration-records.ts';
import type { Tables } from '../schema/tables.ts';
import { RULE_COLUMNS, readRule } from './rule-row.ts';

export async function getRule(
  db: Kysely<Tables>,
  environmentId: Uuid,
  id: Uuid,
): Promise<PropagationRule | undefined> {
  const row = await db
    .selectFrom('rules')
    .select(RULE_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readRule(row);
}
