import { newUuid, type Uuid } from '@sallyport/model';
import type { Revision } from '../record/configuration-records.ts';
import { readId } from '../schema/decode.ts';
import type { Session } from '../session.ts';

/** Freezes plans, stores, rules and mappings as they are now; the rows themselves, as they lie in their tables. */
export async function createRevision(
  session: Session,
  revision: { readonly environmentId: Uuid; readonly createdBy: string },
): Promise<Revision> {
  const { environmentId, createdBy } = revision;
  return session.write(async ({ db, connection }) => {
    session.numbers.environment(connection, environmentId);
    const previous = await db
      .selectFrom('revisions')
      .select(['id', 'number'])
      .where('environment_id', '=', environmentId)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    const rows = async (table: 'plans' | 'propagation_stores' | 'rules' | 'mappings'): Promise<unknown> =>
      db.selectFrom(table).selectAll().where('environment_id', '=', environmentId).orderBy('id').execute();
    const snapshot = {
      plans: await rows('plans'),
      stores: await rows('propagation_stores'),
      rules: await rows('rules'),
      mappings: await rows('mappings'),
    };
    const createdAt = Date.now();
    const id = newUuid(createdAt);
    await db
      .insertInto('revisions')
      .values({
        environment_id: environmentId,
        id,
        number: (previous?.number ?? 0) + 1,
        previous_id: previous?.id ?? null,
        created_by: createdBy,
        created_at: createdAt,
        snapshot: JSON.stringify(snapshot),
      })
      .execute();
    return {
      environmentId,
      id,
      previousId: previous === undefined ? undefined : readId(previous.id),
      createdBy,
      createdAt,
    };
  });
}
