import type { Uuid } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { PropagationMapping } from '../record/configuration-records.ts';
import type { Tables } from '../schema/tables.ts';
import { MAPPING_COLUMNS, readMapping } from './mapping-row.ts';

export async function getMapping(
  db: Kysely<Tables>,
  environmentId: Uuid,
  id: Uuid,
): Promise<PropagationMapping | undefined> {
  const row = await db
    .selectFrom('mappings')
    .select(MAPPING_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readMapping(row);
}
