import type { ObjectType } from '@sallyport/model';
import {
  type KeyAnswer,
  type Position,
  PositionLost,
  type ReadEnd,
  type ReadNeed,
  type SourceChange,
  type SourceObject,
  type SourceReader,
} from '../source.ts';

export interface FakeEntry {
  readonly key: string;
  readonly place: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly active: boolean | undefined;
  /** A user unless it says otherwise. */
  readonly objectType?: ObjectType;
  /** Keys of entries, which are named by where these are now; anything else is a reference by itself. */
  readonly members?: readonly string[];
  readonly memberOf?: readonly string[];
  /** What else groups call it. */
  readonly otherNames?: readonly string[];
  readonly fault?: { readonly code: string; readonly message: string };
}

/** Members that came to and left one group in one change. */
interface MemberRow {
  readonly key: string;
  readonly sequence: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

interface Row {
  readonly entry: FakeEntry;
  readonly sequence: number;
  readonly deleted: boolean;
}

/** An object that is dead once its reader was asked for more: using it then is a defect of whoever does. */
class FakeObject implements SourceObject {
  readonly objectType: ObjectType;
  readonly references: readonly string[];
  readonly memberOf: readonly string[] | undefined;
  readonly fault: SourceObject['fault'];
  readonly key: string;
  readonly place: string;
  readonly fingerprint: string;
  readonly active: boolean | undefined;
  readonly #entry: FakeEntry;
  readonly #alive: () => boolean;
  readonly #decoded: () => void;
  readonly #members: readonly string[] | undefined;

  constructor(
    entry: FakeEntry,
    members: readonly string[] | undefined,
    fingerprinted: boolean,
    alive: () => boolean,
    decoded: () => void,
  ) {
    this.#entry = entry;
    this.#members = members;
    this.objectType = typeOf(entry);
    this.references = [referenceOf(entry.place), ...(entry.otherNames ?? [])];
    this.memberOf = entry.memberOf;
    this.fault = entry.fault;
    this.#alive = alive;
    this.#decoded = decoded;
    this.key = entry.key;
    this.place = entry.place;
    this.active = entry.active;
    // As with an entry of a directory, no members look the same as members that nobody asked for.
    this.fingerprint = fingerprinted
      ? JSON.stringify([entry.place, entry.attributes, entry.active, ...(members ?? [])])
      : '';
  }

  get members(): Iterable<string> | undefined {
    const members = this.#members;
    if (members === undefined) return undefined;
    if (!this.#alive()) throw new Error(`${this.place} was used after the next batch was pulled`);
    return members;
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

function typeOf({ objectType }: FakeEntry): ObjectType {
  return objectType ?? 'user';
}

function referenceOf(place: string): string {
  return `dn:${place.toLowerCase()}`;
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
  /** Whoever leaves the scope goes without a word, unless they were in it at the position. */
  followsBasesOnly = false;
  /** Changes come one by one, each with what the object was then, as from a log; else each object once, as it is now. */
  replaysLog = false;
  /** Changes of members alone are told member by member; else as the group with all of them. */
  tellsMembers = false;
  readonly #memberLog: MemberRow[] = [];

  put(entry: FakeEntry): void {
    this.#sequence += 1;
    this.#set({ entry, sequence: this.#sequence, deleted: false });
  }

  /** Changes the members of a group and nothing else of it. */
  setMembers(key: string, members: readonly string[]): void {
    const entry = this.get(key);
    if (entry === undefined) throw new Error(`no entry ${key}`);
    if (!this.tellsMembers) {
      this.put({ ...entry, members });
      return;
    }
    const before = new Set(entry.members);
    const after = new Set(members);
    this.#sequence += 1;
    this.#memberLog.push({
      key,
      sequence: this.#sequence,
      added: members.filter((one) => !before.has(one)),
      removed: [...before].filter((one) => !after.has(one)),
    });
    const row = this.#rows.get(key);
    if (row !== undefined) this.#rows.set(key, { ...row, entry: { ...entry, members } });
  }

  /** References of members as groups show them: whoever is deleted is not shown, whoever moved is shown where it is. */
  #shown(members: readonly string[], deletedToo = false): readonly string[] {
    return members.flatMap((one) => {
      const row = this.#rows.get(one);
      if (row === undefined) return [one];
      return row.deleted && !deletedToo ? [] : [referenceOf(row.entry.place)];
    });
  }

  #memberChanges(since: number): readonly { readonly sequence: number; readonly change: SourceChange }[] {
    const told = this.#memberLog.filter(({ key, sequence }) => {
      const entry = this.get(key);
      return sequence > since && entry !== undefined && this.scope(entry);
    });
    const rows = this.replaysLog ? told : netOf(told);
    return rows.map(({ key, sequence, added, removed }) => ({
      sequence,
      change: {
        kind: 'members',
        key,
        added: this.#shown(added),
        removed: this.#shown(removed, true),
      },
    }));
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

  /** Whether there ever was such an entry. */
  has(key: string): boolean {
    return this.#rows.has(key);
  }

  get(key: string): FakeEntry | undefined {
    const row = this.#rows.get(key);
    return row === undefined || row.deleted ? undefined : row.entry;
  }

  reader(): SourceReader {
    let pulls = 0;
    // As with a directory: only a full read asks for the same attributes every time.
    const object = (entry: FakeEntry, need: ReadNeed, fingerprinted = false): SourceObject => {
      const born = pulls;
      const members = typeOf(entry) === 'group' && need.groups?.members === true;
      return new FakeObject(
        entry,
        members ? this.#shown(entry.members ?? []) : undefined,
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
        return {
          strategy: 'fake',
          strategyReason: 'it is the only one',
          warnings: [],
          followsBasesOnly: this.followsBasesOnly,
        };
      },
      readAll: async function* (need, signal) {
        pull(signal);
        const sequence = directory.#sequence;
        const found = directory.readsNothing
          ? []
          : [...directory.entries().filter(directory.scope), ...directory.readTwice];
        for (const objectType of ['user', 'group'] as const) {
          if (objectType === 'group' && need.groups === undefined) continue;
          const own = found.filter((entry) => typeOf(entry) === objectType);
          for (let at = 0; at < own.length; at += directory.batchSize) {
            pull(signal);
            yield own.slice(at, at + directory.batchSize).map((entry) => object(entry, need, true));
          }
        }
        pull(signal);
        return end(sequence);
      },
      changesSince: async function* (position: Position, need, signal) {
        pull(signal);
        const since = Number(position.value);
        if (since < directory.trimmedBefore)
          throw new PositionLost('the change log was trimmed past the position');
        const sequence = directory.#sequence;
        const rows = (directory.replaysLog ? directory.#log : [...directory.#rows.values()]).filter(
          ({ entry, sequence: at }) => at > since && (typeOf(entry) === 'user' || need.groups !== undefined),
        );
        const told: { readonly sequence: number; readonly change: () => SourceChange }[] = rows.map(
          ({ entry, deleted, sequence: at }) => ({
            sequence: at,
            change: () => {
              if (!deleted && directory.scope(entry)) return { kind: 'present', object: object(entry, need) };
              return {
                kind: 'gone',
                ...(directory.replaysLog ? {} : { objectType: typeOf(entry) }),
                key: entry.key,
                how: deleted ? 'deleted' : 'outOfScope',
                place: entry.place,
                detail: deleted ? 'tombstone' : 'filter does not match',
              };
            },
          }),
        );
        if (need.groups?.members === true)
          for (const { sequence: at, change } of directory.#memberChanges(since))
            told.push({ sequence: at, change: () => change });
        told.sort((left, right) => left.sequence - right.sequence);
        for (let at = 0; at < told.length; at += directory.batchSize) {
          pull(signal);
          yield told.slice(at, at + directory.batchSize).map(({ change }) => change());
        }
        pull(signal);
        return end(sequence);
      },
      readByKeys: async (objectType, keys, need, signal) => {
        pull(signal);
        return keys.map((key): KeyAnswer => {
          const entry = directory.get(key);
          if (entry === undefined || typeOf(entry) !== objectType) return { key, found: 'absent' };
          if (directory.scope(entry)) return { key, found: 'inScope', object: object(entry, need) };
          return { key, found: 'outOfScope', place: entry.place, detail: 'filter does not match' };
        });
      },
      find: async (identifier, need, signal) => {
        pull(signal);
        const entry = directory.entries().find((one) => one.key === identifier || one.place === identifier);
        if (entry === undefined) return undefined;
        const inScope = directory.scope(entry);
        return {
          object: object(entry, need),
          scope: { inScope, clause: inScope ? 'the filter matches' : 'the filter does not match' },
        };
      },
      namedBy: async (objects, signal) => {
        pull(signal);
        const wanted = new Set(objects.map(({ place }) => referenceOf(place)));
        return new Map(
          directory
            .entries()
            .filter((entry) => typeOf(entry) === 'group' && directory.scope(entry))
            .map((entry) => [
              entry.key,
              new Set(directory.#shown(entry.members ?? []).filter((one) => wanted.has(one))),
            ]),
        );
      },
      referenceOf,
      hints: async function* () {
        // There is no push here.
      },
    };
  }
}

/** Of everything told about one member of a group, the last word. */
function netOf(rows: readonly MemberRow[]): readonly MemberRow[] {
  const groups = new Map<string, { sequence: number; words: Map<string, boolean> }>();
  for (const { key, sequence, added, removed } of rows) {
    const group = groups.get(key) ?? { sequence, words: new Map<string, boolean>() };
    for (const one of removed) group.words.set(one, false);
    for (const one of added) group.words.set(one, true);
    groups.set(key, { ...group, sequence });
  }
  return [...groups].map(([key, { sequence, words }]) => ({
    key,
    sequence,
    added: [...words].flatMap(([one, came]) => (came ? [one] : [])),
    removed: [...words].flatMap(([one, came]) => (came ? [] : [one])),
  }));
}
