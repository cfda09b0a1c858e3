import type { Uuid } from '@sallyport/model';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import { namedFilter } from '../list/named-filter.ts';
import type { Gateway } from '../record/configuration-records.ts';
import type { NamedListRequest, Page } from '../record/page.ts';
import type { Session } from '../session.ts';
import { GATEWAY_COLUMNS, readGateway } from './gateway-row.ts';

export async function listGateways(
  session: Session,
  environmentId: Uuid,
  request: NamedListRequest,
): Promise<Page<Gateway>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db
    .selectFrom('gateways')
    .where('environment_id', '=', environmentId)
    .where(namedFilter<'gateways'>(request));
  const rows = await selected
    .select(GATEWAY_COLUMNS)
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(rows, limit, counted, readGateway, (row) => row.id);
}
