import type { BreakerState } from '@sallyport/engine';

/** Where a source does not tell deletions, only reading everything finds them; hourly unless the rule says otherwise. */
export const DEFAULT_FULL_RUN_INTERVAL_MS = 60 * 60 * 1000;

/** Between two runs of one rule, however long they take. */
const BREATH_MS = 1000;
/** The least between a run and the next one that a hint asks for. */
const SHORTEST_BREATH_MS = 25;

export interface RuleClockFacts {
  readonly pollIntervalMs: number;
  readonly fullRunIntervalMs: number | undefined;
  /** Undefined before the first read of this process. */
  readonly deletionsSeen: boolean | undefined;
  readonly lastStartedAt: number | undefined;
  readonly lastEndedAt: number | undefined;
  /** End of the last complete full run, of this process or an earlier one. */
  readonly lastFullEndedAt: number | undefined;
  readonly breaker: BreakerState;
  /** A full run of an earlier process was interrupted, or a delta found that only a full run can tell. */
  readonly resumeFull: string | undefined;
  /** The source said that something changed, or the rule did. */
  readonly hinted: boolean;
}

export interface NextRun {
  /** Epoch ms; may lie in the past. */
  readonly at: number;
  readonly type: 'full' | 'delta';
  readonly reason: string;
}

/** The end of the wait for the full-run clock; undefined if only deltas are needed. */
export function nextFullAt(facts: RuleClockFacts): number | undefined {
  const interval =
    facts.fullRunIntervalMs ?? (facts.deletionsSeen === false ? DEFAULT_FULL_RUN_INTERVAL_MS : undefined);
  if (interval === undefined || facts.lastFullEndedAt === undefined) return undefined;
  return facts.lastFullEndedAt + interval;
}

/**
 * Two clocks: deltas by the poll interval or at a hint, full runs by their own. A failing rule has one clock only, the
 * breaker's. Pure.
 */
export function nextRun(facts: RuleClockFacts, now: number): NextRun {
  const { breaker, resumeFull } = facts;
  const full = nextFullAt(facts);
  const fullDue = resumeFull !== undefined || (full !== undefined && full <= now);
  const fullReason = resumeFull ?? 'full-run interval';
  if (breaker.nextTryAt !== undefined)
    return {
      at: breaker.nextTryAt,
      type: fullDue ? 'full' : 'delta',
      reason: fullDue ? fullReason : breaker.kind === 'open' ? 'probe' : 'retry',
    };
  const breath = (facts.lastEndedAt ?? Number.NEGATIVE_INFINITY) + BREATH_MS;
  if (fullDue) return { at: Math.max(now, breath), type: 'full', reason: fullReason };
  if (facts.lastStartedAt === undefined) return { at: now, type: 'delta', reason: 'start' };
  if (facts.hinted)
    return { at: Math.max(now, afterLast(facts)), type: 'delta', reason: 'change notification' };
  const poll = Math.max(facts.lastStartedAt + facts.pollIntervalMs, breath);
  return full !== undefined && full < poll
    ? { at: full, type: 'full', reason: 'full-run interval' }
    : { at: poll, type: 'delta', reason: 'poll' };
}

/**
 * A hint waits as long as the last run took, a second at most: one change after the other is followed at once, and under a
 * storm of changes the rule rests half of its time, while the storm gathers into one delta.
 */
function afterLast({ lastStartedAt, lastEndedAt }: RuleClockFacts): number {
  if (lastEndedAt === undefined) return Number.NEGATIVE_INFINITY;
  const took = lastStartedAt === undefined ? 0 : lastEndedAt - lastStartedAt;
  return lastEndedAt + Math.min(BREATH_MS, Math.max(SHORTEST_BREATH_MS, took));
}
