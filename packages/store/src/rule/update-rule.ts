import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { PropagationRule } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { RuleChange } from '../store.ts';
import { getRule } from './get-rule.ts';
import { writeRule } from './rule-row.ts';

export async function updateRule(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  change: RuleChange,
): Promise<PropagationRule> {
  return session.write(async ({ db }) => {
    const before = await getRule(db, environmentId, id);
    if (before === undefined) throw notFound('rule', id);
    const after: PropagationRule = { ...before, ...change, id, environmentId, updatedAt: Date.now() };
    await db
      .updateTable('rules')
      .set(writeRule(after))
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .execute();
    return after;
  });
}
