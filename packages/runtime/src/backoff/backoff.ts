/** How waiting grows from one failure to the next. */
export interface BackoffSettings {
  /** Ceiling of the first wait. */
  readonly firstMs: number;
  /** Ceiling that later waits never pass. */
  readonly maxMs: number;
  /** Growth of the ceiling from one failure to the next; 2 unless said. */
  readonly factor?: number;
}

/**
 * How long to wait after the `failures`-th failure in a row (1 is the first). Half of the wait is fixed and half is
 * drawn, so that many clients that lost one server neither return together nor ever at once.
 *
 * `random` is a number from 0 up to 1, handed in so that the answer is a pure function.
 */
export function backoffMs(settings: BackoffSettings, failures: number, random: number): number {
  const { firstMs, maxMs, factor = 2 } = settings;
  // The exponent is capped before it is used: 2 ** 2000 is Infinity, and Infinity * 0 is not a time.
  const exponent = Math.min(Math.max(failures, 1) - 1, 60);
  const ceiling = Math.min(firstMs * factor ** exponent, maxMs);
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
