import type { Uuid } from '@sallyport/model';
import { selectGroupsBy } from '../group/read-groups.ts';
import type { TargetMember } from '../record/sync-records.ts';
import { readNumber, readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../sqlite/connection.ts';

type MemberType = TargetMember['objectType'];

const MEMBER_TYPES: readonly MemberType[] = ['user', 'group'];

/** Ids of direct members of one type, rising, after `after`. */
export function readMembers(
  session: Session,
  environmentId: Uuid,
  groupId: string,
  objectType: MemberType,
  after: string,
  limit: number,
): readonly string[] {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return [];
  const [group] = selectGroupsBy(reader, environmentNo, 'number', 'id', [groupId]);
  if (group === undefined) return [];
  const groupNo = readNumber(group[0]);
  if (objectType === 'user') return memberUserIds(reader, environmentNo, groupNo, after, limit);
  return reader
    .rows(
      `SELECT g.id FROM group_nestings n CROSS JOIN groups g ON g.number = n.child_no
       WHERE n.parent_no = ? AND g.id > ? ORDER BY g.id LIMIT ?`,
      [groupNo, after, limit],
    )
    .map((row) => readText(row[0]));
}

/**
 * A page of a group's users, in the order of ids. Members lie in the order of their numbers: a small group is sorted for each
 * page, which for all pages costs members² / limit; in a large one the users are walked in order and asked whether they
 * are in it, which for all pages costs as much as there are users. 100,000 of 100,000 users: 13 s and 0.3 s.
 */
export function memberUserIds(
  connection: Connection,
  environmentNo: number,
  groupNo: number,
  after: string,
  limit: number,
): readonly string[] {
  const count = readNumber(
    connection.row('SELECT count(*) FROM memberships WHERE group_no = ?', [groupNo])?.[0],
  );
  const users = readNumber(connection.row('SELECT ifnull(max(number), 0) FROM users', [])?.[0]);
  const statement =
    count * count > limit * users
      ? `SELECT u.id FROM users u CROSS JOIN memberships m ON m.group_no = ?2 AND m.user_no = u.number
         WHERE u.environment_no = ?1 AND u.id > ?3 ORDER BY u.id LIMIT ?4`
      : `SELECT u.id FROM memberships m CROSS JOIN users u ON u.number = m.user_no
         WHERE u.environment_no = ?1 AND m.group_no = ?2 AND u.id > ?3 ORDER BY u.id LIMIT ?4`;
  return connection.rows(statement, [environmentNo, groupNo, after, limit]).map((row) => readText(row[0]));
}

/** Those that are direct members, users first. */
export function readMembersAmong(
  session: Session,
  environmentId: Uuid,
  groupId: string,
  members: readonly TargetMember[],
): readonly TargetMember[] {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined || members.length === 0) return [];
  const [group] = selectGroupsBy(reader, environmentNo, 'number', 'id', [groupId]);
  if (group === undefined) return [];
  const groupNo = readNumber(group[0]);
  return MEMBER_TYPES.flatMap((objectType) => {
    const ids = members.flatMap((member) => (member.objectType === objectType ? [member.id] : []));
    if (ids.length === 0) return [];
    const statement =
      objectType === 'user'
        ? `SELECT u.id FROM users u CROSS JOIN memberships m ON m.group_no = ?2 AND m.user_no = u.number
           WHERE u.environment_no = ?1 AND u.id IN (SELECT value FROM json_each(?3))`
        : `SELECT g.id FROM groups g CROSS JOIN group_nestings n ON n.parent_no = ?2 AND n.child_no = g.number
           WHERE g.environment_no = ?1 AND g.id IN (SELECT value FROM json_each(?3))`;
    return reader
      .rows(statement, [environmentNo, groupNo, JSON.stringify(ids)])
      .map((row): TargetMember => ({ objectType, id: readText(row[0]) }));
  });
}

/** Of each of these, the groups it is a direct member of; who is in none is absent. */
export function readGroupsOf(
  session: Session,
  environmentId: Uuid,
  objectType: MemberType,
  ids: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const { reader, numbers } = session;
  const found = new Map<string, string[]>();
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined || ids.length === 0) return found;
  const statement =
    objectType === 'user'
      ? `SELECT o.id, g.id FROM users o CROSS JOIN memberships m ON m.user_no = o.number
         CROSS JOIN groups g ON g.number = m.group_no`
      : `SELECT o.id, g.id FROM groups o CROSS JOIN group_nestings n ON n.child_no = o.number
         CROSS JOIN groups g ON g.number = n.parent_no`;
  for (const row of reader.rows(
    `${statement} WHERE o.environment_no = ? AND o.id IN (SELECT value FROM json_each(?))`,
    [environmentNo, JSON.stringify(ids)],
  )) {
    const id = readText(row[0]);
    const groups = found.get(id);
    if (groups === undefined) found.set(id, [readText(row[1])]);
    else groups.push(readText(row[1]));
  }
  return found;
}
