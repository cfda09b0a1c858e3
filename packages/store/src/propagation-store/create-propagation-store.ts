import { newUuid } from '@sallyport/model';
import type { PropagationStore } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { NewPropagationStore } from '../store.ts';
import { writePropagationStore } from './propagation-store-row.ts';

export async function createPropagationStore(
  session: Session,
  propagationStore: NewPropagationStore,
): Promise<PropagationStore> {
  const now = Date.now();
  const created: PropagationStore = {
    ...propagationStore,
    id: propagationStore.id ?? newUuid(now),
    description: propagationStore.description,
    managed: propagationStore.managed ?? false,
    status: propagationStore.status ?? 'ACTIVE',
    image: propagationStore.image,
    createdAt: now,
    updatedAt: now,
  };
  session.numbers.environment(session.reader, created.environmentId);
  await session.write(({ db }) =>
    db.insertInto('propagation_stores').values(writePropagationStore(created)).execute(),
  );
  return created;
}
