import type { Counters } from '../api/shapes.ts';
import { type ObjectStatus, STATUS_ORDER } from './status-words.ts';

type Counts = Readonly<Record<ObjectStatus, number>>;

/** How many objects are in each state, each object once: the API's other counters overlap, as PingOne's do. */
export function disjointCounts({ states }: Counters): Counts {
  return {
    SUCCESS: states.success,
    PARTIAL_SYNCED: states.partialSynced,
    UNSYNCED: states.unsynced,
    FAILED: states.failed,
    HELD: states.held,
    CONFLICT: states.conflict,
    REMOVED: states.removed,
    KEPT: states.kept,
  };
}

export function addCounts(left: Counts, right: Counts): Counts {
  const sum: Record<ObjectStatus, number> = { ...left };
  for (const status of STATUS_ORDER) sum[status] += right[status];
  return sum;
}
