import { CodedError, OUTCOMES, type OutcomeCounts, zeroCounts } from '@sallyport/model';
import type { HeldList, Link, RunProgress } from '../port/sync-state.ts';
import type { RunInput } from '../run/run-rule.ts';
import type { RunBook } from '../run/writing-sink.ts';

/** A person's decision about a held list. */
export interface HoldInput extends Pick<RunInput, 'target' | 'state' | 'rule' | 'signal' | 'clock' | 'log'> {
  /** The run that made the list, as it was stored: its counts and status are brought up to date. */
  readonly run: RunProgress;
  /** Who decided: a name for people. */
  readonly actor: string;
}

export interface HoldSummary {
  readonly progress: RunProgress;
  /** What became of the listed objects. */
  readonly counts: OutcomeCounts;
}

/** @throws CodedError `NOTHING_HELD`, `HELD_LIST_REPLACED`: nobody decides about a list they have not seen. */
export function assertHeldBy(held: HeldList | undefined, runId: string): HeldList {
  if (held === undefined)
    throw new CodedError(
      'NOTHING_HELD',
      `Run ${runId} holds no removals any more; look at the rule's status`,
    );
  if (held.runId !== runId)
    throw new CodedError(
      'HELD_LIST_REPLACED',
      `The removals held by run ${runId} were replaced by the list of run ${held.runId}; look at that list and decide about it`,
    );
  return held;
}

/** A removal still waits only if nothing happened to its link since the list was made. */
export function isWaiting(link: Link): boolean {
  return link.status === 'HELD' && link.presence !== 'inScope';
}

export interface DecisionBook extends RunBook {
  readonly counts: OutcomeCounts;
  /** The run when all is decided. */
  ended(): RunProgress;
}

/** The held run's counts while its held objects turn into what becomes of them. */
export function makeDecisionBook(run: RunProgress, startedAt: number): DecisionBook {
  const done = zeroCounts();
  const progress = (coming: OutcomeCounts): RunProgress => {
    const counts: Record<keyof OutcomeCounts, number> = { ...run.counts };
    for (const outcome of OUTCOMES) {
      const sum = done[outcome] + coming[outcome];
      counts[outcome] += sum;
      counts.held = Math.max(0, counts.held - sum);
    }
    return { ...run, counts };
  };
  return {
    runId: run.runId,
    startedAt,
    counts: done,
    snapshot: progress,
    addAll: (counts) => {
      for (const outcome of OUTCOMES) done[outcome] += counts[outcome];
    },
    ended: () => {
      const last = progress(zeroCounts());
      return {
        ...last,
        status: 'completed',
        counts: { ...last.counts, held: 0 },
        errorCode: undefined,
        errorMessage: undefined,
      };
    },
  };
}
