import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Session } from '../session.ts';

export async function removeGateway(session: Session, environmentId: Uuid, id: Uuid): Promise<void> {
  await session.write(async ({ db }) => {
    const removed = await db
      .deleteFrom('gateways')
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw notFound('gateway', id);
    await db.deleteFrom('secrets').where('scope', '=', environmentId).where('owner_id', '=', id).execute();
  });
}
