import type { ObjectType } from '@sallyport/model';

/**
 * One object as the source shows it now. Attributes are decoded when asked for, so that an object whose fingerprint is
 * known costs no decoding at all. An object is only valid until the next batch is pulled: keep copies, not objects.
 */
export interface SourceObject {
  readonly objectType: ObjectType;
  /** objectGUID or entryUUID as text: never a DN, never a login name. Empty if the source sent none. */
  readonly key: string;
  /** Where it is now: the DN as the server spells it. */
  readonly place: string;
  /**
   * Digest of everything that was asked for and sent. Equal digests mean equal content; unequal ones prove nothing. Empty
   * where the object was read with other attributes than a full read asks for: then only a comparison tells.
   */
  readonly fingerprint: string;
  /** The pseudo-attribute `Active`; undefined if the source has no account state. */
  readonly active: boolean | undefined;
  /**
   * Texts by which groups name this object, normalised: its DN first, which `referenceOf(place)` gives again, then what
   * else groups of this directory use (`uid:jdoe` for `memberUid`). Opaque to the engine: equal texts mean the same object.
   */
  readonly references: readonly string[];
  /**
   * Groups only, and only where memberships were asked for: the references of all members, direct ones, or all there are
   * below where the rule flattens. Decoded as it is iterated; like everything here, alive until the next batch is pulled.
   */
  readonly members?: Iterable<string> | undefined;
  /**
   * Users only: references of groups the object says of itself that it belongs to, where no group says so (AD's primary
   * group). Added when the object arrives; that it leaves one is told by the groups.
   */
  readonly memberOf?: readonly string[] | undefined;
  /** Why the object cannot be worked on although it was read, such as being a user and a group at once. */
  readonly fault?: { readonly code: string; readonly message: string } | undefined;
  /** Values as text (binary ones as Base64, objectGUID as UUID text); names in any case; `[]` if not sent. `dn`, `Active` included. */
  values(attribute: string): readonly string[];
  attributeNames(): readonly string[];
}

export type SourceChange =
  | { readonly kind: 'present'; readonly object: SourceObject }
  /** No longer in scope. `detail` names the clause or the new place. */
  | {
      readonly kind: 'gone';
      /** Undefined where the stream does not tell: then the key is looked for among users and groups. */
      readonly objectType?: ObjectType;
      readonly key: string;
      readonly how: 'deleted' | 'outOfScope';
      readonly place: string | undefined;
      readonly detail: string;
    }
  /**
   * Members of one group that came and went, as the stream tells them value by value; the net effect since the position, so
   * that telling it twice is harmless. `key` is the group's; a group that is not linked is read whole instead.
   */
  | {
      readonly kind: 'members';
      readonly key: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    };

/** How far a rule has read its source; only the strategy that made it understands `value`. JSON, at most 1 MiB. */
export interface Position {
  readonly strategy: string;
  readonly value: string;
}

export interface ReadEnd {
  /** Covers everything that the read yielded and nothing after it; undefined if the strategy has no positions. */
  readonly position: Position | undefined;
  /** Search bases that existed and were read to their end, normalised. A base missing here that a former read had forbids removals. */
  readonly basesRead: readonly string[];
  /** Whether `gone` changes for deleted objects are part of this strategy's stream. */
  readonly deletionsSeen: boolean;
  /** What `open` would say now, where the way that it chose turned out to be closed and the read went another. */
  readonly source?: SourceSummary;
}

/** Which attributes the rule needs beside the ones the reader needs for itself; `*` among them asks for all. */
export interface ReadNeed {
  /** Of users. */
  readonly attributes: readonly string[];
  /** Undefined: groups are not read at all, neither by `readAll` nor among the changes. */
  readonly groups?: GroupNeed | undefined;
}

export interface GroupNeed {
  readonly attributes: readonly string[];
  /** Whether `members` is wanted too: the larger part of what groups weigh. */
  readonly members: boolean;
}

export type KeyAnswer =
  | { readonly key: string; readonly found: 'inScope'; readonly object: SourceObject }
  | { readonly key: string; readonly found: 'outOfScope'; readonly place: string; readonly detail: string }
  | { readonly key: string; readonly found: 'absent' };

/** Why one object is, or is not, the rule's business. */
export interface ScopeExplanation {
  readonly inScope: boolean;
  /** The clause that decided, for people: `department=Sales in (&(objectClass=user)(department=Sales))`. */
  readonly clause: string;
}

export interface SourceSummary {
  /** `dirsync`, `usn`, `changelog`, `syncrepl`, `timestamp`. */
  readonly strategy: string;
  readonly strategyReason: string;
  /** Things the operator should know: Deleted Objects unreadable, no change feed, ... */
  readonly warnings: readonly string[];
  /**
   * Of what is outside the scope's bases the changes tell nothing, but that something left since the position. What came after
   * the position and left again is never told; so a delta that brought newcomers and did not reach its end leaves no position.
   */
  readonly followsBasesOnly?: boolean | undefined;
}

/**
 * The source end of one rule: its scope is bound when the reader is made. *Could not read* is a thrown CodedError;
 * *read nothing* is an end without batches. A reader never turns the one into the other.
 */
export interface SourceReader {
  /** Connects, checks the scope's bases, chooses the change strategy. Call before anything else; may be called again. */
  open(signal: AbortSignal): Promise<SourceSummary>;
  /**
   * Everything in scope, in batches of at most 1,000 of one type, whole values only: all users first, then all groups. The
   * returned position was taken before the first search.
   */
  readAll(need: ReadNeed, signal: AbortSignal): AsyncGenerator<readonly SourceObject[], ReadEnd>;
  /** Throws PositionLost if a full read is the only way on. */
  changesSince(
    position: Position,
    need: ReadNeed,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SourceChange[], ReadEnd>;
  /** Looks objects up by key, wherever in the directory they are now; one answer for each key, in order. */
  readByKeys(
    objectType: ObjectType,
    keys: readonly string[],
    need: ReadNeed,
    signal: AbortSignal,
  ): Promise<readonly KeyAnswer[]>;
  /** Finds one object by DN, key or login name, in scope or not, for explain. */
  find(
    identifier: string,
    need: ReadNeed,
    signal: AbortSignal,
  ): Promise<{ readonly object: SourceObject; readonly scope: ScopeExplanation } | undefined>;
  /**
   * Of these objects in scope, the references of those that each group of the rule names as members now, by key of the group;
   * over any distance where the rule flattens. What waits for somebody is only a name: before it is believed, it is asked here.
   */
  namedBy(
    objects: readonly { readonly key: string; readonly place: string }[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** The reference (see `SourceObject.references`) of whatever is at this place. Pure. */
  referenceOf(place: string): string;
  /**
   * Yields once for each time the source says that something changed, and at least once when it has begun to listen: what
   * changed before that is told by nobody. Ends when there is no push or the signal aborts.
   */
  hints(signal: AbortSignal): AsyncIterable<void>;
}

/** The position cannot be continued from: trimmed changelog, other DC, changed invocationId. A full run follows, with this reason. */
export class PositionLost extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PositionLost';
  }
}
