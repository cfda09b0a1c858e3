import type { Uuid } from '@sallyport/model';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { PropagationMapping } from '../record/configuration-records.ts';
import type { Page, PageRequest } from '../record/page.ts';
import type { Session } from '../session.ts';
import { MAPPING_COLUMNS, readMapping } from './mapping-row.ts';

export async function listMappings(
  session: Session,
  environmentId: Uuid,
  ruleId: Uuid,
  request: PageRequest,
): Promise<Page<PropagationMapping>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db
    .selectFrom('mappings')
    .where('environment_id', '=', environmentId)
    .where('rule_id', '=', ruleId);
  const rows = await selected
    .select(MAPPING_COLUMNS)
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(rows, limit, counted, readMapping, (row) => row.id);
}
