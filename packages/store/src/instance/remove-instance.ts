import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Session } from '../session.ts';

export async function removeInstance(
  session: Session,
  environmentId: Uuid,
  gatewayId: Uuid,
  id: Uuid,
): Promise<void> {
  const removed = await session.write(({ connection }) =>
    connection.run('DELETE FROM gateway_instances WHERE environment_id = ? AND gateway_id = ? AND id = ?', [
      environmentId,
      gatewayId,
      id,
    ]),
  );
  if (removed === 0) throw notFound('gateway instance', id);
}
