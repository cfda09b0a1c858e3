import type { ObjectType } from '@sallyport/model';
import type { HeldRemoval } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
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
