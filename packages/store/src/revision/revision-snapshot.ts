import { CodedError, type Uuid } from '@sallyport/model';
import { readMapping } from '../mapping/mapping-row.ts';
import { readPlan } from '../plan/plan-row.ts';
import { readPropagationStore } from '../propagation-store/propagation-store-row.ts';
import type { RevisionSnapshot } from '../record/configuration-records.ts';
import { readRule } from '../rule/rule-row.ts';
import type { Session } from '../session.ts';

/** The rows as they were, read by the code of today: a column added since then needs a default here. */
export async function revisionSnapshot(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
): Promise<RevisionSnapshot | undefined> {
  const row = await session.db
    .selectFrom('revisions')
    .select('snapshot')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  try {
    const { plans, stores, rules, mappings } = JSON.parse(row.snapshot);
    return {
      plans: plans.map(readPlan),
      stores: stores.map(readPropagationStore),
      rules: rules.map(readRule),
      mappings: mappings.map(readMapping),
    };
  } catch (cause) {
    throw new CodedError(
      'STORE_CORRUPT',
      `The snapshot of revision ${id} cannot be read. Make a new revision`,
      {
        cause,
      },
    );
  }
}
