import { numberOf } from '../run/number-of.ts';

/**
 * How far back unattended removals count. A run can be a second after the last one, so that limits for a run alone would let any
 * accident pass in slices; an hour is longer than a directory takes to lose its people, and short enough for a day's leavers.
 */
export const REMOVAL_WINDOW_MS = 3_600_000;

/** How many removals may be made within the window without a person. */
export interface GuardLimits {
  readonly maxRemovals: number;
  /** Percent of the rule's linked objects of the type. */
  readonly maxRemovalsPercent: number;
}

export interface GuardInput {
  readonly limits: GuardLimits;
  /** Objects that were linked before any of the removals, those of the window too. */
  readonly linked: number;
  /** Removals this run wants to make. */
  readonly wanted: number;
  /** Removals of earlier runs that still wait for a person: they count, or an accident could pass in slices. */
  readonly waiting: number;
  /** Unattended removals made within the window before this run. */
  readonly removed: number;
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
  const { limits, linked, wanted, waiting, removed } = input;
  const byPercent = Math.ceil((Math.max(linked, 0) * limits.maxRemovalsPercent) / 100);
  const allowed = Math.min(limits.maxRemovals, byPercent);
  const total = wanted + waiting + removed;
  const passes = wanted === 0 || total <= allowed;
  const limit =
    limits.maxRemovals <= byPercent
      ? `at most ${numberOf(limits.maxRemovals, 'removal')}`
      : `at most ${limits.maxRemovalsPercent} % of ${linked} linked objects, which is ${byPercent}`;
  const others = [
    ...(removed > 0 ? [`${removed} made within the last hour`] : []),
    ...(waiting > 0 ? [`${waiting} already waiting`] : []),
  ];
  const counted = `${numberOf(wanted, 'removal')}${others.length > 0 ? `, with ${others.join(' and ')},` : ''}`;
  return {
    passes,
    allowed,
    reason: passes ? `${counted} within ${limit}` : `${counted} would be more than the rule allows: ${limit}`,
  };
}
