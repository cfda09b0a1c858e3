/** What the choice among instances looks at. */
export interface Candidate {
  readonly healthy: boolean;
  readonly inFlight: number;
  /** Smoothed time from request to answer, milliseconds. */
  readonly latencyMs: number;
}

/** Below this, latencies are noise and load alone decides. */
const LATENCY_FLOOR_MS = 1;

/**
 * The instance with the least to wait for: what it has in flight, times how long it takes. Healthy ones go first; an
 * unhealthy one is better than none, because its last report may be old. Undefined if there are none.
 */
export function chooseInstance<C extends Candidate>(candidates: Iterable<C>): C | undefined {
  let best: C | undefined;
  for (const candidate of candidates) {
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return best;
}

/**
 * The instance of last time as long as it can be had, and is as healthy as any; else the best. A sync has to stay: each
 * instance may speak to another domain controller, whose change numbers and news are its own.
 */
export function stayWith<C extends Candidate>(last: C | undefined, candidates: Iterable<C>): C | undefined {
  const all = [...candidates];
  if (last !== undefined && all.includes(last) && (last.healthy || all.every(({ healthy }) => !healthy)))
    return last;
  return chooseInstance(all);
}

function isBetter(candidate: Candidate, best: Candidate): boolean {
  if (candidate.healthy !== best.healthy) return candidate.healthy;
  return waitOf(candidate) < waitOf(best);
}

function waitOf(candidate: Candidate): number {
  return (candidate.inFlight + 1) * Math.max(candidate.latencyMs, LATENCY_FLOOR_MS);
}
