import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { PropagationStore } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { PropagationStoreChange } from '../store.ts';
import { getPropagationStore } from './get-propagation-store.ts';
import { writePropagationStore } from './propagation-store-row.ts';

export async function updatePropagationStore(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  change: PropagationStoreChange,
): Promise<PropagationStore> {
  return session.write(async ({ db }) => {
    const before = await getPropagationStore(db, environmentId, id);
    if (before === undefined) throw notFound('store', id);
    const after: PropagationStore = { ...before, ...change, id, environmentId, updatedAt: Date.now() };
    await db
      .updateTable('propagation_stores')
      .set(writePropagationStore(after))
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .execute();
    return after;
  });
}
