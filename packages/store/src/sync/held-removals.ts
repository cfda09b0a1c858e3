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
  'source_key',
  'place',
  'label',
  'how',
  'detail',
]);

/** One list waits at a time: what was held before is replaced. */
export function saveHeld(
  connection: Connection,
  place: RulePlace,
  runId: string,
  objectType: ObjectType,
  removals: readonly HeldRemoval[],
): void {
  clearHeld(connection, place, objectType);
  insertHeld(
    connection,
    removals.map((removal) => [
      place.environmentNo,
      place.ruleNo,
      objectTypeCodes.code(objectType),
      removal.linkNumber,
      runId,
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
    'SELECT run_id, link_number, source_key, place, label, how, detail FROM held_removals WHERE environment_no = ? AND rule_no = ? AND object_type = ? ORDER BY link_number',
    [environmentNo, ruleNo, objectTypeCodes.code(objectType)],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    runId: readText(first[0]),
    removals: rows.map((row) => ({
      linkNumber: readNumber(row[1]),
      objectType,
      sourceKey: readText(row[2]),
      place: readText(row[3]),
      label: readText(row[4]),
      how: readWord(['deleted', 'outOfScope'], row[5]),
      detail: readText(row[6]),
    })),
  };
}

export function clearHeld(
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
