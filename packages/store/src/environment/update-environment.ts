import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Environment } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { EnvironmentChange } from '../store.ts';
import { writeEnvironmentRow } from './environment-row.ts';
import { getEnvironment } from './get-environment.ts';

export async function updateEnvironment(
  session: Session,
  id: Uuid,
  change: EnvironmentChange,
): Promise<Environment> {
  return session.write(async ({ db }) => {
    const before = await getEnvironment(db, id);
    if (before === undefined) throw notFound('environment', id);
    const after: Environment = { ...before, ...change, id, sequence: before.sequence, updatedAt: Date.now() };
    await db.updateTable('environments').set(writeEnvironmentRow(after)).where('id', '=', id).execute();
    return after;
  });
}
