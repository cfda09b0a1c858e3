import type { Uuid } from '@sallyport/model';
import type { Revision } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import { REVISION_COLUMNS, readRevision } from './revision-row.ts';

export async function latestRevision(session: Session, environmentId: Uuid): Promise<Revision | undefined> {
  const row = await session.db
    .selectFrom('revisions')
    .select(REVISION_COLUMNS)
    .where('environment_id', '=', environmentId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : readRevision(row);
}
