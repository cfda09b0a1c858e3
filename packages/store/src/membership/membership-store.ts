import { CodedError, type User, type Uuid } from '@sallyport/model';
import { assertEditable, constraint } from '../group/group-refusals.ts';
import type { GroupRow } from '../group/group-row.ts';
import { readGroupById } from '../group/read-groups.ts';
import { afterText, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import { notFound } from '../list/not-found.ts';
import type { BulkMembershipWrite, MembershipStore } from '../record/group-records.ts';
import type { Page, PageRequest } from '../record/page.ts';
import { readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../sqlite/connection.ts';
import { connectionOf } from '../sync/open-transactions.ts';
import { readUserById, readUsersBy } from '../user/read-users.ts';
import { readUser } from '../user/user-row.ts';
import { listMemberships, readOneMembership } from './list-memberships.ts';
import { memberUserIds, readGroupsOf, readMembers, readMembersAmong } from './read-members.ts';
import { writeMemberships } from './write-memberships.ts';

export function makeMembershipStore(session: Session): MembershipStore {
  const { reader, numbers } = session;
  return {
    add: async (environmentId, userId, groupId, edit) => {
      await session.write(({ connection }) => {
        const environmentNo = numbers.environment(connection, environmentId);
        assertEditable(groupOf(connection, environmentNo, groupId), edit);
        if (readUserById(connection, environmentNo, userId) === undefined) throw notFound('user', userId);
        const added = [{ objectType: 'user' as const, id: userId }];
        writeOne(session, connection, environmentId, { groupId, added, removed: [] });
      });
      const membership = await getMembership(session, environmentId, userId, groupId);
      if (membership === undefined) throw notFound('membership in the group', groupId);
      return membership;
    },
    get: (environmentId, userId, groupId) => getMembership(session, environmentId, userId, groupId),
    remove: async (environmentId, userId, groupId, edit) => {
      const membership = await getMembership(session, environmentId, userId, groupId);
      await session.write(({ connection }) => {
        const environmentNo = numbers.environment(connection, environmentId);
        const group = groupOf(connection, environmentNo, groupId);
        assertEditable(group, edit);
        const removed = [{ objectType: 'user' as const, id: userId }];
        const count = writeOne(session, connection, environmentId, { groupId, added: [], removed });
        if (count === 0) throw notRemoved(membership?.type, group);
      });
    },
    ofUser: async (environmentId, userId, request) => {
      const environmentNo = numbers.readEnvironment(reader, environmentId);
      const user = environmentNo === undefined ? undefined : readUserById(reader, environmentNo, userId);
      if (environmentNo === undefined || user === undefined) throw notFound('user', userId);
      const belonging = { objectType: 'user', number: user.number } as const;
      return listMemberships(session, environmentId, environmentNo, belonging, request);
    },
    users: async (environmentId, groupId, request) => listMembers(session, environmentId, groupId, request),
    members: async (environmentId, groupId, objectType, after, limit) =>
      readMembers(session, environmentId, groupId, objectType, after, limit),
    membersAmong: async (environmentId, groupId, members) =>
      readMembersAmong(session, environmentId, groupId, members),
    groupsOf: async (environmentId, objectType, ids) => readGroupsOf(session, environmentId, objectType, ids),
    writeMany: async (environmentId, writes, transaction) => {
      const write = (connection: Connection) =>
        writeMemberships(connection, numbers, session.groupLimits, environmentId, writes);
      return transaction === undefined
        ? session.write(({ connection }) => write(connection))
        : write(connectionOf(transaction));
    },
  };
}

export function groupOf(connection: Connection, environmentNo: number, id: Uuid): GroupRow {
  const group = readGroupById(connection, environmentNo, id);
  if (group === undefined) throw notFound('group', id);
  return group;
}

/** One write whose refusal is an error. Answers how much it changed. */
export function writeOne(
  session: Session,
  connection: Connection,
  environmentId: Uuid,
  write: BulkMembershipWrite,
): number {
  const [result] = writeMemberships(connection, session.numbers, session.groupLimits, environmentId, [write]);
  if (result === undefined) return 0;
  if (!result.ok) throw new CodedError(result.code, result.message);
  const [refused] = result.refused;
  if (refused !== undefined)
    throw new CodedError(refused.code, refused.message, {
      details: [{ code: refused.code, target: 'id', message: refused.message }],
    });
  return result.added + result.removed;
}

export function notRemoved(type: string | undefined, { id, profile }: GroupRow): CodedError {
  if (type !== 'INDIRECT') return notFound('direct membership in the group', id);
  return constraint(
    'id',
    `The membership in ${profile.name} comes by way of another group. Remove it there: only direct memberships can be removed`,
  );
}

async function getMembership(session: Session, environmentId: Uuid, userId: Uuid, groupId: Uuid) {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return undefined;
  const user = readUserById(reader, environmentNo, userId);
  const group = readGroupById(reader, environmentNo, groupId);
  if (user === undefined || group === undefined) return undefined;
  return readOneMembership(session, environmentId, { objectType: 'user', number: user.number }, group.number);
}

function listMembers(
  { reader, numbers }: Session,
  environmentId: Uuid,
  groupId: Uuid,
  request: PageRequest,
): Page<User> {
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) throw notFound('group', groupId);
  const { number } = groupOf(reader, environmentNo, groupId);
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const ids = memberUserIds(reader, environmentNo, number, afterText(cursor), limit + 1);
  const rows = new Map(readUsersBy(reader, environmentNo, 'id', ids).map((row) => [row.id, row]));
  const counted =
    cursor?.count ??
    readNumber(reader.row('SELECT count(*) FROM memberships WHERE group_no = ?', [number])?.[0]);
  return makePage(
    ids.flatMap((id) => rows.get(id) ?? []),
    limit,
    counted,
    (row) => readUser(reader, numbers, environmentId, row),
    (row) => row.id,
  );
}
