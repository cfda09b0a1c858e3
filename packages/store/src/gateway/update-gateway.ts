import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Gateway } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { GatewayChange } from '../store.ts';
import { writeGateway } from './gateway-row.ts';
import { getGateway } from './get-gateway.ts';

export async function updateGateway(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  change: GatewayChange,
): Promise<Gateway> {
  return session.write(async ({ db }) => {
    const before = await getGateway(db, environmentId, id);
    if (before === undefined) throw notFound('gateway', id);
    const after: Gateway = { ...before, ...change, id, environmentId, updatedAt: Date.now() };
    await db
      .updateTable('gateways')
      .set(writeGateway(after))
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .execute();
    return after;
  });
}
