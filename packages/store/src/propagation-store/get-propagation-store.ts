import type { Uuid } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { PropagationStore } from '../record/configuration-records.ts';
import type { Tables } from '../schema/tables.ts';
import { PROPAGATION_STORE_COLUMNS, readPropagationStore } from './propagation-store-row.ts';

export async function getPropagationStore(
  db: Kysely<Tables>,
  environmentId: Uuid,
  id: Uuid,
): Promise<PropagationStore | undefined> {
  const row = await db
    .selectFrom('propagation_stores')
    .select(PROPAGATION_STORE_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readPropagationStore(row);
}
