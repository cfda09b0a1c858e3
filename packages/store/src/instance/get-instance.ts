import type { Uuid } from '@sallyport/model';
import type { GatewayInstance } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import { INSTANCE_COLUMNS, readInstance } from './instance-row.ts';

export async function getInstance(
  session: Session,
  environmentId: Uuid,
  gatewayId: Uuid,
  id: Uuid,
): Promise<GatewayInstance | undefined> {
  const row = await session.db
    .selectFrom('gateway_instances')
    .select(INSTANCE_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('gateway_id', '=', gatewayId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readInstance(row);
}
