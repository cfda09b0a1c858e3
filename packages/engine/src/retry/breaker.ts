import type { FailureClass } from './classify-failure.ts';

/** Failed polls in a row after which the breaker opens. */
export const OPEN_AFTER_FAILURES = 5;

export interface BreakerSettings {
  /** Wait after the first failure. */
  readonly firstRetryMs: number;
  /** Longest wait between two tries. */
  readonly maxRetryMs: number;
}

/**
 * `closed`: working, with the failures since the last success. `open`: polls are suspended, the reason is shown, and one
 * probe is made at `nextTryAt`; its success closes the breaker at once. Times are epoch ms.
 */
export interface BreakerState {
  readonly kind: 'closed' | 'open';
  readonly failures: number;
  readonly since: number | undefined;
  readonly nextTryAt: number | undefined;
  readonly reason: string | undefined;
}

export const CLOSED_BREAKER: BreakerState = {
  kind: 'closed',
  failures: 0,
  since: undefined,
  nextTryAt: undefined,
  reason: undefined,
};

export type BreakerEvent =
  | { readonly kind: 'succeeded' }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly reason: string;
      readonly failure: FailureClass;
      /** 0 to 1: spreads the tries of many rules whose directory comes back at one moment. */
      readonly jitter: number;
    }
  /** Somebody changed the configuration or asked for a run: try at once, keep the count. */
  | { readonly kind: 'prodded'; readonly at: number };

/** The pure state machine: one state and one event give the next state. */
export function nextBreaker(
  state: BreakerState,
  event: BreakerEvent,
  settings: BreakerSettings,
): BreakerState {
  switch (event.kind) {
    case 'succeeded':
      return CLOSED_BREAKER;
    case 'prodded':
      return state.nextTryAt === undefined ? state : { ...state, nextTryAt: event.at };
    case 'failed': {
      const failures = state.failures + 1;
      return {
        kind: failures >= OPEN_AFTER_FAILURES ? 'open' : 'closed',
        failures,
        since: state.since ?? event.at,
        nextTryAt: event.at + waitMs(failures, event.failure, event.jitter, settings),
        reason: event.reason,
      };
    }
  }
}

/** Doubles with each failure up to the longest wait; a quarter of it is jitter, always taken off, so the longest holds. */
function waitMs(failures: number, failure: FailureClass, jitter: number, settings: BreakerSettings): number {
  const doubled = settings.firstRetryMs * 2 ** Math.min(failures - 1, 30);
  const base = failure.kind === 'permanent' ? settings.maxRetryMs : Math.min(doubled, settings.maxRetryMs);
  const spread = Math.round(base * (1 - 0.25 * Math.min(Math.max(jitter, 0), 1)));
  return failure.kind === 'throttled' ? Math.max(spread, failure.retryAfterMs) : spread;
}
