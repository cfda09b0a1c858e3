import type { MemberLink } from '../port/sync-state.ts';
import type { NetChange } from './net-changes.ts';
import type { Resolver } from './resolve-references.ts';

/**
 * Told removals of references that meant nobody then: who moved may be told to have left a group under its new place before it
 * is told to have moved, so that whom a removal means is asked again at the end of a run.
 */
export class UnmetRemovals {
  readonly #maxReferences: number;
  readonly #byGroup = new Map<number, Set<string>>();
  #count = 0;

  constructor(maxReferences: number) {
    this.#maxReferences = maxReferences;
  }

  /** @returns false if there was no room for all of them. */
  remember(groupLink: number, net: NetChange, links: ReadonlyMap<string, MemberLink>): boolean {
    const unmet = this.#byGroup.get(groupLink) ?? new Set();
    for (const reference of net.added) unmet.delete(reference);
    let hasRoom = true;
    for (const reference of net.removed) {
      if (links.has(reference)) continue;
      hasRoom = this.#count < this.#maxReferences;
      if (!hasRoom) break;
      this.#count += 1;
      unmet.add(reference);
    }
    if (unmet.size > 0) this.#byGroup.set(groupLink, unmet);
    return hasRoom;
  }

  /** After the group was read whole. */
  forget(groupLink: number): void {
    this.#byGroup.delete(groupLink);
  }

  clear(): void {
    this.#byGroup.clear();
    this.#count = 0;
  }

  /** Who has to leave, by number of the group's link, now that more is known. Empties itself. */
  async take(resolver: Resolver): Promise<ReadonlyMap<number, readonly MemberLink[]>> {
    const links = await resolver.resolve([...this.#byGroup.values()].flatMap((unmet) => [...unmet]));
    const removals = new Map<number, MemberLink[]>();
    for (const [groupLink, unmet] of this.#byGroup) {
      const members = new Set([...unmet].flatMap((reference) => links.get(reference) ?? []));
      const linked = [...members].filter(({ targetId }) => targetId !== undefined);
      if (linked.length > 0) removals.set(groupLink, linked);
    }
    this.clear();
    return removals;
  }
}
