import type { Uuid } from '@sallyport/model';
import type { Run } from '../record/sync-records.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { RulePlace } from './rule-place.ts';
import { RUN_COLUMNS, readRun } from './run-row.ts';

/** Those of these runs of the rule that are recorded, oldest first. */
export function readRuns(
  connection: Connection,
  environmentId: Uuid,
  { environmentNo, ruleNo }: RulePlace,
  runIds: readonly string[],
): readonly Run[] {
  if (runIds.length === 0) return [];
  return connection
    .rows(
      `SELECT ${RUN_COLUMNS} FROM json_each(?) wanted CROSS JOIN runs r ON r.environment_no = ? AND r.id = wanted.value
       CROSS JOIN rule_syncs s ON s.number = r.rule_no WHERE r.rule_no = ? ORDER BY r.number`,
      [JSON.stringify(runIds), environmentNo, ruleNo],
    )
    .map((row) => readRun(environmentId, row));
}
