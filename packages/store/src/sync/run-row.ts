import { OUTCOMES, type OutcomeCounts, type Uuid, zeroCounts } from '@sallyport/model';
import type { Run } from '../record/sync-records.ts';
import {
  readId,
  readNumber,
  readObject,
  readOptionalId,
  readOptionalNumber,
  readOptionalText,
  readText,
  readWord,
} from '../schema/decode.ts';
import type { Cell } from '../sqlite/connection.ts';

export const RUN_COLUMNS =
  'r.number, r.id, s.rule_id, r.revision_id, r.type, r.status, r.reason, r.started_at, r.ended_at, r.objects_read, r.objects_expected, r.counts, r.error_code, r.error_message';

export function readRun(environmentId: Uuid, row: readonly Cell[]): Run {
  return {
    environmentId,
    runId: readText(row[1]),
    ruleId: readId(row[2]),
    revisionId: readOptionalId(row[3] ?? null),
    type: readWord(['full', 'delta', 'preview'], row[4]),
    status: readWord(['running', 'completed', 'held', 'failed', 'interrupted', 'cancelled'], row[5]),
    reason: readText(row[6]),
    startedAt: readNumber(row[7]),
    endedAt: readOptionalNumber(row[8]),
    read: readNumber(row[9]),
    expected: readOptionalNumber(row[10]),
    counts: readCounts(row[11]),
    errorCode: readOptionalText(row[12]),
    errorMessage: readOptionalText(row[13]),
  };
}

function readCounts(cell: Cell | undefined): OutcomeCounts {
  const stored = readObject(cell);
  const counts = zeroCounts();
  for (const outcome of OUTCOMES) {
    const count = stored[outcome];
    if (typeof count === 'number') counts[outcome] = count;
  }
  return counts;
}
