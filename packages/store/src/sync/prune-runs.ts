import type { Uuid } from '@sallyport/model';
import { readNumber, readOptionalNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { linkKey, NUMBERS_PER_RULE } from './link-row.ts';
import { type RulePlace, readRulePlace } from './rule-place.ts';

export interface RunLimits {
  /** Epoch ms. */
  readonly endedBefore: number;
  readonly keep: number;
}

/** Lines of the journal in one transaction: some milliseconds, in which other writers wait. */
const LINES_AT_ONCE = 1000;
/** Runs without lines that go in one transaction. */
const RUNS_AT_ONCE = 200;

/** Nobody decides about the list of a run that is gone. What it was the first to list still tells the order of later lists. */
const FORGET_LIST = `DELETE FROM held_lists WHERE rule_no = ?2 AND run_id = (SELECT id FROM runs WHERE number = ?3)
  AND run_id NOT IN (SELECT first_run_id FROM held_removals WHERE environment_no = ?1 AND rule_no = ?2)`;

/**
 * Old runs and their lines, oldest first, a bounded number of rows in each transaction; the run's own row last, so that a
 * killed prune goes on where it was.
 */
export async function pruneRuns(
  session: Session,
  environmentId: Uuid,
  ruleId: Uuid,
  limits: RunLimits,
  signal: AbortSignal,
): Promise<number> {
  const place = readRulePlace(session.reader, session.numbers, environmentId, ruleId);
  if (place === undefined) return 0;
  let pruned = 0;
  while (!signal.aborted) {
    const runs = oldRuns(session, place, limits);
    if (runs.length === 0) return pruned;
    for (let run = runs.shift(); run !== undefined && !signal.aborted; run = runs.shift()) {
      const { number, first, last } = run;
      let gone = false;
      while (!gone && !signal.aborted)
        gone = await session.write(({ connection }) => {
          const lines =
            first === undefined || last === undefined
              ? 0
              : connection.run(
                  'DELETE FROM journal WHERE number IN (SELECT number FROM journal WHERE number BETWEEN ? AND ? AND run_no = ? LIMIT ?)',
                  [first, last, number, LINES_AT_ONCE],
                );
          if (lines === LINES_AT_ONCE) return false;
          connection.run(FORGET_LIST, [place.environmentNo, place.ruleNo, number]);
          connection.run('DELETE FROM runs WHERE number = ?', [number]);
          return true;
        });
      if (gone) pruned += 1;
    }
  }
  return pruned;
}

interface OldRun {
  readonly number: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
}

/**
 * What may go. What says how the rule stands stays whatever its age: the newest run, the newest that synced, and the newest
 * full run that was begun, which a restarted process asks whether it has to be gone on with.
 */
function oldRuns({ reader }: Session, { environmentNo, ruleNo }: RulePlace, limits: RunLimits): OldRun[] {
  const newest = (condition: string): string =>
    `coalesce((SELECT max(number) FROM runs WHERE rule_no = ?1${condition}), 0)`;
  return reader
    .rows(
      `SELECT number, first_line, last_line FROM runs
       WHERE rule_no = ?1 AND status <> 'running'
         AND (ended_at < ?2 OR number < coalesce((SELECT number FROM runs WHERE rule_no = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?3), 0))
         AND number NOT IN (${newest('')}, ${newest(" AND status IN ('completed', 'held')")}, ${newest(" AND type = 'full' AND status <> 'failed'")})
         AND id NOT IN (SELECT run_id FROM held_removals WHERE environment_no = ?4 AND rule_no = ?1)
         AND id NOT IN (SELECT run_id FROM held_members WHERE group_key >= ?5 AND group_key < ?6 AND kept = 0)
       ORDER BY number LIMIT ?7`,
      [
        ruleNo,
        limits.endedBefore,
        Math.max(0, limits.keep - 1),
        environmentNo,
        linkKey(ruleNo, 0),
        linkKey(ruleNo, NUMBERS_PER_RULE),
        RUNS_AT_ONCE,
      ],
    )
    .map((row) => ({
      number: readNumber(row[0]),
      first: readOptionalNumber(row[1] ?? null),
      last: readOptionalNumber(row[2] ?? null),
    }));
}
