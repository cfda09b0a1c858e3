import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { WorkerApplication } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { ApplicationChange } from '../store.ts';
import { writeApplication } from './application-row.ts';
import { getApplication } from './get-application.ts';

export async function updateApplication(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  change: ApplicationChange,
): Promise<WorkerApplication> {
  return session.write(async ({ db }) => {
    const before = await getApplication(db, environmentId, id);
    if (before === undefined) throw notFound('application', id);
    const after: WorkerApplication = { ...before, ...change, id, environmentId, updatedAt: Date.now() };
    await db
      .updateTable('applications')
      .set(writeApplication(after))
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .execute();
    return after;
  });
}
