import type { Uuid } from '@sallyport/model';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { PropagationPlan } from '../record/configuration-records.ts';
import type { Page, PageRequest } from '../record/page.ts';
import type { Session } from '../session.ts';
import { PLAN_COLUMNS, readPlan } from './plan-row.ts';

export async function listPlans(
  session: Session,
  environmentId: Uuid,
  request: PageRequest,
): Promise<Page<PropagationPlan>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db.selectFrom('plans').where('environment_id', '=', environmentId);
  const rows = await selected
    .select(PLAN_COLUMNS)
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(rows, limit, counted, readPlan, (row) => row.id);
}
