import type { Group, Uuid } from '@sallyport/model';
import { assertEditable, constraint } from '../group/group-refusals.ts';
import type { GroupRow } from '../group/group-row.ts';
import { readGroupById } from '../group/read-groups.ts';
import { readWholeRow, wholeGroups } from '../group/select-groups.ts';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import { notFound } from '../list/not-found.ts';
import type { NestingStore } from '../record/group-records.ts';
import type { Page, PageRequest } from '../record/page.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../sqlite/connection.ts';
import { listMemberships, readOneMembership } from './list-memberships.ts';
import { groupOf, notRemoved, writeOne } from './membership-store.ts';

export function makeNestingStore(session: Session): NestingStore {
  const { reader, numbers } = session;
  return {
    add: async (environmentId, childId, parentId, edit) => {
      await session.write(({ connection }) => {
        const environmentNo = numbers.environment(connection, environmentId);
        const child = groupOf(connection, environmentNo, childId);
        const parent = groupOf(connection, environmentNo, parentId);
        assertEditable(parent, edit);
        assertEditable(child, edit);
        assertNoCircle(connection, child, parent);
        const added = [{ objectType: 'group' as const, id: childId }];
        writeOne(session, connection, environmentId, { groupId: parentId, added, removed: [] });
      });
      const nesting = await getNesting(session, environmentId, childId, parentId);
      if (nesting === undefined) throw notFound('membership in the group', parentId);
      return nesting;
    },
    get: (environmentId, childId, parentId) => getNesting(session, environmentId, childId, parentId),
    remove: async (environmentId, childId, parentId, edit) => {
      const nesting = await getNesting(session, environmentId, childId, parentId);
      await session.write(({ connection }) => {
        const environmentNo = numbers.environment(connection, environmentId);
        const child = groupOf(connection, environmentNo, childId);
        const parent = groupOf(connection, environmentNo, parentId);
        assertEditable(parent, edit);
        assertEditable(child, edit);
        const removed = [{ objectType: 'group' as const, id: childId }];
        const write = { groupId: parentId, added: [], removed };
        if (writeOne(session, connection, environmentId, write) === 0)
          throw notRemoved(nesting?.type, parent);
      });
    },
    ofGroup: async (environmentId, childId, request) => {
      const environmentNo = numbers.readEnvironment(reader, environmentId);
      if (environmentNo === undefined) throw notFound('group', childId);
      const { number } = groupOf(reader, environmentNo, childId);
      const belonging = { objectType: 'group', number } as const;
      return listMemberships(session, environmentId, environmentNo, belonging, request);
    },
    children: (environmentId, parentId, request) => listChildren(session, environmentId, parentId, request),
  };
}

/** Directories have circles, and what comes from them is kept; nobody has to make one by hand. */
function assertNoCircle(connection: Connection, child: GroupRow, parent: GroupRow): void {
  const closing = connection.row(
    `WITH RECURSIVE above (group_no) AS (
       VALUES (?) UNION SELECT n.parent_no FROM above a CROSS JOIN group_nestings n ON n.child_no = a.group_no)
     SELECT 1 FROM above WHERE group_no = ?`,
    [parent.number, child.number],
  );
  if (closing === undefined) return;
  throw constraint(
    'id',
    child.number === parent.number
      ? `The group ${child.profile.name} cannot be a member of itself`
      : `The group ${parent.profile.name} is in ${child.profile.name} already: each would be in the other`,
  );
}

async function getNesting(session: Session, environmentId: Uuid, childId: Uuid, parentId: Uuid) {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return undefined;
  const child = readGroupById(reader, environmentNo, childId);
  const parent = readGroupById(reader, environmentNo, parentId);
  if (child === undefined || parent === undefined) return undefined;
  return readOneMembership(
    session,
    environmentId,
    { objectType: 'group', number: child.number },
    parent.number,
  );
}

async function listChildren(
  session: Session,
  environmentId: Uuid,
  parentId: Uuid,
  request: PageRequest,
): Promise<Page<Group>> {
  const { db, reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) throw notFound('group', parentId);
  const { number } = groupOf(reader, environmentNo, parentId);
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const inside = db.selectFrom('group_nestings').select('child_no').where('parent_no', '=', number);
  const rows = await wholeGroups(db)
    .where('groups.number', 'in', inside)
    .where('groups.id', '>', afterText(cursor))
    .orderBy('groups.id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (
      await db
        .selectFrom('group_nestings')
        .where('parent_no', '=', number)
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
