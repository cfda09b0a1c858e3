import { CodedError, type ErrorDetail, newUuid, type Uuid } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { PropagationRule } from '../record/configuration-records.ts';
import type { Tables } from '../schema/tables.ts';
import type { Session } from '../session.ts';
import type { NewRule } from '../store.ts';
import { writeRule } from './rule-row.ts';

export async function createRule(session: Session, rule: NewRule): Promise<PropagationRule> {
  const now = Date.now();
  const created: PropagationRule = {
    ...rule,
    id: rule.id ?? newUuid(now),
    description: rule.description,
    active: rule.active ?? false,
    populationExpression: rule.populationExpression,
    groupIds: rule.groupIds ?? [],
    populationIds: rule.populationIds ?? [],
    deprovision: rule.deprovision ?? false,
    createdAt: now,
    updatedAt: now,
  };
  session.numbers.environment(session.reader, created.environmentId);
  await session.write(async ({ db }) => {
    await assertEndsExist(db, created);
    await db.insertInto('rules').values(writeRule(created)).execute();
  });
  return created;
}

async function assertEndsExist(db: Kysely<Tables>, rule: PropagationRule): Promise<void> {
  const details: ErrorDetail[] = [];
  const check = async (table: 'plans' | 'propagation_stores', target: string, id: Uuid): Promise<void> => {
    const found = await db
      .selectFrom(table)
      .select('id')
      .where('environment_id', '=', rule.environmentId)
      .where('id', '=', id)
      .execute();
    if (found.length === 0)
      details.push({ code: 'INVALID_VALUE', target, message: `there is nothing with the id ${id}` });
  };
  await check('plans', 'plan.id', rule.planId);
  await check('propagation_stores', 'sourceStore.id', rule.sourceStoreId);
  await check('propagation_stores', 'targetStore.id', rule.targetStoreId);
  if (details.length > 0)
    throw new CodedError('INVALID_DATA', 'The rule names a plan or store that is not there', { details });
}
