import type {
  AttributeChange,
  LinkStatus,
  ObjectType,
  Outcome,
  OutcomeCounts,
  Presence,
  RunStatus,
  RunType,
  Uuid,
} from '@sallyport/model';

// The shapes of the engine's state port. The store may not import the engine, so they are written here again; a type
// test in the server proves that the two are the same.

export interface Position {
  readonly strategy: string;
  readonly value: string;
}

export interface Link {
  readonly number: number;
  readonly objectType: ObjectType;
  readonly sourceKey: string;
  readonly place: string;
  readonly targetId: string | undefined;
  readonly presence: Presence;
  readonly status: LinkStatus;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly errorCode: string | undefined;
  readonly fingerprint: string;
  readonly targetVersion: number;
  readonly disabledByRule: boolean;
  readonly createdByRule: boolean;
  readonly deleteAfter: number | undefined;
  readonly lastSyncAt: number;
}

export interface LinkWrite extends Omit<Link, 'number'> {
  readonly number: number | undefined;
  readonly reference: string | undefined;
  readonly otherReferences?: readonly string[] | undefined;
}

export interface MemberLink {
  readonly number: number;
  readonly objectType: ObjectType;
  readonly sourceKey: string;
  readonly place: string;
  readonly targetId: string | undefined;
  readonly byOther?: true | undefined;
}

export interface PendingMember {
  readonly groupLink: number;
  readonly reference: string;
}

export interface TargetMember {
  readonly objectType: ObjectType;
  readonly id: string;
}

export interface HeldMember {
  readonly groupLink: number;
  readonly member: TargetMember;
  readonly label: string;
  readonly kept: boolean;
}

/** The memberships whose removal waits for a person, and those that a person kept. */
export interface HeldMemberList {
  readonly runId: string;
  readonly members: readonly HeldMember[];
}

export interface JournalEntry {
  readonly at: number;
  readonly objectType: ObjectType;
  readonly sourceKey: string;
  readonly place: string;
  readonly targetId: string | undefined;
  readonly label: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly errorCode: string | undefined;
  readonly changes: readonly AttributeChange[];
}

export interface RemovedMembers {
  readonly groupLink: number;
  readonly count: number;
}

export interface RunProgress {
  readonly runId: string;
  readonly type: RunType;
  readonly status: RunStatus;
  readonly reason: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly read: number;
  readonly expected: number | undefined;
  readonly counts: OutcomeCounts;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
}

export interface HeldRemoval {
  readonly linkNumber: number;
  readonly objectType: ObjectType;
  readonly sourceKey: string;
  readonly place: string;
  readonly label: string;
  readonly how: 'deleted' | 'outOfScope';
  readonly detail: string;
  readonly firstRunId: string;
}

export interface HeldList {
  readonly runId: string;
  readonly listedBy: readonly string[];
  readonly removals: readonly HeldRemoval[];
}

export interface LastFullRead {
  readonly objects: number;
  readonly basesRead: readonly string[];
  readonly endedAt: number;
}

export interface SyncState {
  linksByKeys(objectType: ObjectType, keys: readonly string[]): Promise<ReadonlyMap<string, Link>>;
  linksByTargets(objectType: ObjectType, targetIds: readonly string[]): Promise<ReadonlyMap<string, Link>>;
  scanLinks(objectType: ObjectType, afterNumber: number, limit: number): Promise<readonly Link[]>;
  linksByNumbers(numbers: readonly number[]): Promise<readonly Link[]>;
  linkNumbers(objectType: ObjectType, afterNumber: number, limit: number): Promise<readonly number[]>;
  countLinked(objectType: ObjectType): Promise<number>;
  dueDeletions(objectType: ObjectType, now: number, limit: number): Promise<readonly Link[]>;
  position(): Promise<Position | undefined>;
  lastFullRead(objectType: ObjectType): Promise<LastFullRead | undefined>;
  held(objectType: ObjectType): Promise<HeldList | undefined>;
  runs(runIds: readonly string[]): Promise<readonly RunProgress[]>;
  removedSince(objectType: ObjectType, since: number): Promise<number>;
  membersRemovedSince(groupLinks: readonly number[], since: number): Promise<ReadonlyMap<number, number>>;
  appliedDigest(): Promise<string | undefined>;
  linksByReferences(references: readonly string[]): Promise<ReadonlyMap<string, readonly MemberLink[]>>;
  pendingByReferences(references: readonly string[]): Promise<readonly PendingMember[]>;
  countPending(groupLinks: readonly number[]): Promise<ReadonlyMap<number, number>>;
  pendingOf(groupLink: number, after: string, limit: number): Promise<readonly string[]>;
  pendingWithLinks(
    after: number,
    limit: number,
  ): Promise<{ readonly pending: readonly PendingMember[]; readonly next: number | undefined }>;
  heldMembers(): Promise<HeldMemberList | undefined>;
  transaction<T>(work: (tx: StateTransaction) => Promise<T>): Promise<T>;
}

export interface StateTransaction {
  saveLinks(links: readonly LinkWrite[]): Promise<readonly number[]>;
  removeLinks(numbers: readonly number[]): Promise<void>;
  appendJournal(runId: string, entries: readonly JournalEntry[]): Promise<void>;
  savePosition(position: Position | undefined): Promise<void>;
  saveRun(progress: RunProgress): Promise<void>;
  saveLastFullRead(objectType: ObjectType, read: LastFullRead, digest: string): Promise<void>;
  saveHeld(runId: string, objectType: ObjectType, removals: readonly HeldRemoval[]): Promise<void>;
  clearHeld(objectType: ObjectType): Promise<void>;
  addPending(pending: readonly PendingMember[]): Promise<void>;
  removePending(pending: readonly PendingMember[]): Promise<void>;
  clearPending(groupLinks: readonly number[]): Promise<void>;
  saveHeldMembers(
    runId: string,
    groupLinks: readonly number[],
    members: readonly HeldMember[],
  ): Promise<void>;
  recordRemovals(objectType: ObjectType, at: number, count: number): Promise<void>;
  recordMemberRemovals(at: number, removals: readonly RemovedMembers[]): Promise<void>;
}

/** A run as lists show it. */
export interface Run extends RunProgress {
  readonly environmentId: Uuid;
  readonly ruleId: Uuid;
  /** The revision the rule was taken from. */
  readonly revisionId: Uuid | undefined;
}

/** A journal line with its place in the books. */
export interface JournalLine extends JournalEntry {
  readonly number: number;
  readonly ruleId: Uuid;
  readonly runId: Uuid;
}

export interface HeldLine extends HeldRemoval {
  readonly runId: Uuid;
  readonly ruleId: Uuid;
}

/** A link as lists show it: `lastSuccessAt` is when source and target last agreed. */
export interface LinkLine extends Link {
  readonly ruleId: Uuid;
  readonly lastSuccessAt: number | undefined;
}

/** Derived from the links at every call. `states` are disjoint; `success` and `partialSynced` may overlap as in the API. */
export interface SyncCounters {
  /** Objects the rule has to do with: in scope, or gone and not yet settled. */
  readonly impacted: number;
  readonly inScope: number;
  /** Synced at least once and still tied to the target, though the last change may not have been allowed through. */
  readonly success: number;
  readonly unsynced: number;
  /** Something is at the target that may be out of date, a group whose membership removals are held among them. */
  readonly partialSynced: number;
  /** With conflicts, and with removals that the target refused. */
  readonly failed: number;
  readonly held: number;
  readonly conflict: number;
  /** Failed while the source object was gone: a removal that the target refused. */
  readonly failedDeprovision: number;
  readonly lastSyncAt: number | undefined;
  readonly states: Readonly<Record<SyncStateName, number>>;
}

/** Where an object stands. `REMOVED`: left the source and is settled, e.g. disabled; `KEPT`: a person refused its removal. */
export type SyncStateName = LinkStatus | 'REMOVED' | 'KEPT';

/** How many removals wait for a person. */
export interface HeldCounts {
  readonly users: number;
  readonly groups: number;
  readonly memberships: number;
  /** Whose lists they are: each is decided about by itself. */
  readonly runIds: readonly Uuid[];
}

/** A membership whose removal waits, with the link of its group. */
export interface HeldMemberLine extends HeldMember {
  readonly runId: Uuid;
  readonly group: Link;
}

/** One rule's word on one user. */
export interface SyncedRule {
  readonly ruleId: Uuid;
  readonly link: LinkLine;
}

/** What is kept of one rule's sync beside its links. */
export interface RuleSync {
  readonly ruleId: Uuid;
  readonly position: Position | undefined;
  readonly appliedDigest: string | undefined;
}
