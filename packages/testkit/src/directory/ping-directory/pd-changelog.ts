import {
  type AttributeValues,
  type ChangelogChangeType,
  makeRdn,
  parseRdn,
  printChangedAttributes,
  printGeneralizedTime,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { EntryStore } from '../core/entry-store.ts';
import type { PingDirectoryOptions } from './pd-options.ts';

/** A change as the write functions hand it over. */
export interface ChangeInput {
  readonly kind: ChangelogChangeType;
  /** Before a rename. */
  readonly targetDn: string;
  readonly entryUuid: string;
  readonly modifiersName: Buffer;
  /** Attributes by lower-case name: what batches select by. */
  readonly touched: ReadonlySet<string>;
  readonly changes?: Buffer;
  readonly rename?: {
    readonly newDn: string;
    readonly newRdn: string;
    readonly deleteOldRdn: boolean;
    readonly newSuperior?: string;
  };
  readonly deletedAttributes?: readonly AttributeValues<Buffer>[];
  readonly before?: readonly AttributeValues<Buffer>[];
  readonly after?: readonly AttributeValues<Buffer>[];
  readonly keys?: readonly AttributeValues<Buffer>[];
  readonly softDeletedTo?: string;
  readonly undeletedFrom?: string;
  /** The entry was soft-deleted before. */
  readonly isOfSoftDeleted?: boolean;
}

/** A change in the log. */
export interface LoggedChange extends ChangeInput {
  readonly number: number;
  /** Rises over all servers of the topology. */
  readonly csn: string;
  readonly atMs: number;
  readonly entry: DirectoryEntry;
}

const changeTypeNames: Readonly<Record<ChangelogChangeType, string>> = {
  add: 'add',
  delete: 'delete',
  modify: 'modify',
  modifyDn: 'modrdn',
};

/** `cn=changelog` (draft-good-ldap-changelog-04) with PingDirectory's additions. Trimmed from the old end only. */
export class PdChangelog {
  readonly head: DirectoryEntry;
  readonly #store: EntryStore;
  readonly #options: PingDirectoryOptions;
  readonly #listeners = new Set<() => void>();
  #changes: LoggedChange[] = [];
  #nextNumber: number;
  #csnCount = 0;
  #lastAtMs = 0;
  #purged: { readonly csn: string; readonly atMs: number } | undefined;
  #serverId: string;
  /** Off while the directory is filled, as it is during an import. */
  #isRecording = false;

  constructor(store: EntryStore, head: DirectoryEntry, options: PingDirectoryOptions) {
    this.head = head;
    this.#store = store;
    this.#options = options;
    this.#nextNumber = options.firstChangeNumber ?? 1;
    this.#serverId = options.serverId ?? 'ping-1';
  }

  /** Whether the server has a changelog at all. */
  get isEnabled(): boolean {
    return this.#options.changelog !== false;
  }

  get serverId(): string {
    return this.#serverId;
  }

  /** Oldest first. */
  get changes(): readonly LoggedChange[] {
    return this.#changes;
  }

  /** One more than the last if the log is empty. */
  get firstNumber(): number {
    return this.#changes[0]?.number ?? this.#nextNumber;
  }

  get lastNumber(): number {
    return this.#nextNumber - 1;
  }

  get lastCsn(): string {
    return this.#changes.at(-1)?.csn ?? this.#purged?.csn ?? '';
  }

  /** The last change that was trimmed. */
  get purged(): { readonly csn: string; readonly atMs: number } | undefined {
    return this.#purged;
  }

  startRecording(): void {
    this.#isRecording = this.isEnabled;
  }

  /** Changes behind a sequence number. */
  since(csn: string): readonly LoggedChange[] {
    return this.#changes.slice(this.#start((change) => change.csn > csn));
  }

  /** Entries of the changes numbered from `first` on. */
  numberedFrom(first: number): readonly LoggedChange[] {
    return this.#changes.slice(this.#start((change) => change.number >= first));
  }

  /** Adds a change. Its entry goes into the store under the sequence number of the change itself. */
  record(change: ChangeInput, sequence: number): void {
    if (!this.#isRecording) return;
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    this.#csnCount += 1;
    // Never backwards, whatever the clock does: change sequence numbers rise.
    const atMs = Math.max(this.#store.nowMs(), this.#lastAtMs);
    this.#lastAtMs = atMs;
    const replica = (this.#options.replicaId ?? 12_336).toString(16).padStart(4, '0');
    const csn = `${hex(atMs, 16)}${replica}${hex(this.#csnCount, 8)}`.toUpperCase();
    const entry = this.#store.create(this.head, parseRdn(`changeNumber=${number}`));
    const logged: LoggedChange = { ...change, number, csn, atMs, entry };
    for (const [name, values] of this.#attributesOf(logged))
      this.#store.setValues(entry, name, values.map(asBuffer), sequence);
    this.#changes.push(logged);
    this.#store.commit('add', entry, sequence);
    for (const listener of [...this.#listeners]) listener();
  }

  /** Forgets all but the latest changes, as the size and age limits of the backend do. */
  trim(keepLatest: number): void {
    const dropped = this.#changes.splice(0, Math.max(0, this.#changes.length - keepLatest));
    for (const { entry } of dropped) this.#store.drop(entry);
    const last = dropped.at(-1);
    if (last !== undefined) this.#purged = { csn: last.csn, atMs: last.atMs };
  }

  /**
   * As if clients had been sent to another server of the topology: its change numbers are others, its name too, and the
   * change sequence numbers the same.
   */
  switchReplica(serverId: string, firstChangeNumber: number): void {
    this.#serverId = serverId;
    const sequence = this.#store.nextSequence();
    const moved = this.#changes.map((change, index) => ({ ...change, number: firstChangeNumber + index }));
    // In two steps: a new number may be another change's old one.
    for (const { entry, csn } of moved)
      this.#store.place(entry, this.head, makeRdn('changeNumber', `moving ${csn}`));
    for (const { entry, number } of moved) {
      this.#store.place(entry, this.head, parseRdn(`changeNumber=${number}`));
      this.#store.setValues(entry, 'changeNumber', [utf8(String(number))], sequence);
    }
    this.#changes = moved;
    this.#nextNumber = firstChangeNumber + moved.length;
  }

  /** @returns a function that ends it */
  onRecord(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #start(isReached: (change: LoggedChange) => boolean): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const change = this.#changes[middle];
      if (change !== undefined && isReached(change)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #attributesOf(change: LoggedChange): readonly (readonly [string, readonly (string | Buffer)[]])[] {
    const { rename } = change;
    return [
      ['objectClass', ['top', 'changeLogEntry']],
      ['changeNumber', [String(change.number)]],
      ['targetDN', [change.targetDn]],
      ['changeType', [changeTypeNames[change.kind]]],
      // The value ends with a NUL octet, as that of other servers of the family does.
      ...when(change.changes, (changes) => ['changes', [Buffer.concat([changes, Buffer.alloc(1)])]]),
      ...when(rename, ({ newRdn }) => ['newRDN', [newRdn]]),
      ...when(rename, ({ deleteOldRdn }) => ['deleteOldRDN', [deleteOldRdn ? 'TRUE' : 'FALSE']]),
      ...when(rename?.newSuperior, (newSuperior) => ['newSuperior', [newSuperior]]),
      ...when(change.deletedAttributes, (kept) => ['deletedEntryAttrs', [printChangedAttributes(kept)]]),
      ...this.#beforeAndAfter(change),
      ...when(change.keys?.length === 0 ? undefined : change.keys, (keys) => [
        'ds-changelog-entry-key-attr-values',
        [printChangedAttributes(keys)],
      ]),
      ['targetUniqueID', [change.entryUuid]],
      ['changeTime', [printGeneralizedTime(change.atMs)]],
      ['localCSN', [change.csn]],
      ['replicationCSN', [change.csn]],
      ['replicaIdentifier', [String(this.#options.replicaId ?? 12_336)]],
      ['modifiersName', [change.modifiersName]],
      ...when(change.softDeletedTo, (dn) => ['ds-soft-delete-entry-dn', [dn]]),
      ...when(change.undeletedFrom, (dn) => ['ds-undelete-from-dn', [dn]]),
      ...(change.isOfSoftDeleted === true ? [['ds-change-to-soft-deleted-entry', ['true']] as const] : []),
    ];
  }

  #beforeAndAfter(change: LoggedChange): readonly (readonly [string, readonly (string | Buffer)[]])[] {
    const { maxBeforeAfterValues: max = 0 } = this.#options;
    const { before = [], after = [] } = change;
    if (max === 0 || (before.length === 0 && after.length === 0)) return [];
    const countOf = (list: readonly AttributeValues<Buffer>[], type: string) =>
      list.find((item) => item.type === type)?.values.length ?? 0;
    const types = [...new Set([...before, ...after].map(({ type }) => type))];
    const long = types.filter(
      (type) => max > 0 && Math.max(countOf(before, type), countOf(after, type)) > max,
    );
    const shown = (list: readonly AttributeValues<Buffer>[]) =>
      list.filter(({ type, values }) => values.length > 0 && !long.includes(type));
    return [
      ...when(shown(before), (list) => ['ds-changelog-before-values', [printChangedAttributes(list)]]),
      ...when(shown(after), (list) => ['ds-changelog-after-values', [printChangedAttributes(list)]]),
      ...when(long.length > 0 ? long : undefined, (names): [string, string[]] => [
        'ds-changelog-attr-exceeded-max-values-count',
        names.map(
          (type) => `attr=${type},beforeCount=${countOf(before, type)},afterCount=${countOf(after, type)}`,
        ),
      ]),
    ];
  }
}

type Row = readonly [string, readonly (string | Buffer)[]];

function when<T>(value: T | undefined, make: (value: T) => Row): Row[] {
  return value === undefined ? [] : [make(value)];
}

function asBuffer(value: string | Buffer): Buffer {
  return typeof value === 'string' ? utf8(value) : value;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
