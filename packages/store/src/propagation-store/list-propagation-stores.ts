import type { Uuid } from '@sallyport/model';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import { namedFilter } from '../list/named-filter.ts';
import type { PropagationStore } from '../record/configuration-records.ts';
import type { NamedListRequest, Page } from '../record/page.ts';
import type { Session } from '../session.ts';
import { PROPAGATION_STORE_COLUMNS, readPropagationStore } from './propagation-store-row.ts';

export async function listPropagationStores(
  session: Session,
  environmentId: Uuid,
  request: NamedListRequest,
): Promise<Page<PropagationStore>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db
    .selectFrom('propagation_stores')
    .where('environment_id', '=', environmentId)
    .where(namedFilter<'propagation_stores'>(request));
  const rows = await selected
    .select(PROPAGATION_STORE_COLUMNS)
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(rows, limit, counted, readPropagationStore, (row) => row.id);
}
