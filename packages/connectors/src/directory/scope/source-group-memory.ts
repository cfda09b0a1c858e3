/** Two: the state that the last committed position is of, and the one that a run under way ends at. */
const KEPT_STATES = 2;

/**
 * Who belonged to the source group at the last positions, for as long as the reader lives: so that a change of the group
 * costs those who came and went. Keys or references, 10 MB for a group of 100,000. Forgotten with the process: the change
 * after that costs a full read.
 */
export class SourceGroupMemory {
  readonly #membersByState = new Map<string, ReadonlySet<string>>();

  remember(state: string, members: ReadonlySet<string>): void {
    this.#membersByState.delete(state);
    this.#membersByState.set(state, members);
    for (const old of this.#membersByState.keys())
      if (this.#membersByState.size > KEPT_STATES) this.#membersByState.delete(old);
  }

  recall(state: string): ReadonlySet<string> | undefined {
    return this.#membersByState.get(state);
  }
}
