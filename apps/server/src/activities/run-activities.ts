import type { RunProgress } from '@sallyport/engine';
import { OUTCOMES } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { Activity, Store } from '@sallyport/store';
import type { RuleObserver } from '../sync/rule-observer.ts';
import type { RuleSpec } from '../sync/rule-spec.ts';

/** Who did what nobody asked for by name. */
export const SERVER_ACTOR = { type: 'SERVER', id: 'sallyport', name: 'Sallyport' } as const;

export interface RunActivities {
  readonly observer: RuleObserver;
  /** Resolves when everything told so far is written. */
  settle(): Promise<void>;
}

/**
 * Writes down how every recorded run ended. What gathers while one write is under way becomes the next: activities never
 * take more than every other transaction from the rules.
 */
export function makeRunActivities(store: Pick<Store, 'activities'>, clock: Clock, log: Log): RunActivities {
  let gathered: Omit<Activity, 'id'>[] = [];
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    while (gathered.length > 0) {
      const batch = gathered;
      gathered = [];
      try {
        await store.activities.append(batch);
      } catch (error) {
        log.error({ err: error, lost: batch.length }, 'the ends of runs cannot be written to the activities');
      }
    }
    writing = undefined;
  };
  return {
    observer: {
      journaled: () => undefined,
      runEnded: (spec, run, recorded) => {
        if (!recorded) return;
        gathered.push(runActivity(spec, run, clock.now()));
        writing ??= write();
      },
    },
    settle: async () => {
      await writing;
    },
  };
}

function runActivity({ environmentId, rule }: RuleSpec, run: RunProgress, now: number): Omit<Activity, 'id'> {
  return {
    environmentId,
    at: run.endedAt ?? now,
    actor: SERVER_ACTOR,
    action: `RUNS.${run.status.toUpperCase()}`,
    resource: { type: 'RULES', id: rule.id, name: rule.name },
    detail: {
      run: run.runId,
      result: run.status === 'failed' ? 'FAILED' : 'SUCCESS',
      description: descriptionOf(run),
    },
  };
}

function descriptionOf(run: RunProgress): string {
  const counts = OUTCOMES.filter((outcome) => run.counts[outcome] > 0).map(
    (outcome) => `${run.counts[outcome]} ${outcome}`,
  );
  const what = `${run.type} run (${run.reason}): ${counts.length === 0 ? 'nothing to do' : counts.join(', ')}`;
  return run.errorMessage === undefined ? what : `${what}. ${run.errorMessage}`;
}
