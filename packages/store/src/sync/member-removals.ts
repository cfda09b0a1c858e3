import type { RemovedMembers } from '../record/sync-records.ts';
import { readNumber } from '../schema/decode.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Connection } from '../sqlite/connection.ts';
import { linkKey, linkNumber } from './link-row.ts';
import { KEPT_MS } from './removals.ts';
import type { RulePlace } from './rule-place.ts';

const MINUTE_MS = 60_000;

const insertRemovals = makeBulkInsert(
  'member_removals',
  ['group_key', 'minute', 'count'],
  'ON CONFLICT (group_key, minute) DO UPDATE SET count = count + excluded.count',
);

/** What a group lost long ago is forgotten when it loses more. */
export function recordMemberRemovals(
  connection: Connection,
  { ruleNo }: RulePlace,
  at: number,
  removals: readonly RemovedMembers[],
): void {
  const minute = Math.floor(at / MINUTE_MS);
  connection.run(
    'DELETE FROM member_removals WHERE group_key IN (SELECT value FROM json_each(?)) AND minute < ?',
    [
      keys(
        ruleNo,
        removals.map(({ groupLink }) => groupLink),
      ),
      minute - KEPT_MS / MINUTE_MS,
    ],
  );
  insertRemovals(
    connection,
    removals.map(({ groupLink, count }) => [linkKey(ruleNo, groupLink), minute, count]),
  );
}

/** The minute that `since` lies in counts whole. */
export function membersRemovedSince(
  connection: Connection,
  { ruleNo }: RulePlace,
  groupLinks: readonly number[],
  since: number,
): ReadonlyMap<number, number> {
  if (groupLinks.length === 0) return new Map();
  const rows = connection.rows(
    'SELECT group_key, sum(count) FROM member_removals WHERE group_key IN (SELECT value FROM json_each(?)) AND minute >= ? GROUP BY group_key',
    [keys(ruleNo, groupLinks), Math.floor(since / MINUTE_MS)],
  );
  return new Map(rows.map((row) => [linkNumber(row[0]), readNumber(row[1])]));
}

function keys(ruleNo: number, groupLinks: readonly number[]): string {
  return JSON.stringify(groupLinks.map((number) => linkKey(ruleNo, number)));
}
