import type { Uuid } from '@sallyport/model';
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { PropagationRule } from '../record/configuration-records.ts';
import type { Page, PageRequest } from '../record/page.ts';
import type { Tables } from '../schema/tables.ts';

import type { Session } from '../session.ts';
import { RULE_COLUMNS, readRule } from './rule-row.ts';

export interface RuleListRequest extends PageRequest {
  readonly planId?: Uuid | undefined;
  readonly storeId?: Uuid | undefined;
}

function ruleFilter(request: RuleListRequest) {
  return (eb: ExpressionBuilder<Tables, 'rules'>): ExpressionWrapper<Tables, 'rules', SqlBool> => {
    const { planId, storeId } = request;
    return eb.and([
      ...(planId === undefined ? [] : [eb('plan_id', '=', planId)]),
      ...(storeId === undefined
        ? []
        : [eb.or([eb('source_store_id', '=', storeId), eb('target_store_id', '=', storeId)])]),
    ]);
  };
}

export async function listRules(
  session: Session,
  environmentId: Uuid,
  request: RuleListRequest,
): Promise<Page<PropagationRule>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db
    .selectFrom('rules')
    .where('environment_id', '=', environmentId)
    .where(ruleFilter(request));
  const rows = await selected
    .select(RULE_COLUMNS)
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(rows, limit, counted, readRule, (row) => row.id);
}
