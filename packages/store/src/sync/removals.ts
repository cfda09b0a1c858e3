import type { ObjectType } from '@sallyport/model';
import { objectTypeCodes } from '../schema/codes.ts';
import { readNumber } from '../schema/decode.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { RulePlace } from './rule-place.ts';

/** Well longer than the hour that the guard looks back, so that a clock set wrong for a while takes nothing from its sum. */
export const KEPT_MS = 24 * 3_600_000;

export function recordRemovals(
  connection: Connection,
  { environmentNo, ruleNo }: RulePlace,
  objectType: ObjectType,
  at: number,
  count: number,
): void {
  const key = [environmentNo, ruleNo, objectTypeCodes.code(objectType)];
  connection.run(
    'DELETE FROM removals WHERE environment_no = ? AND rule_no = ? AND object_type = ? AND at < ?',
    [...key, at - KEPT_MS],
  );
  connection.run(
    `INSERT INTO removals (environment_no, rule_no, object_type, at, count) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (environment_no, rule_no, object_type, at) DO UPDATE SET count = count + excluded.count`,
    [...key, at, count],
  );
}

export function removedSince(
  connection: Connection,
  { environmentNo, ruleNo }: RulePlace,
  objectType: ObjectType,
  since: number,
): number {
  const row = connection.row(
    'SELECT coalesce(sum(count), 0) FROM removals WHERE environment_no = ? AND rule_no = ? AND object_type = ? AND at >= ?',
    [environmentNo, ruleNo, objectTypeCodes.code(objectType), since],
  );
  return row === undefined ? 0 : readNumber(row[0]);
}
