import type { Group, Uuid } from '@sallyport/model';
import { afterText, EMPTY_PAGE, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { GroupListRequest } from '../record/group-records.ts';
import type { Page } from '../record/page.ts';
import type { Session } from '../session.ts';
import { selectionSql } from '../user/selection-sql.ts';
import { groupColumn } from './group-attribute-sql.ts';
import { readWholeRow, wholeGroups } from './select-groups.ts';

/** In the order of ids, which is the order of creation: groups that come in while a client pages are met at the end. */
export async function listGroups(
  session: Session,
  environmentId: Uuid,
  request: GroupListRequest,
): Promise<Page<Group>> {
  const { db, reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return EMPTY_PAGE;
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const condition =
    request.selection === undefined ? undefined : selectionSql(request.selection, environmentNo, groupColumn);
  const page = wholeGroups(db).where('environment_no', '=', environmentNo);
  const rows = await (condition === undefined ? page : page.where(condition))
    .where('groups.id', '>', afterText(cursor))
    .orderBy('groups.id')
    .limit(limit + 1)
    .execute();
  const all = db.selectFrom('groups').where('environment_no', '=', environmentNo);
  const counted =
    cursor?.count ??
    (
      await (condition === undefined ? all : all.where(condition))
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
    ).count;
  return makePage(
    rows,
    limit,
    counted,
    (row) => readWholeRow(session, environmentId, row),
    (row) => row.id,
  );
}
