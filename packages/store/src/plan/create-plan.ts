import { newUuid } from '@sallyport/model';
import type { PropagationPlan } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { NewPlan } from '../store.ts';
import { writePlan } from './plan-row.ts';

export async function createPlan(session: Session, plan: NewPlan): Promise<PropagationPlan> {
  const now = Date.now();
  const created: PropagationPlan = {
    ...plan,
    id: plan.id ?? newUuid(now),
    status: plan.status ?? 'INACTIVE',
    createdAt: now,
    updatedAt: now,
  };
  session.numbers.environment(session.reader, created.environmentId);
  await session.write(({ db }) => db.insertInto('plans').values(writePlan(created)).execute());
  return created;
}
