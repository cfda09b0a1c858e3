import type { HeldMember, HeldMemberList } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readText } from '../schema/decode.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Connection } from '../sqlite/connection.ts';
import { linkKey, linkNumber, NUMBERS_PER_RULE } from './link-row.ts';
import type { RulePlace } from './rule-place.ts';

const insertHeld = makeBulkInsert('held_members', [
  'group_key',
  'object_type',
  'member_id',
  'run_id',
  'label',
  'kept',
]);

/**
 * Replaces what was held for these groups. A rule has one list: what this run adds makes it this run's list, so that a decision
 * about the list of an earlier run is refused.
 */
export function saveHeldMembers(
  connection: Connection,
  { ruleNo }: RulePlace,
  runId: string,
  groupLinks: readonly number[],
  members: readonly HeldMember[],
): void {
  connection.run('DELETE FROM held_members WHERE group_key IN (SELECT value FROM json_each(?))', [
    JSON.stringify(groupLinks.map((number) => linkKey(ruleNo, number))),
  ]);
  if (members.length === 0) return;
  insertHeld(
    connection,
    members.map(({ groupLink, member, label, kept }) => [
      linkKey(ruleNo, groupLink),
      objectTypeCodes.code(member.objectType),
      member.id,
      runId,
      label,
      kept ? 1 : 0,
    ]),
  );
  connection.run(
    'UPDATE held_members SET run_id = ?1 WHERE group_key >= ?2 AND group_key < ?3 AND run_id <> ?1',
    [runId, linkKey(ruleNo, 0), linkKey(ruleNo, NUMBERS_PER_RULE)],
  );
}

/** The whole list: it is decided about as a whole. With those that a person kept. */
export function readHeldMembers(connection: Connection, { ruleNo }: RulePlace): HeldMemberList | undefined {
  const rows = connection.rows(
    'SELECT group_key, object_type, member_id, label, kept, run_id FROM held_members WHERE group_key >= ? AND group_key < ? ORDER BY group_key, object_type, member_id',
    [linkKey(ruleNo, 0), linkKey(ruleNo, NUMBERS_PER_RULE)],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    runId: readText(first[5]),
    members: rows.map((row) => ({
      groupLink: linkNumber(row[0]),
      member: { objectType: objectTypeCodes.word(row[1]), id: readText(row[2]) },
      label: readText(row[3]),
      kept: row[4] === 1,
    })),
  };
}
