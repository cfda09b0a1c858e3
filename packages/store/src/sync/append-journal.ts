import type { JournalEntry } from '../record/sync-records.ts';
import { objectTypeCodes, outcomeCodes } from '../schema/codes.ts';
import { readNumber } from '../schema/decode.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Connection } from '../sqlite/connection.ts';
import { writeChanges } from './journal-row.ts';
import type { RulePlace } from './rule-place.ts';

const insertLines = makeBulkInsert('journal', [
  'environment_no',
  'rule_no',
  'run_no',
  'at',
  'object_type',
  'source_key',
  'place',
  'target_id',
  'label',
  'outcome',
  'reason',
  'error_code',
  'changes',
]);

/** Adds lines, and widens the run's part of the journal by them: a run's lines are found by number, without an index. */
export function appendJournal(
  connection: Connection,
  { environmentNo, ruleNo }: RulePlace,
  runNo: number,
  entries: readonly JournalEntry[],
): void {
  if (entries.length === 0) return;
  insertLines(
    connection,
    entries.map((entry) => [
      environmentNo,
      ruleNo,
      runNo,
      entry.at,
      objectTypeCodes.code(entry.objectType),
      entry.sourceKey,
      entry.place,
      entry.targetId ?? null,
      entry.label,
      outcomeCodes.code(entry.outcome),
      entry.reason,
      entry.errorCode ?? null,
      writeChanges(entry.changes),
    ]),
  );
  const last = readNumber(connection.row('SELECT max(number) FROM journal', [])?.[0]);
  connection.run('UPDATE runs SET first_line = coalesce(first_line, ?), last_line = ? WHERE number = ?', [
    last - entries.length + 1,
    last,
    runNo,
  ]);
}
