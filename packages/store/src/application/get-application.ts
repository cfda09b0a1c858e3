import type { Uuid } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { WorkerApplication } from '../record/configuration-records.ts';
import type { Tables } from '../schema/tables.ts';
import { APPLICATION_COLUMNS, readApplication } from './application-row.ts';

export async function getApplication(
  db: Kysely<Tables>,
  environmentId: Uuid,
  id: Uuid,
): Promise<WorkerApplication | undefined> {
  const row = await db
    .selectFrom('applications')
    .select(APPLICATION_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readApplication(row);
}
