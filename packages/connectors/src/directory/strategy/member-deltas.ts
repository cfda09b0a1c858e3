/** Values of one group told one by one; beyond this the group is read whole, which costs less than keeping them. */
const MAX_VALUES_PER_GROUP = 20_000;

export interface MemberValue {
  readonly reference: string;
  /** The DN as the server spells it. */
  readonly value: string;
  /** Where the server tells the member's key beside its DN. */
  readonly key?: string | undefined;
}

export interface MemberChange extends MemberValue {
  readonly came: boolean;
}

export interface MemberDelta {
  readonly key: string;
  /** Where the group was last. */
  readonly place: string;
  readonly added: readonly MemberValue[];
  readonly removed: readonly MemberValue[];
}

interface GroupValues {
  /** The last word on each value, by reference. */
  readonly last: Map<string, MemberChange>;
  readonly place: string;
}

/**
 * Members that came and went, collected over one look at the change feed: only the last word on each value counts, so
 * that a member who was added and removed again is told as removed, once. A group of which anything else changed is
 * read whole, and its values are dropped.
 */
export class MemberDeltas {
  readonly #groups = new Map<string, GroupValues>();
  readonly #whole = new Set<string>();

  /** Values of a group's membership attributes that came or went, in the order in which that happened. */
  add(key: string, place: string, changes: readonly MemberChange[]): void {
    if (this.#whole.has(key)) return;
    const last = this.#groups.get(key)?.last ?? new Map<string, MemberChange>();
    for (const change of changes) last.set(change.reference, change);
    if (last.size > MAX_VALUES_PER_GROUP) this.readWhole(key);
    else this.#groups.set(key, { last, place });
  }

  readWhole(key: string): void {
    this.#whole.add(key);
    this.#groups.delete(key);
  }

  /** The group is gone: nothing of it has to be told or read any more. */
  forget(key: string): void {
    this.#whole.delete(key);
    this.#groups.delete(key);
  }

  /** Keys of groups that have to be read whole. */
  get whole(): readonly string[] {
    return [...this.#whole];
  }

  get deltas(): readonly MemberDelta[] {
    return [...this.#groups].map(([key, { last, place }]) => {
      const added: MemberValue[] = [];
      const removed: MemberValue[] = [];
      for (const change of last.values()) (change.came ? added : removed).push(change);
      return { key, place, added, removed };
    });
  }
}
