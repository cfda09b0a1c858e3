import type { ObjectType } from '@sallyport/model';
import {
  type KeyAnswer,
  type Position,
  PositionLost,
  type ReadEnd,
  type SourceChange,
  type SourceObject,
  type SourceReader,
} from '../source.ts';

export interface FakeEntry {
  readonly key: string;
  readonly place: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly active: boolean | undefined;
}

interface Row {
  readonly entry: FakeEntry;
  readonly sequence: number;
  readonly deleted: boolean;
}

/** An object that is dead once its reader was asked for more: using it then is a defect of whoever does. */
class FakeObject implements SourceObject {
  readonly objectType: ObjectType = 'user';
  readonly key: string;
  readonly place: string;
  readonly fingerprint: string;
  readonly active: boolean | undefined;
  readonly #entry: FakeEntry;
  readonly #alive: () => boolean;
  readonly #decoded: () => void;

  constructor(entry: FakeEntry, fingerprinted: boolean, alive: () => boolean, decoded: () => void) {
    this.#entry = entry;
    this.#alive = alive;
    this.#decoded = decoded;
    this.key = entry.key;
    this.place = entry.place;
    this.active = entry.active;
    this.fingerprint = fingerprinted ? JSON.stringify([entry.place, entry.attributes, entry.active]) : '';
  }

  values(attribute: string): readonly string[] {
    if (!this.#alive()) throw new Error(`${this.place} was used after the next batch was pulled`);
    this.#decoded();
    if (attribute.toLowerCase() === 'dn') return [this.place];
    if (attribute.toLowerCase() === 'active') return this.active === undefined ? [] : [String(this.active)];
    return this.#entry.attributes[attribute] ?? [];
  }

  attributeNames(): readonly string[] {
    return Object.keys(this.#entry.attributes);
  }
}

/** A small directory with a change sequence, tombstones and a scope; its reader keeps every promise of the port. */
export class FakeDirectory {
  readonly #rows = new Map<string, Row>();
  /** Every state there ever was, in order. */
  readonly #log: Row[] = [];
  #sequence = 0;
  /** Positions before it are lost, as with a trimmed changelog. */
  trimmedBefore = 0;
  scope: (entry: FakeEntry) => boolean = () => true;
  bases: readonly string[] = ['ou=people'];
  batchSize = 2;
  /** The next read succeeds with nothing in it. */
  readsNothing = false;
  /** Entries that a full read answers a second time. */
  readTwice: readonly FakeEntry[] = [];
  /** Objects whose values were asked for. */
  decoded = 0;
  /** Called before each answer: tests throw or mutate here. */
  onPull: (() => void) | undefined;
  unreachable: Error | undefined;
  deletionsSeen = true;
  /** Changes come one by one, each with what the object was then, as from a log; else each object once, as it is now. */
  replaysLog = false;

  put(entry: FakeEntry): void {
    this.#sequence += 1;
    this.#set({ entry, sequence: this.#sequence, deleted: false });
  }

  delete(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#sequence += 1;
    this.#set({ entry: row.entry, sequence: this.#sequence, deleted: true });
  }

  #set(row: Row): void {
    this.#rows.set(row.entry.key, row);
    this.#log.push(row);
  }

  entries(): readonly FakeEntry[] {
    return [...this.#rows.values()].filter((row) => !row.deleted).map((row) => row.entry);
  }

  get(key: string): FakeEntry | undefined {
    const row = this.#rows.get(key);
    return row === undefined || row.deleted ? undefined : row.entry;
  }

  reader(): SourceReader {
    let pulls = 0;
    // As with a directory: only a full read asks for the same attributes every time.
    const object = (entry: FakeEntry, fingerprinted = false): SourceObject => {
      const born = pulls;
      return new FakeObject(
        entry,
        fingerprinted,
        () => pulls === born,
        () => {
          this.decoded += 1;
        },
      );
    };
    const pull = (signal: AbortSignal): void => {
      pulls += 1;
      signal.throwIfAborted();
      this.onPull?.();
      if (this.unreachable !== undefined) throw this.unreachable;
    };
    const end = (sequence: number): ReadEnd => ({
      position: { strategy: 'fake', value: String(sequence) },
      basesRead: this.bases,
      deletionsSeen: this.deletionsSeen,
    });
    const directory = this;
    return {
      open: async (signal) => {
        pull(signal);
        return { strategy: 'fake', strategyReason: 'it is the only one', warnings: [] };
      },
      readAll: async function* (_need, signal) {
        pull(signal);
        const sequence = directory.#sequence;
        const found = directory.readsNothing
          ? []
          : [...directory.entries().filter(directory.scope), ...directory.readTwice];
        for (let at = 0; at < found.length; at += directory.batchSize) {
          pull(signal);
          yield found.slice(at, at + directory.batchSize).map((entry) => object(entry, true));
        }
        pull(signal);
        return end(sequence);
      },
      changesSince: async function* (position: Position, _need, signal) {
        pull(signal);
        const since = Number(position.value);
        if (since < directory.trimmedBefore)
          throw new PositionLost('the change log was trimmed past the position');
        const sequence = directory.#sequence;
        const rows = (directory.replaysLog ? directory.#log : [...directory.#rows.values()])
          .filter((row) => row.sequence > since)
          .sort((left, right) => left.sequence - right.sequence);
        for (let at = 0; at < rows.length; at += directory.batchSize) {
          pull(signal);
          yield rows.slice(at, at + directory.batchSize).map(({ entry, deleted }): SourceChange => {
            if (!deleted && directory.scope(entry)) return { kind: 'present', object: object(entry) };
            return {
              kind: 'gone',
              key: entry.key,
              how: deleted ? 'deleted' : 'outOfScope',
              place: entry.place,
              detail: deleted ? 'tombstone' : 'filter does not match',
            };
          });
        }
        pull(signal);
        return end(sequence);
      },
      readByKeys: async (_objectType, keys, _need, signal) => {
        pull(signal);
        return keys.map((key): KeyAnswer => {
          const entry = directory.get(key);
          if (entry === undefined) return { key, found: 'absent' };
          if (directory.scope(entry)) return { key, found: 'inScope', object: object(entry) };
          return { key, found: 'outOfScope', place: entry.place, detail: 'filter does not match' };
        });
      },
      find: async (identifier, _need, signal) => {
        pull(signal);
        const entry = directory.entries().find((one) => one.key === identifier || one.place === identifier);
        if (entry === undefined) return undefined;
        const inScope = directory.scope(entry);
        return {
          object: object(entry),
          scope: { inScope, clause: inScope ? 'the filter matches' : 'the filter does not match' },
        };
      },
      hints: async function* () {
        // There is no push here.
      },
    };
  }
}
