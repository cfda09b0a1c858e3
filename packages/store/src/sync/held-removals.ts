import type { ObjectType } from '@sallyport/model';
import type { HeldList, HeldRemoval } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readNumber, readText, readWord } from '../schema/decode.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { RulePlace } from './rule-place.ts';

const insertHeld = makeBulkInsert('held_removals', [
  'environment_no',
  'rule_no',
  'object_type',
  'link_number',
  'run_id',
  'first_run_id',
  'source_key',
  'place',
  'label',
  'how',
  'detail',
]);

/**
 * Rows of `held_removals` that the list of one run showed and that still wait: first listed by it, or by a run before it. Of a type
 * of which it made no list, none. Parameters: number of the rule, id of the run.
 */
export const SHOWN_BY_RUN = `(object_type, first_run_id) IN (
  SELECT listed.object_type, listed.run_id FROM held_lists own
  CROSS JOIN held_lists listed ON listed.rule_no = own.rule_no AND listed.object_type = own.object_type AND listed.number <= own.number
  WHERE own.rule_no = ? AND own.run_id = ?)`;

/** One list waits at a time: what was held before is replaced. The run is remembered among those that listed what waits. */
export function saveHeld(
  connection: Connection,
  place: RulePlace,
  runId: string,
  objectType: ObjectType,
  removals: readonly HeldRemoval[],
): void {
  if (removals.length === 0) {
    clearHeld(connection, place, objectType);
    return;
  }
  const type = objectTypeCodes.code(objectType);
  clearRows(connection, place, objectType);
  connection.run('INSERT OR IGNORE INTO held_lists (rule_no, object_type, run_id) VALUES (?, ?, ?)', [
    place.ruleNo,
    type,
    runId,
  ]);
  insertHeld(
    connection,
    removals.map((removal) => [
      place.environmentNo,
      place.ruleNo,
      type,
      removal.linkNumber,
      runId,
      removal.firstRunId,
      removal.sourceKey,
      removal.place,
      removal.label,
      removal.how,
      removal.detail,
    ]),
  );
}

/** The whole list: it is decided about as a whole, and the guard's count is what bounds it. */
export function readHeld(
  connection: Connection,
  { environmentNo, ruleNo }: RulePlace,
  objectType: ObjectType,
): HeldList | undefined {
  const rows = connection.rows(
    'SELECT run_id, link_number, source_key, place, label, how, detail, first_run_id FROM held_removals WHERE environment_no = ? AND rule_no = ? AND object_type = ? ORDER BY link_number',
    [environmentNo, ruleNo, objectTypeCodes.code(objectType)],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  const lists = connection.rows(
    'SELECT run_id FROM held_lists WHERE rule_no = ? AND object_type = ? ORDER BY number',
    [ruleNo, objectTypeCodes.code(objectType)],
  );
  return {
    runId: readText(first[0]),
    listedBy: lists.map((row) => readText(row[0])),
    removals: rows.map((row) => ({
      linkNumber: readNumber(row[1]),
      objectType,
      sourceKey: readText(row[2]),
      place: readText(row[3]),
      label: readText(row[4]),
      how: readWord(['deleted', 'outOfScope'], row[5]),
      detail: readText(row[6]),
      firstRunId: readText(row[7]),
    })),
  };
}

export function clearHeld(connection: Connection, place: RulePlace, objectType: ObjectType): void {
  clearRows(connection, place, objectType);
  connection.run('DELETE FROM held_lists WHERE rule_no = ? AND object_type = ?', [
    place.ruleNo,
    objectTypeCodes.code(objectType),
  ]);
}

function clearRows(
  connection: Connection,
  { environmentNo, ruleNo }: RulePlace,
  objectType: ObjectType,
): void {
  connection.run('DELETE FROM held_removals WHERE environment_no = ? AND rule_no = ? AND object_type = ?', [
    environmentNo,
    ruleNo,
    objectTypeCodes.code(objectType),
  ]);
}
