import type { Clock } from '@sallyport/runtime';

/** Whether a request from an address may pass; otherwise seconds to wait. */
export type RateLimit = (address: string) => number | undefined;

interface Bucket {
  tokens: number;
  at: number;
}

/** More addresses than this are not remembered: the ones that waited longest are forgotten first. */
const MAX_ADDRESSES = 50_000;
/** Seconds' worth of requests that may come at once after a pause. */
const BURST_SECONDS = 2;

/** A token bucket for each address; `perSecond` 0 lets everything pass. */
export function makeRateLimit(perSecond: number, clock: Clock): RateLimit {
  if (perSecond === 0) return () => undefined;
  const capacity = perSecond * BURST_SECONDS;
  const buckets = new Map<string, Bucket>();
  return (address) => {
    const now = clock.now();
    const bucket = buckets.get(address) ?? { tokens: capacity, at: now };
    // Taken out and put back: the map's order is then the order of last use.
    buckets.delete(address);
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    buckets.set(address, bucket);
    if (buckets.size > MAX_ADDRESSES) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens -= 1;
    return undefined;
  };
}
