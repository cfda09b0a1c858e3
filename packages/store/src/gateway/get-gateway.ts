import type { Uuid } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { Gateway } from '../record/configuration-records.ts';
import type { Tables } from '../schema/tables.ts';
import { GATEWAY_COLUMNS, readGateway } from './gateway-row.ts';

export async function getGateway(
  db: Kysely<Tables>,
  environmentId: Uuid,
  id: Uuid,
): Promise<Gateway | undefined> {
  const row = await db
    .selectFrom('gateways')
    .select(GATEWAY_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readGateway(row);
}
