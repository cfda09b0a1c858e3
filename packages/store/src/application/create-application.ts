import { newUuid } from '@sallyport/model';
import type { WorkerApplication } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { NewApplication } from '../store.ts';
import { writeApplication } from './application-row.ts';

export async function createApplication(
  session: Session,
  application: NewApplication,
): Promise<WorkerApplication> {
  const now = Date.now();
  const created: WorkerApplication = {
    ...application,
    id: application.id ?? newUuid(now),
    description: application.description,
    enabled: application.enabled ?? true,
    createdAt: now,
    updatedAt: now,
  };
  session.numbers.environment(session.reader, created.environmentId);
  await session.write(({ db }) => db.insertInto('applications').values(writeApplication(created)).execute());
  return created;
}
