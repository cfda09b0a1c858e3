import { type Dn, parseDn, type Rdn } from '@sallyport/ldap';
import { ChangeOrder } from './change-order.ts';
import { DirectoryEntry, type LinkState } from './directory-entry.ts';
import { ValueIndex } from './value-index.ts';

export type ChangeKind = 'add' | 'modify' | 'modifyDn' | 'delete';

/** What listeners are told after a change is complete. */
export interface DirectoryChange {
  readonly kind: ChangeKind;
  readonly entry: DirectoryEntry;
  readonly sequence: number;
  /** The name before a rename, move or delete. */
  readonly previousDn?: string;
}

export interface EntryStoreOptions {
  /** Lower-case names of the attributes to index by value. */
  readonly indexed: readonly string[];
  /** Those among others whose values are names. */
  readonly indexedNames?: readonly string[];
  readonly now: () => number;
}

/**
 * The entries of a directory: the tree, the values, and what finds them. It knows no rules; the manners decide and then
 * call it. Every change is: take `nextSequence()`, write, `commit(…)`.
 */
export class EntryStore {
  readonly #contexts: { readonly dn: Dn; readonly head: DirectoryEntry }[] = [];
  readonly #indexes: ReadonlyMap<string, ValueIndex>;
  readonly #order = new ChangeOrder();
  readonly #listeners = new Set<(change: DirectoryChange) => void>();
  readonly #now: () => number;
  #nextId = 1;
  #sequence = 0;
  #entryCount = 0;
  #changedAtMs = 0;

  constructor(options: EntryStoreOptions) {
    this.#indexes = new Map([
      ...options.indexed.map((key) => [key, new ValueIndex('values')] as const),
      ...(options.indexedNames ?? []).map((key) => [key, new ValueIndex('names')] as const),
    ]);
    this.#now = options.now;
  }

  /** Number of the latest change. */
  get sequence(): number {
    return this.#sequence;
  }

  /** When the latest change was made, in epoch milliseconds. */
  get changedAtMs(): number {
    return this.#changedAtMs;
  }

  get entryCount(): number {
    return this.#entryCount;
  }

  get contexts(): readonly DirectoryEntry[] {
    return this.#contexts.map((context) => context.head);
  }

  nowMs(): number {
    return this.#now();
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Skips ahead, as a directory does that has been in use for long. */
  skipSequenceTo(sequence: number): void {
    this.#sequence = Math.max(this.#sequence, sequence);
  }

  /** Makes the head of a naming context; it lies below its parent's context in subtree walks only if the manner asks. */
  createContext(dnText: string): DirectoryEntry {
    const dn = parseDn(dnText);
    const { rdn } = dn;
    if (rdn === undefined) throw new RangeError('A naming context needs a name.');
    const head = new DirectoryEntry(this.#nextId++, rdn, undefined, dnText);
    this.#contexts.push({ dn, head });
    this.#contexts.sort((a, b) => b.dn.depth - a.dn.depth);
    this.#entryCount += 1;
    return head;
  }

  create(parent: DirectoryEntry, rdn: Rdn): DirectoryEntry {
    const entry = new DirectoryEntry(this.#nextId++, rdn, parent);
    parent.children.set(rdn.normal, entry);
    this.#entryCount += 1;
    return entry;
  }

  resolve(dn: Dn): DirectoryEntry | undefined {
    const { entry, exact } = this.nearest(dn);
    return exact ? entry : undefined;
  }

  /** The entry of that name, or the nearest one above it. */
  nearest(dn: Dn): { readonly entry: DirectoryEntry | undefined; readonly exact: boolean } {
    const context = this.#contexts.find((candidate) => dn.isWithin(candidate.dn));
    if (context === undefined) return { entry: undefined, exact: false };
    const { rdns } = dn;
    let entry = context.head;
    for (let index = rdns.length - context.dn.depth - 1; index >= 0; index--) {
      const child = entry.children.get(rdns[index]?.normal ?? '');
      if (child === undefined) return { entry, exact: false };
      entry = child;
    }
    return { entry, exact: true };
  }

  /** Renames and moves. */
  place(entry: DirectoryEntry, parent: DirectoryEntry, rdn: Rdn): void {
    entry.parent?.children.delete(entry.rdn.normal);
    entry.parent = parent;
    entry.rdn = rdn;
    parent.children.set(rdn.normal, entry);
  }

  /** Takes a leaf out for good; its links must have been cut. */
  drop(entry: DirectoryEntry): void {
    entry.parent?.children.delete(entry.rdn.normal);
    for (const [key, index] of this.#indexes) index.remove(entry, entry.values(key));
    entry.removed = true;
    this.#order.forget();
    this.#entryCount -= 1;
  }

  /** Sets an attribute; no values = removed, which is remembered with the sequence number. */
  setValues(entry: DirectoryEntry, name: string, values: readonly Buffer[], sequence: number): void {
    const key = name.toLowerCase();
    const index = this.#indexes.get(key);
    if (index !== undefined) {
      // Unchanged values are the same buffers: one member more in a large group costs one place in the index.
      const before = new Set(entry.values(key));
      const after = new Set(values);
      index.remove(
        entry,
        [...before].filter((value) => !after.has(value)),
      );
      index.add(
        entry,
        [...after].filter((value) => !before.has(value)),
      );
    }
    entry.attributes.set(key, { name, values, sequence });
  }

  /** Forgets an attribute without a trace. */
  deleteValues(entry: DirectoryEntry, key: string): void {
    this.#indexes.get(key)?.remove(entry, entry.values(key));
    entry.attributes.delete(key);
  }

  setLink(entry: DirectoryEntry, key: string, target: DirectoryEntry, state: LinkState): void {
    mapOf(entry.links, key, () => new Map<DirectoryEntry, LinkState>()).set(target, state);
    const sources = mapOf(target.backLinks, key, () => new Set<DirectoryEntry>());
    if (state.present) sources.add(entry);
    else sources.delete(entry);
  }

  /** Cuts all links from and to an entry, leaving no trace on the other side (as a deletion does). */
  cutLinks(entry: DirectoryEntry): void {
    for (const [key, targets] of entry.links) {
      for (const target of targets.keys()) target.backLinks.get(key)?.delete(entry);
    }
    entry.links.clear();
    for (const [key, sources] of entry.backLinks) {
      for (const source of sources) source.links.get(key)?.delete(entry);
    }
    entry.backLinks.clear();
  }

  /** Closes a change: gives the entry its place in the order of changes and tells the listeners. */
  commit(kind: ChangeKind, entry: DirectoryEntry, sequence: number, previousDn?: string): void {
    this.#changedAtMs = this.#now();
    const isNew = entry.changedSequence === 0;
    entry.changedSequence = sequence;
    entry.changedAtMs = this.#changedAtMs;
    if (kind === 'add') entry.createdSequence = sequence;
    if (!entry.removed) this.#order.append(entry, isNew);
    const change = { kind, entry, sequence, ...(previousDn === undefined ? {} : { previousDn }) };
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** @returns a function that ends it */
  onChange(listener: (change: DirectoryChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changedSince(sequence: number): Iterable<DirectoryEntry> {
    return this.#order.since(sequence);
  }

  changedSinceTime(atMs: number): Iterable<DirectoryEntry> {
    return this.#order.sinceTime(atMs);
  }

  countChangedSince(sequence: number): number {
    return this.#order.countSince(sequence);
  }

  countChangedSinceTime(atMs: number): number {
    return this.#order.countSinceTime(atMs);
  }

  isIndexed(key: string): boolean {
    return this.#indexes.has(key);
  }

  /** Entries that may hold the value; only for indexed attributes. */
  find(key: string, value: Buffer): readonly DirectoryEntry[] {
    const index = this.#indexes.get(key);
    if (index === undefined) throw new RangeError(`${key} is not indexed.`);
    return index.find(value);
  }

  /** The entry and everything below it in its naming context, parents first. */
  *subtree(top: DirectoryEntry): Generator<DirectoryEntry, void, undefined> {
    yield top;
    for (const child of top.children.values()) yield* this.subtree(child);
  }
}

function mapOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
