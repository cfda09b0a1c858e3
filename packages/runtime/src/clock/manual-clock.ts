import type { Clock } from './clock.ts';

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/** A clock that stands still until told to move. */
export interface ManualClock extends Clock {
  /** Moves on by `ms` and wakes everyone whose time has come, earliest first. */
  advance(ms: number): void;
  readonly sleepers: number;
}

export function makeManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  const sleeping = new Set<Sleeper>();
  return {
    now: () => nowMs,
    monotonic: () => nowMs - startMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        const abort = (): void => {
          sleeping.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          wakeAt: nowMs + ms,
          wake: () => {
            sleeping.delete(sleeper);
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        sleeping.add(sleeper);
      }),
    advance: (ms) => {
      nowMs += ms;
      const due = [...sleeping].filter((sleeper) => sleeper.wakeAt <= nowMs);
      for (const sleeper of due.toSorted((a, b) => a.wakeAt - b.wakeAt)) sleeper.wake();
    },
    get sleepers() {
      return sleeping.size;
    },
  };
}
