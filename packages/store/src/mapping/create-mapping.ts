import { newUuid } from '@sallyport/model';
import type { PropagationMapping } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { NewMapping } from '../store.ts';
import { writeMapping } from './mapping-row.ts';

export async function createMapping(session: Session, mapping: NewMapping): Promise<PropagationMapping> {
  const now = Date.now();
  const created: PropagationMapping = {
    ...mapping,
    id: mapping.id ?? newUuid(now),

    createdAt: now,
    updatedAt: now,
  };
  session.numbers.environment(session.reader, created.environmentId);
  await session.write(({ db }) => db.insertInto('mappings').values(writeMapping(created)).execute());
  return created;
}
