import type { Uuid } from '@sallyport/model';
import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { groupColumn } from '../group/group-attribute-sql.ts';
import { readWholeRow, type WholeGroupRow, wholeGroups } from '../group/select-groups.ts';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { Membership, MembershipListRequest } from '../record/group-records.ts';
import type { Page } from '../record/page.ts';
import type { Tables } from '../schema/tables.ts';
import type { Session } from '../session.ts';
import { selectionSql } from '../user/selection-sql.ts';
import { allGroups, type Belonging, directGroups } from './belongs-to.ts';

/** By rising id of the group. */
export async function listMemberships(
  session: Session,
  environmentId: Uuid,
  environmentNo: number,
  belonging: Belonging,
  request: MembershipListRequest,
): Promise<Page<Membership>> {
  const { db } = session;
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const direct = sql<SqlBool>`groups.number IN (${directGroups(belonging)})`;
  const which = (eb: ExpressionBuilder<Tables, 'groups'>) => {
    const conditions = [
      request.type === 'DIRECT' ? direct : sql<SqlBool>`groups.number IN (${allGroups(belonging)})`,
    ];
    if (request.type === 'INDIRECT') conditions.push(sql<SqlBool>`NOT (${direct})`);
    if (request.selection !== undefined)
      conditions.push(selectionSql(request.selection, environmentNo, groupColumn));
    return eb.and(conditions);
  };
  const rows = await wholeGroups(db)
    .select(direct.as('direct'))
    .where(which)
    .where(sql<string>`+groups.id`, '>', afterText(cursor))
    .orderBy(sql`+groups.id`)
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (
      await db
        .selectFrom('groups')
        .where(which)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
    ).count;
  return makePage(
    rows,
    limit,
    counted,
    (row) => readMembership(session, environmentId, row),
    (row) => row.id,
  );
}

/** One membership, if there is one. */
export async function readOneMembership(
  session: Session,
  environmentId: Uuid,
  belonging: Belonging,
  groupNo: number,
): Promise<Membership | undefined> {
  const row = await wholeGroups(session.db)
    .select(sql<SqlBool>`groups.number IN (${directGroups(belonging)})`.as('direct'))
    .where('groups.number', '=', groupNo)
    .where(sql<SqlBool>`groups.number IN (${allGroups(belonging)})`)
    .executeTakeFirst();
  return row === undefined ? undefined : readMembership(session, environmentId, row);
}

function readMembership(
  session: Session,
  environmentId: Uuid,
  row: WholeGroupRow & { readonly direct: unknown },
): Membership {
  const group = readWholeRow(session, environmentId, row);
  return {
    groupId: group.id,
    environmentId,
    name: group.profile.name,
    type: row.direct === 1 ? 'DIRECT' : 'INDIRECT',
    group,
  };
}
