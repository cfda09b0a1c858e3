import type { Uuid } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { Environment } from '../record/configuration-records.ts';
import type { Tables } from '../schema/tables.ts';
import { ENVIRONMENT_COLUMNS, readEnvironmentRow } from './environment-row.ts';

export async function getEnvironment(db: Kysely<Tables>, id: Uuid): Promise<Environment | undefined> {
  const row = await db
    .selectFrom('environments')
    .select(ENVIRONMENT_COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readEnvironmentRow(row);
}
