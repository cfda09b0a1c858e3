import type { User, Uuid } from '@sallyport/model';
import { afterText, EMPTY_PAGE, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { Page } from '../record/page.ts';
import type { Session } from '../session.ts';
import type { UserListRequest } from '../store.ts';
import { selectionSql } from './selection-sql.ts';
import { readUser, readUserRow } from './user-row.ts';

/** In the order of ids, which is the order of creation: users that come in while a client pages are met at the end. */
export async function listUsers(
  session: Session,
  environmentId: Uuid,
  request: UserListRequest,
): Promise<Page<User>> {
  const { db, reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return EMPTY_PAGE;
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const all = db.selectFrom('users').where('environment_no', '=', environmentNo);
  const selected =
    request.selection === undefined ? all : all.where(selectionSql(request.selection, environmentNo));
  const rows = await selected
    .select([
      'number',
      'id',
      'sequence',
      'population_no',
      'enabled',
      'username',
      'email',
      'external_id',
      'attributes',
      'state',
      'created_at',
      'updated_at',
    ])
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(
    rows,
    limit,
    counted,
    (row) =>
      readUser(
        reader,
        numbers,
        environmentId,
        readUserRow([
          row.number,
          row.id,
          row.sequence,
          row.population_no,
          row.enabled,
          row.username,
          row.email,
          row.external_id,
          row.attributes,
          row.state,
          row.created_at,
          row.updated_at,
        ]),
      ),
    (row) => row.id,
  );
}
