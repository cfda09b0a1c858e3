/** How many removals a run may make by itself. */
export interface GuardLimits {
  readonly maxRemovals: number;
  /** Percent of the rule's linked objects of the type. */
  readonly maxRemovalsPercent: number;
}

export interface GuardInput {
  readonly limits: GuardLimits;
  /** Objects that were linked before any of the removals. */
  readonly linked: number;
  /** Removals this run wants to make. */
  readonly wanted: number;
  /** Removals of earlier runs that still wait for a person: they count, or an accident could pass in slices. */
  readonly waiting: number;
}

export interface GuardVerdict {
  readonly passes: boolean;
  readonly allowed: number;
  readonly reason: string;
}

/**
 * Both limits hold. The percentage is rounded up, so that in a small directory one object may always go unless a limit
 * is 0; without removals there is nothing to hold.
 */
export function guardRemovals(input: GuardInput): GuardVerdict {
  const { limits, linked, wanted, waiting } = input;
  const byPercent = Math.ceil((Math.max(linked, 0) * limits.maxRemovalsPercent) / 100);
  const allowed = Math.min(limits.maxRemovals, byPercent);
  const total = wanted + waiting;
  const passes = wanted === 0 || total <= allowed;
  const limit =
    limits.maxRemovals <= byPercent
      ? `at most ${limits.maxRemovals} removals`
      : `at most ${limits.maxRemovalsPercent} % of ${linked} linked objects, which is ${byPercent}`;
  const counted = waiting > 0 ? `${wanted} removals, with ${waiting} already waiting` : `${wanted} removals`;
  return {
    passes,
    allowed,
    reason: passes ? `${counted} within ${limit}` : `${counted} are more than the rule allows: ${limit}`,
  };
}
