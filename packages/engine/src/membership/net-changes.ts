import type { SourceChange } from '../port/source.ts';

/** What came to, and what left, one group; a reference stands in one of the two. */
export interface NetChange {
  readonly added: Set<string>;
  readonly removed: Set<string>;
}

/** Joins one more told change: the later word counts. */
export function joinChange(
  changes: Map<string, NetChange>,
  change: Extract<SourceChange, { kind: 'members' }>,
): void {
  let net = changes.get(change.key);
  if (net === undefined) {
    net = { added: new Set(), removed: new Set() };
    changes.set(change.key, net);
  }
  for (const reference of change.removed) {
    net.added.delete(reference);
    net.removed.add(reference);
  }
  for (const reference of change.added) {
    net.removed.delete(reference);
    net.added.add(reference);
  }
}
