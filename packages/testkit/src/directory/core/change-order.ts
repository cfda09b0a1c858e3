import type { DirectoryEntry } from './directory-entry.ts';

interface Position {
  readonly sequence: number;
  readonly atMs: number;
  readonly entry: DirectoryEntry;
}

/**
 * All entries in the order of their latest change: an append-only list in which an entry's older places are stale.
 * What changed since n costs a binary search plus the answer, whatever the directory's size.
 */
export class ChangeOrder {
  #positions: Position[] = [];
  #staleCount = 0;

  /** Call once per change, with rising sequence numbers, after the entry's `changedSequence` was set. */
  append(entry: DirectoryEntry, isNew: boolean): void {
    this.#positions.push({ sequence: entry.changedSequence, atMs: entry.changedAtMs, entry });
    if (!isNew) this.#staleCount += 1;
    if (this.#staleCount > 1_000 && this.#staleCount * 2 > this.#positions.length) this.#compact();
  }

  forget(): void {
    this.#staleCount += 1;
  }

  /** Entries whose latest change has a sequence number of at least `sequence`, oldest first. */
  since(sequence: number): Generator<DirectoryEntry, void, undefined> {
    return this.#from((position) => position.sequence >= sequence);
  }

  /** How many entries `since` yields at most. */
  countSince(sequence: number): number {
    return this.#positions.length - this.#start((position) => position.sequence >= sequence);
  }

  countSinceTime(atMs: number): number {
    return this.#positions.length - this.#start((position) => position.atMs >= atMs);
  }

  /** Entries changed last at `atMs` or later, oldest first. */
  sinceTime(atMs: number): Generator<DirectoryEntry, void, undefined> {
    return this.#from((position) => position.atMs >= atMs);
  }

  *#from(isReached: (position: Position) => boolean): Generator<DirectoryEntry, void, undefined> {
    const positions = this.#positions;
    const end = positions.length;
    for (let index = this.#start(isReached); index < end; index++) {
      const position = positions[index];
      if (position !== undefined && isCurrent(position)) yield position.entry;
    }
  }

  #start(isReached: (position: Position) => boolean): number {
    let low = 0;
    let high = this.#positions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const position = this.#positions[middle];
      if (position !== undefined && isReached(position)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #compact(): void {
    this.#positions = this.#positions.filter(isCurrent);
    this.#staleCount = 0;
  }
}

function isCurrent({ entry, sequence }: Position): boolean {
  return !entry.removed && entry.changedSequence === sequence;
}
