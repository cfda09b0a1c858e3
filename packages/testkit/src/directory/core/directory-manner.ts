import type { AttributeValues, Control, Dn, Filter, Modification } from '@sallyport/ldap';
import type { AccountRights, Caller } from './caller.ts';
import type { DirectoryEntry } from './directory-entry.ts';
import type { DirectorySchema } from './directory-schema.ts';
import type { EntryStore } from './entry-store.ts';
import type { ExtendedJob, SearchJob } from './search-job.ts';

export interface ModifyDnInput {
  readonly newRdn: string;
  readonly deleteOldRdn: boolean;
  readonly newSuperior?: string;
}

/** What a caller wants to see of an entry. */
export interface Selection {
  /** Empty = all user attributes. */
  readonly attributes: readonly string[];
  readonly typesOnly: boolean;
  readonly controls: readonly Control[];
}

/** Entries an index found. */
export interface CandidateSet {
  /** At most so many. */
  readonly size: number;
  readonly entries: Iterable<DirectoryEntry>;
}

export interface MannerLimits {
  /** Most entries in one answer; Infinity = none. */
  readonly maxPageSize: number;
  /** A search without paging that finds more than this ends with sizeLimitExceeded. */
  readonly sizeLimit: number;
  /** Paged searches open at a time on a connection; the oldest is dropped beyond. */
  readonly maxPagedSearches: number;
  /** A page ends after so many entries were looked at, found or not: pages can be short or empty and yet not the last. */
  readonly maxExaminedPerPage: number;
}

/** What a test can do to a changelog behind everybody's back. */
export interface ChangelogControl {
  /** Log from now on: what was loaded before is not in it. */
  startRecording(): void;
  /** Forgets all but the latest changes. */
  trim(keepLatest: number): void;
  /** Answers as another server of the topology, where changes have other numbers. */
  switchReplica(serverId: string, firstChangeNumber: number): void;
}

/**
 * How one kind of directory behaves. Operations throw `DirectoryRefusal`; they are complete or have changed nothing.
 * Another product is another implementation of this.
 */
export interface DirectoryManner {
  readonly name: string;
  readonly schema: DirectorySchema;
  readonly store: EntryStore;
  readonly limits: MannerLimits;
  readonly supportedControls: ReadonlySet<string>;
  /** Where the data lies, and the account that may do everything. */
  readonly baseDn: string;
  readonly adminDn: string;
  /** Absent: this product has none. */
  readonly changelog?: ChangelogControl;
  /** The root DSE, as far as the caller may see it. */
  readRootDse(selection: Selection, caller: Caller): readonly AttributeValues<Buffer>[];
  /** @throws DirectoryRefusal invalidCredentials and its kin */
  bind(name: string, password: string, secure: boolean): Caller;
  /** Rights of an account, kept over its renames. */
  grant(entry: DirectoryEntry, rights: AccountRights): void;
  add(
    caller: Caller,
    dn: Dn,
    attributes: readonly AttributeValues<Buffer>[],
    controls?: readonly Control[],
  ): DirectoryEntry;
  modify(
    caller: Caller,
    dn: string,
    changes: readonly Modification<Buffer>[],
    controls: readonly Control[],
  ): void;
  modifyDn(caller: Caller, dn: string, input: ModifyDnInput, controls: readonly Control[]): void;
  /** `answerWith` adds a control to the response. */
  delete(
    caller: Caller,
    dn: string,
    controls: readonly Control[],
    answerWith?: (control: Control) => void,
  ): void;
  setPassword(entry: DirectoryEntry, password: string): void;
  /** The entry a request names, if the caller may know of it. @throws DirectoryRefusal noSuchObject */
  locate(caller: Caller, dn: string, controls: readonly Control[]): DirectoryEntry;
  isVisible(caller: Caller, entry: DirectoryEntry, controls: readonly Control[]): boolean;
  /** All values under the attribute's key, computed ones included: what filters and comparisons see. */
  valuesOf(entry: DirectoryEntry, key: string): readonly Buffer[];
  read(entry: DirectoryEntry, selection: Selection): readonly AttributeValues<Buffer>[];
  /** Finds the entries a comparison can be true for through an index; undefined = there is none. May be over-inclusive. */
  candidates(filter: Filter): CandidateSet | undefined;
  /**
   * A comparison this product answers from its links instead of from values (in-chain, membership of large groups);
   * undefined = by the values.
   */
  linkTest(filter: Filter): ((entry: DirectoryEntry) => boolean) | undefined;
  /** Other ways this product has to say a filter (ambiguous name resolution, for one); the same filter if none. */
  rewrite(filter: Filter): Filter;
  /** The name an entry goes out under. */
  shownDn(entry: DirectoryEntry, controls: readonly Control[]): string;
  /** @throws DirectoryRefusal when the caller may not search at all */
  assertMaySearch(caller: Caller): void;
  /** The refusals of the protocol layer, in this product's words. */
  readonly refusals: { badPageCookie(): never; unsupportedControl(): never };
  /** Entries below `base` in one level or subtree scope, as this product draws the lines between naming contexts. */
  scopeOf(base: DirectoryEntry, scope: 'one' | 'sub', controls: readonly Control[]): Iterable<DirectoryEntry>;
  isInScope(
    entry: DirectoryEntry,
    base: DirectoryEntry,
    scope: 'base' | 'one' | 'sub',
    controls: readonly Control[],
  ): boolean;
  /** Controls that go out with an entry of a search. */
  entryControls?(entry: DirectoryEntry): readonly Control[];
  /** A search as this product understands it, before it is run; the same job if there is nothing to add. */
  prepareSearch?(job: SearchJob): SearchJob;
  /** Extended operations of this product; undefined = it has no such operation. */
  extended?(job: ExtendedJob): Promise<void> | undefined;
  /** Takes over searches that are more than a search: change feeds, notifications. Undefined = an ordinary one. */
  specialSearch(job: SearchJob): Promise<void> | undefined;
}
