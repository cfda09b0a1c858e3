import type { Uuid } from '@sallyport/model';
import type { GatewayInstance } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import { INSTANCE_COLUMNS, readInstance } from './instance-row.ts';

/** Those who reported last come first. */
const MAX_INSTANCES = 1000;

export async function listInstances(
  session: Session,
  environmentId: Uuid,
  gatewayId: Uuid,
): Promise<readonly GatewayInstance[]> {
  const rows = await session.db
    .selectFrom('gateway_instances')
    .select(INSTANCE_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('gateway_id', '=', gatewayId)
    .orderBy('last_reported_at', 'desc')
    .limit(MAX_INSTANCES)
    .execute();
  return rows.map(readInstance);
}
