import { setTimeout as delay } from 'node:timers/promises';

/** Time as a value that is handed over: tests hand over one they move themselves. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never run backwards, for measuring how long something took. */
  monotonic(): number;
  /** Waits `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // The platform hides the reason inside an AbortError of its own; callers compare with the reason they gave.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
