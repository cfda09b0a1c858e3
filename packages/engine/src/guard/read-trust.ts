import type { LastFullRead } from '../port/sync-state.ts';

/** Why a full read that succeeded is no ground for removals. */
export interface Distrust {
  readonly code: 'EMPTY_READ' | 'BASE_MISSING';
  readonly message: string;
}

export interface ReadFacts {
  readonly objects: number;
  readonly basesRead: readonly string[];
  /** Objects the rule holds at the target. */
  readonly linked: number;
  /** Whether there is any object that the source should still have; asked only of an empty read. */
  readonly anyInScope: boolean;
  readonly last: LastFullRead | undefined;
  /** The rule reads other bases than the last full run did, because somebody changed it. */
  readonly scopeChanged: boolean;
}

/**
 * Lost read rights, a wrong base and an emptied directory look alike: success with nothing in it. Such a read removes
 * nothing, and what it says is not remembered as the last complete one.
 */
export function distrustOf(read: ReadFacts): Distrust | undefined {
  const before = Math.max(read.linked, read.last?.objects ?? 0);
  if (read.objects === 0 && (read.linked > 0 || read.anyInScope))
    return {
      code: 'EMPTY_READ',
      message: `The read succeeded with 0 objects, where ${before} were known. Nothing is removed on the strength of an empty answer; check the account's read rights, the base DN and the filter, then run the rule again`,
    };
  if (read.scopeChanged || read.last === undefined) return undefined;
  const now = new Set(read.basesRead);
  const missing = read.last.basesRead.filter((base) => !now.has(base));
  if (missing.length === 0) return undefined;
  return {
    code: 'BASE_MISSING',
    message: `The read did not reach ${missing.join('; ')}, which the last full run read. Nothing is removed before it is readable again, or the rule's base is changed`,
  };
}
