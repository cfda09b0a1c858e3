import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { PropagationMapping } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { MappingChange } from '../store.ts';
import { getMapping } from './get-mapping.ts';
import { writeMapping } from './mapping-row.ts';

export async function updateMapping(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  change: MappingChange,
): Promise<PropagationMapping> {
  return session.write(async ({ db }) => {
    const before = await getMapping(db, environmentId, id);
    if (before === undefined) throw notFound('mapping', id);
    const after: PropagationMapping = { ...before, ...change, id, environmentId, updatedAt: Date.now() };
    await db
      .updateTable('mappings')
      .set(writeMapping(after))
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .execute();
    return after;
  });
}
