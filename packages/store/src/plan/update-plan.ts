import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { PropagationPlan } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { PlanChange } from '../store.ts';
import { getPlan } from './get-plan.ts';
import { writePlan } from './plan-row.ts';

export async function updatePlan(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  change: PlanChange,
): Promise<PropagationPlan> {
  return session.write(async ({ db }) => {
    const before = await getPlan(db, environmentId, id);
    if (before === undefined) throw notFound('plan', id);
    const after: PropagationPlan = { ...before, ...change, id, environmentId, updatedAt: Date.now() };
    await db
      .updateTable('plans')
      .set(writePlan(after))
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .execute();
    return after;
  });
}
