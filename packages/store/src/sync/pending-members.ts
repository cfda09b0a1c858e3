import type { PendingMember } from '../record/sync-records.ts';
import { readNumber, readText } from '../schema/decode.ts';
import { textHash } from '../schema/text-hash.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Connection } from '../sqlite/connection.ts';
import { linkKey, linkNumber, NUMBERS_PER_RULE } from './link-row.ts';
import type { RulePlace } from './rule-place.ts';

// Memberships that wait for their member. A hash may be shared: every comparison looks at the text too.

const insertPending = makeBulkInsert('pending_members', [
  'pending_key',
  'rule_no',
  'group_key',
  'reference_hash',
  'reference',
]);

/** Rows a sweep looks at in one call: 10 ms, during which the process does nothing else. */
const SWEEP_ROWS = 10_000;

/** What waits already goes on waiting, once. */
export function addPending(
  connection: Connection,
  { ruleNo }: RulePlace,
  pending: readonly PendingMember[],
): void {
  const added: PendingMember[] = [];
  for (const [groupLink, members] of Map.groupBy(pending, (one) => one.groupLink)) {
    const known = waiting(connection, linkKey(ruleNo, groupLink), members);
    for (const { reference } of members) {
      if (known.has(reference)) continue;
      known.add(reference);
      added.push({ groupLink, reference });
    }
  }
  if (added.length === 0) return;
  const last = readNumber(
    connection.row(
      'UPDATE rule_syncs SET last_pending_number = last_pending_number + ? WHERE number = ? RETURNING last_pending_number',
      [added.length, ruleNo],
    )?.[0],
  );
  const first = linkKey(ruleNo, last - added.length + 1);
  insertPending(
    connection,
    added.map(({ groupLink, reference }, index) => [
      first + index,
      ruleNo,
      linkKey(ruleNo, groupLink),
      textHash(reference),
      reference,
    ]),
  );
}

/** Which of these wait in the group already. */
function waiting(connection: Connection, groupKey: number, members: readonly PendingMember[]): Set<string> {
  const rows = connection.rows(
    'SELECT reference FROM pending_members WHERE group_key = ? AND reference_hash IN (SELECT value FROM json_each(?))',
    [groupKey, JSON.stringify(members.map(({ reference }) => textHash(reference)))],
  );
  return new Set(rows.map((row) => readText(row[0])));
}

export function removePending(
  connection: Connection,
  { ruleNo }: RulePlace,
  pending: readonly PendingMember[],
): void {
  for (const { groupLink, reference } of pending)
    connection.run(
      'DELETE FROM pending_members WHERE group_key = ? AND reference_hash = ? AND reference = ?',
      [linkKey(ruleNo, groupLink), textHash(reference), reference],
    );
}

export function clearPending(
  connection: Connection,
  { ruleNo }: RulePlace,
  groupLinks: readonly number[],
): void {
  connection.run('DELETE FROM pending_members WHERE group_key IN (SELECT value FROM json_each(?))', [
    JSON.stringify(groupLinks.map((number) => linkKey(ruleNo, number))),
  ]);
}

export function pendingByReferences(
  connection: Connection,
  { ruleNo }: RulePlace,
  references: readonly string[],
): readonly PendingMember[] {
  if (references.length === 0) return [];
  const wanted = new Set(references);
  return connection
    .rows(
      'SELECT group_key, reference FROM pending_members WHERE rule_no = ? AND reference_hash IN (SELECT value FROM json_each(?))',
      [ruleNo, JSON.stringify([...wanted].map(textHash))],
    )
    .map((row) => ({ groupLink: linkNumber(row[0]), reference: readText(row[1]) }))
    .filter(({ reference }) => wanted.has(reference));
}

export function countPending(
  connection: Connection,
  { ruleNo }: RulePlace,
  groupLinks: readonly number[],
): ReadonlyMap<number, number> {
  if (groupLinks.length === 0) return new Map();
  const rows = connection.rows(
    'SELECT group_key, count(*) FROM pending_members WHERE group_key IN (SELECT value FROM json_each(?)) GROUP BY group_key',
    [JSON.stringify(groupLinks.map((number) => linkKey(ruleNo, number)))],
  );
  return new Map(rows.map((row) => [linkNumber(row[0]), readNumber(row[1])]));
}

/** In the order of their texts. */
export function pendingOf(
  connection: Connection,
  { ruleNo }: RulePlace,
  groupLink: number,
  after: string,
  limit: number,
): readonly string[] {
  return connection
    .rows('SELECT reference FROM pending_members WHERE group_key = ? AND reference > ? ORDER BY 1 LIMIT ?', [
      linkKey(ruleNo, groupLink),
      after,
      limit,
    ])
    .map((row) => readText(row[0]));
}

/**
 * Walks over what waits, oldest first, and answers what something is linked for by now. A page may be short, or empty, and
 * not be the last: `next` says where to go on. Of links that share a hash the engine finds out which are meant.
 */
export function pendingWithLinks(
  connection: Connection,
  { ruleNo }: RulePlace,
  after: number,
  limit: number,
): { readonly pending: readonly PendingMember[]; readonly next: number | undefined } {
  const rows = connection.rows(
    `SELECT pending_key, group_key, reference, EXISTS (SELECT 1 FROM links l
         WHERE l.rule_no = p.rule_no AND l.reference_hash = p.reference_hash AND l.presence <> 2 AND l.target_id IS NOT NULL)
       OR EXISTS (SELECT 1 FROM link_references o JOIN links l ON l.link_key = o.link_key
         WHERE o.rule_no = p.rule_no AND o.reference_hash = p.reference_hash AND o.reference = p.reference
           AND l.presence <> 2 AND l.target_id IS NOT NULL)
     FROM pending_members p WHERE p.pending_key > ? AND p.pending_key < ? ORDER BY p.pending_key LIMIT ?`,
    [linkKey(ruleNo, after), linkKey(ruleNo, NUMBERS_PER_RULE), SWEEP_ROWS],
  );
  const pending: PendingMember[] = [];
  for (const row of rows) {
    if (row[3] !== 1) continue;
    pending.push({ groupLink: linkNumber(row[1]), reference: readText(row[2]) });
    if (pending.length >= limit) return { pending, next: linkNumber(row[0]) };
  }
  const last = rows.at(-1);
  return { pending, next: rows.length < SWEEP_ROWS || last === undefined ? undefined : linkNumber(last[0]) };
}
