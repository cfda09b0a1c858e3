import { LdapError } from '@sallyport/ldap';
import type { Clock } from '@sallyport/runtime';

/** Longest time an operation waits for its turn before it is refused. */
const MAX_WAIT_MS = 10_000;

/**
 * Spreads operations so that no more than so many start in a second, with bursts of up to one second's worth. An
 * operation waits for its turn; when the queue is longer than ten seconds it is refused, and may be tried again.
 */
export function makeRateLimiter(maxPerSecond: number, clock: Clock): (signal: AbortSignal) => Promise<void> {
  const gapMs = 1_000 / maxPerSecond;
  const burstMs = Math.max(1_000 - gapMs, 0);
  let nextMs = clock.monotonic() - burstMs;
  return async (signal) => {
    const now = clock.monotonic();
    nextMs = Math.max(nextMs, now - burstMs);
    const waitMs = nextMs - now;
    if (waitMs > MAX_WAIT_MS) {
      throw new LdapError(
        `The limits file of the gateway allows ${maxPerSecond} operations a second, and more are waiting than fit into ten seconds.`,
        { code: 'GATEWAY_LIMIT_RATE', class: 'retry', retryable: true },
      );
    }
    nextMs += gapMs;
    if (waitMs > 0) await clock.sleep(waitMs, signal);
  };
}
