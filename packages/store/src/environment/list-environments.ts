import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import { namedFilter } from '../list/named-filter.ts';
import type { Environment } from '../record/configuration-records.ts';
import type { NamedListRequest, Page } from '../record/page.ts';
import type { Session } from '../session.ts';
import { ENVIRONMENT_COLUMNS, readEnvironmentRow } from './environment-row.ts';

export async function listEnvironments(
  session: Session,
  request: NamedListRequest,
): Promise<Page<Environment>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db.selectFrom('environments').where(namedFilter<'environments'>(request));
  const rows = await selected
    .select(ENVIRONMENT_COLUMNS)
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(rows, limit, counted, readEnvironmentRow, (row) => row.id);
}
