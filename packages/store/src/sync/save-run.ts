import type { Uuid } from '@sallyport/model';
import type { RunProgress } from '../record/sync-records.ts';
import { readNumber } from '../schema/decode.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { RulePlace } from './rule-place.ts';

const UPSERT = `INSERT INTO runs (environment_no, rule_no, id, revision_id, type, status, reason, started_at, ended_at,
    objects_read, objects_expected, counts, error_code, error_message)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (environment_no, id) DO UPDATE SET type = excluded.type, status = excluded.status, reason = excluded.reason,
    started_at = excluded.started_at, ended_at = excluded.ended_at, objects_read = excluded.objects_read,
    objects_expected = excluded.objects_expected, counts = excluded.counts, error_code = excluded.error_code,
    error_message = excluded.error_message`;

export function saveRun(
  connection: Connection,
  { environmentNo, ruleNo }: RulePlace,
  revisionId: Uuid | undefined,
  run: RunProgress,
): void {
  connection.run(UPSERT, [
    environmentNo,
    ruleNo,
    run.runId,
    revisionId ?? null,
    run.type,
    run.status,
    run.reason,
    run.startedAt,
    run.endedAt ?? null,
    run.read,
    run.expected ?? null,
    JSON.stringify(run.counts),
    run.errorCode ?? null,
    run.errorMessage ?? null,
  ]);
}

/** The number that stands for a run in the journal. A run whose first lines come before itself gets its row here. */
export function runNumber(
  connection: Connection,
  place: RulePlace,
  revisionId: Uuid | undefined,
  runId: string,
): number {
  const row = connection.row('SELECT number FROM runs WHERE environment_no = ? AND id = ?', [
    place.environmentNo,
    runId,
  ]);
  if (row !== undefined) return readNumber(row[0]);
  return connection.insert(
    `INSERT INTO runs (environment_no, rule_no, id, revision_id, type, status, reason, started_at, objects_read, counts)
     VALUES (?, ?, ?, ?, 'delta', 'running', '', ?, 0, '{}')`,
    [place.environmentNo, place.ruleNo, runId, revisionId ?? null, Date.now()],
  );
}
