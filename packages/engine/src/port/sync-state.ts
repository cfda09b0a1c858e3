import type {
  AttributeChange,
  LinkStatus,
  ObjectType,
  Outcome,
  OutcomeCounts,
  Presence,
  RunStatus,
  RunType,
} from '@sallyport/model';
import type { Position } from './source.ts';
import type { TargetMember } from './target.ts';

/** The lasting tie between one source object and one target object under one rule; also the object's status. */
export interface Link {
  /** Dense, rising, never reused: the engine keeps one bit for each in a full run. */
  readonly number: number;
  readonly objectType: ObjectType;
  readonly sourceKey: string;
  readonly place: string;
  /** Undefined while nothing exists at the target (unsynced, failed before creation, conflict). */
  readonly targetId: string | undefined;
  readonly presence: Presence;
  readonly status: LinkStatus;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly errorCode: string | undefined;
  /** Fingerprint of the source at the last success, mixed with the mapping's digest; empty if the next read must compare. */
  readonly fingerprint: string;
  /** Target version right after our last write or comparison. */
  readonly targetVersion: number;
  /** The rule disabled the target because the source object went away: coming back enables it. */
  readonly disabledByRule: boolean;
  /** The rule made the target object, and did not find it: what "delete groups on rule deletion" may delete. */
  readonly createdByRule: boolean;
  /** Epoch ms at which a grace period ends and the disabled target is deleted. */
  readonly deleteAfter: number | undefined;
  readonly lastSyncAt: number;
}

/** `number` absent: insert. */
export interface LinkWrite extends Omit<Link, 'number'> {
  readonly number: number | undefined;
  /**
   * The object's own reference (`SourceObject.references[0]`), by which `linksByReferences` finds it: only its hash is kept.
   * Undefined leaves what is stored, for whoever writes a link without having changed its place.
   */
  readonly reference: string | undefined;
  /**
   * What else groups call the object (`uid:jdoe`, `SourceObject.references[1..]`), replaced as a whole and kept as text: no
   * place gives them again. Undefined leaves what is stored.
   */
  readonly otherReferences?: readonly string[] | undefined;
}

/** As much of a link as a membership needs. */
export interface MemberLink {
  readonly number: number;
  readonly objectType: ObjectType;
  readonly sourceKey: string;
  readonly place: string;
  readonly targetId: string | undefined;
  /** Found by the full text of one of its other references, so that its place need not give the one that was asked for. */
  readonly byOther?: true | undefined;
}

/**
 * A membership that the source has and the target has not, because nothing is linked under that reference, or what is
 * linked has no target object. It waits for its member; a group that goes takes its waiting memberships along.
 */
export interface PendingMember {
  readonly groupLink: number;
  readonly reference: string;
}

/** A removal of a membership the guard stopped. */
export interface HeldMember {
  readonly groupLink: number;
  readonly member: TargetMember;
  /** What a person recognises: the member's username or group name. */
  readonly label: string;
  /**
   * A person discarded its removal: it waits no more, is not counted and not removed, until the source has it again and it is a
   * membership like any other.
   */
  readonly kept: boolean;
}

/** How many memberships one group lost without a person. */
export interface RemovedMembers {
  readonly groupLink: number;
  readonly count: number;
}

/** What one object's turn in a run came to: one line of the journal and of a run's changes. */
export interface JournalEntry {
  readonly at: number;
  readonly objectType: ObjectType;
  readonly sourceKey: string;
  readonly place: string;
  readonly targetId: string | undefined;
  /** What a person recognises: the username. */
  readonly label: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly errorCode: string | undefined;
  readonly changes: readonly AttributeChange[];
}

export interface RunProgress {
  readonly runId: string;
  readonly type: RunType;
  readonly status: RunStatus;
  /** Why this run is full, or was started: shown as it is. */
  readonly reason: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly read: number;
  /** Objects the run expects to read, from the last full run; undefined at the first. */
  readonly expected: number | undefined;
  readonly counts: OutcomeCounts;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
}

/** A removal the guard stopped. `held` waits; a release applies exactly the held ones. */
export interface HeldRemoval {
  readonly linkNumber: number;
  readonly objectType: ObjectType;
  readonly sourceKey: string;
  readonly place: string;
  readonly label: string;
  readonly how: 'deleted' | 'outOfScope';
  readonly detail: string;
  /** The run that listed it first, for the same reason and without its having come back since. */
  readonly firstRunId: string;
}

/** The one list of a rule and object type that waits for a person. */
export interface HeldList {
  /** The run that made the list as it stands. */
  readonly runId: string;
  /**
   * The runs that made the list or one that it goes on with, oldest first, this one last. Whoever decides names one of them, and
   * decides about what its list showed: nobody decides about what they did not see.
   */
  readonly listedBy: readonly string[];
  readonly removals: readonly HeldRemoval[];
}

export interface LastFullRead {
  readonly objects: number;
  readonly basesRead: readonly string[];
  readonly endedAt: number;
}

/** Sync state of one rule. Reads see committed state only. Rule, environment and revision are bound when it is made. */
export interface SyncState {
  linksByKeys(objectType: ObjectType, keys: readonly string[]): Promise<ReadonlyMap<string, Link>>;
  linksByTargets(objectType: ObjectType, targetIds: readonly string[]): Promise<ReadonlyMap<string, Link>>;
  /** Links by rising number after `afterNumber`, for the sweep at the end of a full run. */
  scanLinks(objectType: ObjectType, afterNumber: number, limit: number): Promise<readonly Link[]>;
  linksByNumbers(numbers: readonly number[]): Promise<readonly Link[]>;
  /**
   * Only the numbers, rising, after `afterNumber`: a full run asks for all of them to find the links it has not seen, so it
   * should be answered from an index.
   */
  linkNumbers(objectType: ObjectType, afterNumber: number, limit: number): Promise<readonly number[]>;
  /** Links with a target that the source still has: what the guard's percentage is of. */
  countLinked(objectType: ObjectType): Promise<number>;
  /** Links whose grace period ended before `now`. */
  dueDeletions(objectType: ObjectType, now: number, limit: number): Promise<readonly Link[]>;
  position(): Promise<Position | undefined>;
  lastFullRead(objectType: ObjectType): Promise<LastFullRead | undefined>;
  /** The list that waits for a person, if there is one. */
  held(objectType: ObjectType): Promise<HeldList | undefined>;
  /** Those of these runs that are recorded, oldest first. */
  runs(runIds: readonly string[]): Promise<readonly RunProgress[]>;
  /** Sum of the removals recorded at or after `since` (epoch ms); 0 if there were none. */
  removedSince(objectType: ObjectType, since: number): Promise<number>;
  /** The same for the memberships of each of these groups; groups that lost none are absent. */
  membersRemovedSince(groupLinks: readonly number[], since: number): Promise<ReadonlyMap<number, number>>;
  /** Mapping-and-scope digest of the last completed full run; another one forces a full run. */
  appliedDigest(): Promise<string | undefined>;
  /**
   * Links of any type by the hash of their reference, or by one of their other references; keyed by the reference as asked. A
   * hash may be shared: whoever asks compares `referenceOf(place)` before believing it, unless the link is `byOther`. Links
   * whose source object was deleted are left out.
   */
  linksByReferences(references: readonly string[]): Promise<ReadonlyMap<string, readonly MemberLink[]>>;
  /** Memberships that wait under one of these references. */
  pendingByReferences(references: readonly string[]): Promise<readonly PendingMember[]>;
  /** Of each of these groups, how many memberships wait. Groups without any are absent. */
  countPending(groupLinks: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** References that wait in one group. */
  pendingOf(groupLink: number, after: string, limit: number): Promise<readonly string[]>;
  /**
   * Memberships that wait although something is linked under their hash now, by rising place in the list after `after`: the
   * sweep that ends a full run and repairs what a crash left. Answers the place to go on from; undefined at the end.
   */
  pendingWithLinks(
    after: number,
    limit: number,
  ): Promise<{ readonly pending: readonly PendingMember[]; readonly next: number | undefined }>;
  /**
   * The memberships whose removal waits for a person, with the run that saved any of them last, and those that a person
   * kept. A group that goes takes its own along.
   */
  heldMembers(): Promise<{ readonly runId: string; readonly members: readonly HeldMember[] } | undefined>;
  /** All or nothing. `work` must not wait for anything but this transaction: others queue behind it. */
  transaction<T>(work: (tx: StateTransaction) => Promise<T>): Promise<T>;
}

/** The writing half of SyncState, alive only inside `transaction`. */
export interface StateTransaction {
  /** Answers the number of each link, in the order given: a full run sets the bits of the links it has just made. */
  saveLinks(links: readonly LinkWrite[]): Promise<readonly number[]>;
  removeLinks(numbers: readonly number[]): Promise<void>;
  appendJournal(runId: string, entries: readonly JournalEntry[]): Promise<void>;
  savePosition(position: Position | undefined): Promise<void>;
  saveRun(progress: RunProgress): Promise<void>;
  saveLastFullRead(objectType: ObjectType, read: LastFullRead, digest: string): Promise<void>;
  /**
   * Replaces what was held before for this rule and object type: one list waits at a time. The run joins those that listed what
   * waits, as the last of them unless it is among them; without removals nothing waits, and all of them are forgotten.
   */
  saveHeld(runId: string, objectType: ObjectType, removals: readonly HeldRemoval[]): Promise<void>;
  clearHeld(objectType: ObjectType): Promise<void>;
  /** Adding what waits already, and removing what does not wait, are accepted silently. */
  addPending(pending: readonly PendingMember[]): Promise<void>;
  removePending(pending: readonly PendingMember[]): Promise<void>;
  /** Every waiting membership of these groups. */
  clearPending(groupLinks: readonly number[]): Promise<void>;
  /**
   * Replaces the held memberships of the groups named in `groupLinks`; an empty `members` ends their waiting. One list waits at a
   * time: saving any takes over those of all other groups for `runId`.
   */
  saveHeldMembers(
    runId: string,
    groupLinks: readonly number[],
    members: readonly HeldMember[],
  ): Promise<void>;
  /**
   * Adds `count` to the removals made without a person at `at` (epoch ms), in the transaction that records the removals
   * themselves. What is older than the guard looks back may be forgotten.
   */
  recordRemovals(objectType: ObjectType, at: number, count: number): Promise<void>;
  /** The same for memberships, by group. */
  recordMemberRemovals(at: number, removals: readonly RemovedMembers[]): Promise<void>;
}
