import { countGroups } from '../group/insert-groups.ts';
import type { RefusedMember } from '../record/group-records.ts';
import type { TargetMember } from '../record/sync-records.ts';
import { readNumber } from '../schema/decode.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { MembershipBatch, MembershipProgress } from './write-memberships.ts';

const insertMemberships = makeBulkInsert('memberships', ['group_no', 'user_no'], 'ON CONFLICT DO NOTHING');

/**
 * Adds users write by write, each one seeing what those before it wrote. The two rules that can refuse an existing user are only
 * asked about where they can: nobody exceeds a number of memberships that there are not even groups for, and few groups have
 * a namesake.
 */
export function addUsers(batch: MembershipBatch, all: readonly MembershipProgress[]): void {
  const { connection } = batch;
  const namesakes = findNamesakes(connection, all);
  const counts = possibleCounts(batch, all);
  for (const progress of all) {
    const rivals = namesakes.get(progress.groupNo);
    const userNos: number[] = [];
    for (const member of progress.write.added) {
      if (member.objectType !== 'user') continue;
      const userNo = batch.users.get(member.id);
      const refusal =
        userNo === undefined
          ? { member, code: 'NOT_FOUND', message: `There is no user ${member.id}` }
          : (namesakeRefusal(connection, member, userNo, rivals) ??
            limitRefusal(batch, progress.groupNo, member, userNo, counts));
      if (refusal !== undefined) progress.refused.push(refusal);
      else if (userNo !== undefined) userNos.push(userNo);
    }
    // In the order of the table, so that neighbours go to one page.
    userNos.sort((one, other) => one - other);
    progress.added += insertMemberships(
      connection,
      userNos.map((userNo) => [progress.groupNo, userNo]),
    );
  }
}

/** Other groups of the same name, in other populations; most groups have none and are absent. */
function findNamesakes(
  connection: Connection,
  all: readonly MembershipProgress[],
): ReadonlyMap<number, readonly number[]> {
  const rows = connection.rows(
    `SELECT g.number, o.number FROM json_each(?) j CROSS JOIN groups g ON g.number = j.value
       CROSS JOIN groups o ON o.environment_no = g.environment_no AND o.name_key = g.name_key AND o.number <> g.number`,
    [JSON.stringify([...new Set(all.map((one) => one.groupNo))])],
  );
  const pairs = rows.map((row): readonly [number, number] => [readNumber(row[0]), readNumber(row[1])]);
  return new Map(
    [...Map.groupBy(pairs, ([groupNo]) => groupNo)].map(([groupNo, ones]) => [
      groupNo,
      ones.map(([, other]) => other),
    ]),
  );
}

function namesakeRefusal(
  connection: Connection,
  member: TargetMember,
  userNo: number,
  rivals: readonly number[] | undefined,
): RefusedMember | undefined {
  const rival = rivals?.find((groupNo) => isMember(connection, groupNo, userNo));
  if (rival === undefined) return undefined;
  const row = connection.row('SELECT id, name FROM groups WHERE number = ?', [rival]);
  const message = `The user ${member.id} is in the group ${String(row?.[0])}, which is named ${String(row?.[1])} too, and nobody can be in two groups of one name`;
  return { member, code: 'CONSTRAINT_VIOLATION', message };
}

/** How many memberships each user of the batch can have by now at most; undefined if no one can have too many. */
function possibleCounts(
  { connection, environmentNo, limits, users }: MembershipBatch,
  all: readonly MembershipProgress[],
): Map<number, number> | undefined {
  if (all.every(({ write }) => write.added.length === 0)) return undefined;
  if (countGroups(connection, environmentNo) <= limits.maxMembershipsPerUser) return undefined;
  const rows = connection.rows(
    'SELECT user_no, count(*) FROM memberships WHERE user_no IN (SELECT value FROM json_each(?)) GROUP BY user_no',
    [JSON.stringify([...users.values()])],
  );
  return new Map(rows.map((row) => [readNumber(row[0]), readNumber(row[1])]));
}

function limitRefusal(
  { connection, limits: { maxMembershipsPerUser: limit } }: MembershipBatch,
  groupNo: number,
  member: TargetMember,
  userNo: number,
  counts: Map<number, number> | undefined,
): RefusedMember | undefined {
  if (counts === undefined) return undefined;
  const possible = counts.get(userNo) ?? 0;
  counts.set(userNo, possible + 1);
  // The sum counts those that were there already once more: only where it reaches the limit are they counted exactly.
  if (possible < limit || isMember(connection, groupNo, userNo)) return undefined;
  const exact = readNumber(
    connection.row('SELECT count(*) FROM memberships WHERE user_no = ?', [userNo])?.[0],
  );
  counts.set(userNo, exact < limit ? exact + 1 : exact);
  if (exact < limit) return undefined;
  const message = `The user ${member.id} is in ${exact} groups, and nobody can be in more than ${limit}`;
  return { member, code: 'QUOTA_EXCEEDED', message };
}

function isMember(connection: Connection, groupNo: number, userNo: number): boolean {
  return (
    connection.row('SELECT 1 FROM memberships WHERE group_no = ? AND user_no = ?', [groupNo, userNo]) !==
    undefined
  );
}
