import type { Counters } from '../api/shapes.ts';
import type { ObjectStatus } from './status-words.ts';

/**
 * How many objects are in each state, each object once. In the API's counters, as in PingOne's, an object that was synced
 * and whose last change was not allowed through counts as Success and as Partial Synced; `impacted` counts it once.
 */
export function disjointCounts(counters: Counters): Readonly<Record<ObjectStatus, number>> {
  const { impacted, unsynced, partialSynced, failed, held, conflict } = counters;
  return {
    SUCCESS: Math.max(0, impacted - unsynced - partialSynced - failed - held - conflict),
    PARTIAL_SYNCED: partialSynced,
    UNSYNCED: unsynced,
    FAILED: failed,
    HELD: held,
    CONFLICT: conflict,
  };
}

export function addCounts(
  left: Readonly<Record<ObjectStatus, number>>,
  right: Readonly<Record<ObjectStatus, number>>,
): Readonly<Record<ObjectStatus, number>> {
  return {
    SUCCESS: left.SUCCESS + right.SUCCESS,
    PARTIAL_SYNCED: left.PARTIAL_SYNCED + right.PARTIAL_SYNCED,
    UNSYNCED: left.UNSYNCED + right.UNSYNCED,
    FAILED: left.FAILED + right.FAILED,
    HELD: left.HELD + right.HELD,
    CONFLICT: left.CONFLICT + right.CONFLICT,
  };
}
