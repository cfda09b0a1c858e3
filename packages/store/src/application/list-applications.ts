import type { Uuid } from '@sallyport/model';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import { namedFilter } from '../list/named-filter.ts';
import type { WorkerApplication } from '../record/configuration-records.ts';
import type { NamedListRequest, Page } from '../record/page.ts';
import type { Session } from '../session.ts';
import { APPLICATION_COLUMNS, readApplication } from './application-row.ts';

export async function listApplications(
  session: Session,
  environmentId: Uuid,
  request: NamedListRequest,
): Promise<Page<WorkerApplication>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db
    .selectFrom('applications')
    .where('environment_id', '=', environmentId)
    .where(namedFilter<'applications'>(request));
  const rows = await selected
    .select(APPLICATION_COLUMNS)
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(rows, limit, counted, readApplication, (row) => row.id);
}
