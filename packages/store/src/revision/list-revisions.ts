import type { Uuid } from '@sallyport/model';
import { beforeNumber, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { Revision } from '../record/configuration-records.ts';
import type { Page, PageRequest } from '../record/page.ts';
import type { Session } from '../session.ts';
import { REVISION_COLUMNS, readRevision } from './revision-row.ts';

/** Newest first. */
export async function listRevisions(
  session: Session,
  environmentId: Uuid,
  request: PageRequest,
): Promise<Page<Revision>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db.selectFrom('revisions').where('environment_id', '=', environmentId);
  const rows = await selected
    .select(REVISION_COLUMNS)
    .where('number', '<', beforeNumber(cursor))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(rows, limit, counted, readRevision, (row) => row.number);
}
