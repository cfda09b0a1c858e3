import type { Uuid } from '@sallyport/model';
import { raiseGroups } from '../group/raise-groups.ts';
import { selectGroupsBy } from '../group/read-groups.ts';
import type {
  BulkMembershipResult,
  BulkMembershipWrite,
  GroupLimits,
  RefusedMember,
} from '../record/group-records.ts';
import type { TargetMember } from '../record/sync-records.ts';
import { readNumber, readText } from '../schema/decode.ts';
import type { Numbers } from '../schema/numbers.ts';
import type { Connection } from '../sqlite/connection.ts';
import { selectUsersBy } from '../user/read-users.ts';
import { addUsers } from './add-users.ts';
import { nestGroups } from './nest-groups.ts';

/** What the parts of a batch share. */
export interface MembershipBatch {
  readonly connection: Connection;
  readonly limits: GroupLimits;
  readonly environmentNo: number;
  readonly groups: ReadonlyMap<string, GroupPlace>;
  /** Numbers of the users that are named anywhere in the batch and exist. */
  readonly users: ReadonlyMap<string, number>;
}

export interface GroupPlace {
  readonly number: number;
  readonly sequence: number;
}

/** One write on its way: what came of it so far. */
export interface MembershipProgress {
  readonly groupNo: number;
  readonly sequence: number;
  readonly write: BulkMembershipWrite;
  added: number;
  removed: number;
  readonly refused: RefusedMember[];
}

/**
 * Writes members of many groups inside the caller's transaction. All removals come first: who goes from one group to another is
 * never in one too many. Each group that changed gets one new version, whatever the number of its members.
 */
export function writeMemberships(
  connection: Connection,
  numbers: Numbers,
  limits: GroupLimits,
  environmentId: Uuid,
  writes: readonly BulkMembershipWrite[],
): readonly BulkMembershipResult[] {
  if (writes.length === 0) return [];
  const environmentNo = numbers.environment(connection, environmentId);
  const batch: MembershipBatch = {
    connection,
    limits,
    environmentNo,
    groups: groupPlaces(connection, environmentNo, writes),
    users: userNumbers(connection, environmentNo, writes),
  };
  const progress = writes.map((write): MembershipProgress | undefined => {
    const place = batch.groups.get(write.groupId);
    if (place === undefined) return undefined;
    const { number, sequence } = place;
    return { groupNo: number, sequence, write, added: 0, removed: 0, refused: [] };
  });
  const found = progress.filter((one) => one !== undefined);
  for (const one of found) removeMembers(batch, one);
  addUsers(batch, found);
  for (const one of found) nestGroups(batch, one);
  const changed = found.filter((one) => one.added + one.removed > 0).map((one) => one.groupNo);
  const raised = raiseGroups(connection, environmentNo, [...new Set(changed)]);
  return progress.map((one, index) => {
    if (one === undefined) {
      const message = `There is no group ${writes[index]?.groupId}`;
      return { ok: false, code: 'NOT_FOUND', message };
    }
    const { added, removed, refused } = one;
    return { ok: true, version: raised.get(one.groupNo) ?? one.sequence, added, removed, refused };
  });
}

function memberIds(
  writes: readonly BulkMembershipWrite[],
  objectType: TargetMember['objectType'],
): Set<string> {
  const ids = new Set<string>();
  for (const { added, removed } of writes) {
    for (const member of added) if (member.objectType === objectType) ids.add(member.id);
    for (const member of removed) if (member.objectType === objectType) ids.add(member.id);
  }
  return ids;
}

/** The groups that are written, and those that are members of them. */
function groupPlaces(
  connection: Connection,
  environmentNo: number,
  writes: readonly BulkMembershipWrite[],
): ReadonlyMap<string, GroupPlace> {
  const ids = memberIds(writes, 'group');
  for (const { groupId } of writes) ids.add(groupId);
  const rows = selectGroupsBy(connection, environmentNo, 'id, number, sequence', 'id', [...ids]);
  return new Map(
    rows.map((row) => [readText(row[0]), { number: readNumber(row[1]), sequence: readNumber(row[2]) }]),
  );
}

function userNumbers(
  connection: Connection,
  environmentNo: number,
  writes: readonly BulkMembershipWrite[],
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const row of selectUsersBy(connection, environmentNo, 'id, number', 'id', [
    ...memberIds(writes, 'user'),
  ]))
    numbers.set(readText(row[0]), readNumber(row[1]));
  return numbers;
}

/** Who is gone, or was never a member, is not one now: that is what was wanted. */
function removeMembers({ connection, groups, users }: MembershipBatch, progress: MembershipProgress): void {
  const { write, groupNo } = progress;
  const userNos = write.removed.flatMap(({ objectType, id }) =>
    objectType === 'user' ? (users.get(id) ?? []) : [],
  );
  const childNos = write.removed.flatMap(({ objectType, id }) =>
    objectType === 'group' ? (groups.get(id)?.number ?? []) : [],
  );
  if (userNos.length > 0)
    progress.removed += connection.run(
      'DELETE FROM memberships WHERE group_no = ? AND user_no IN (SELECT value FROM json_each(?))',
      [groupNo, JSON.stringify(userNos)],
    );
  if (childNos.length > 0)
    progress.removed += connection.run(
      'DELETE FROM group_nestings WHERE parent_no = ? AND child_no IN (SELECT value FROM json_each(?))',
      [groupNo, JSON.stringify(childNos)],
    );
}
