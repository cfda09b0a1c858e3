import { CodedError, type Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Session } from '../session.ts';

export async function removePropagationStore(session: Session, environmentId: Uuid, id: Uuid): Promise<void> {
  await session.write(async ({ db }) => {
    const used = await db
      .selectFrom('rules')
      .select(['id', 'name'])
      .where('environment_id', '=', environmentId)
      .where((eb) => eb.or([eb('source_store_id', '=', id), eb('target_store_id', '=', id)]))
      .limit(10)
      .execute();
    if (used.length > 0)
      throw new CodedError(
        'REFERENCED',
        `The store is used by ${used.map((rule) => rule.name).join(', ')}. Remove those rules first`,
        {
          details: [
            {
              code: 'CONSTRAINT_VIOLATION',
              message: 'a rule refers to this store',
              innerError: { referencedValues: used.map((rule) => rule.id) },
            },
          ],
        },
      );
    const removed = await db
      .deleteFrom('propagation_stores')
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw notFound('store', id);
    await db.deleteFrom('secrets').where('scope', '=', environmentId).where('owner_id', '=', id).execute();
  });
}
