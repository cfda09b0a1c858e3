import type { Clock, Log } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import { allItems } from '../http/all-items.ts';
import type { ServerOptions } from '../options/server-options.ts';

export interface RetentionLimits {
  /** Undefined: whatever their age. */
  readonly runAgeMs: number | undefined;
  readonly runsOfRule: number;
  readonly activityAgeMs: number | undefined;
}

export interface RetentionParts {
  readonly store: Pick<Store, 'environments' | 'ruleSyncs' | 'runs' | 'activities'>;
  readonly limits: RetentionLimits;
  readonly clock: Clock;
  readonly log: Log;
}

const DAY_MS = 24 * 3_600_000;
/** Not while gateways dial in and rules start. */
const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 3_600_000;

export function retentionLimits(
  options: Pick<ServerOptions, 'runRetentionDays' | 'runRetentionCount' | 'activityRetentionDays'>,
): RetentionLimits {
  const age = (days: number): number | undefined => (days === 0 ? undefined : days * DAY_MS);
  return {
    runAgeMs: age(options.runRetentionDays),
    runsOfRule: options.runRetentionCount,
    activityAgeMs: age(options.activityRetentionDays),
  };
}

/** Forgets what is too old or too much, rule by rule, in transactions so short that a run does not notice. */
export async function prune(
  { store, limits, clock, log }: RetentionParts,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now();
  let runs = 0;
  for (const environment of await allItems((request) => store.environments.list(request)))
    for (const ruleId of await store.ruleSyncs.list(environment.id)) {
      if (signal.aborted) return;
      runs += await store.runs.prune(
        environment.id,
        ruleId,
        {
          endedBefore: limits.runAgeMs === undefined ? 0 : now - limits.runAgeMs,
          keep: limits.runsOfRule,
        },
        signal,
      );
    }
  const activities =
    limits.activityAgeMs === undefined ? 0 : await store.activities.prune(now - limits.activityAgeMs, signal);
  if (runs > 0 || activities > 0) log.info({ runs, activities }, 'old runs and activities forgotten');
}

/** Prunes every hour until it is stopped. A prune that fails is tried again in the next hour. */
export function startRetention(parts: RetentionParts): { stop(): Promise<void> } {
  const { clock, log } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = async (ms: number): Promise<void> => {
    try {
      await clock.sleep(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
  const life = (async () => {
    await pause(FIRST_AFTER_MS);
    while (!signal.aborted) {
      try {
        await prune(parts, signal);
      } catch (error) {
        log.error({ err: error }, 'old runs and activities could not be forgotten');
      }
      await pause(EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await life;
    },
  };
}
