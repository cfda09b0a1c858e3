import { CodedError, type Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Session } from '../session.ts';

export async function removePlan(session: Session, environmentId: Uuid, id: Uuid): Promise<void> {
  await session.write(async ({ db }) => {
    const used = await db
      .selectFrom('rules')
      .select('id')
      .where('environment_id', '=', environmentId)
      .where('plan_id', '=', id)
      .limit(1)
      .execute();
    if (used.length > 0) throw new CodedError('REFERENCED', 'The plan still has rules. Remove them first');
    const removed = await db
      .deleteFrom('plans')
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw notFound('plan', id);
  });
}
