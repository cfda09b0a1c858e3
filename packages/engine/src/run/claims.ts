import type { Comparison } from '../port/target.ts';

interface Claimant {
  readonly key: string;
  readonly place: string;
}

/** Who claims which matching value: two objects of one batch cannot find each other at the target, which has neither yet. */
export interface Claims {
  /** Answers the object that claimed the value before, or undefined after claiming it. */
  claim(value: string, by: Claimant): Claimant | undefined;
}

/** `remember`: over all batches, at about 100 bytes a claim; else `begin` starts each batch with none. */
export function makeClaims(comparison: Comparison, remember: boolean): { begin(): Claims } {
  let claimed = new Map<string, Claimant>();
  const claim = (value: string, by: Claimant): Claimant | undefined => {
    const normal = comparison === 'ignoreCase' ? value.toLowerCase() : value;
    const other = claimed.get(normal);
    if (other !== undefined) return other.key === by.key ? undefined : other;
    claimed.set(normal, { key: by.key, place: by.place });
    return undefined;
  };
  return {
    begin: () => {
      if (!remember) claimed = new Map();
      return { claim };
    },
  };
}
