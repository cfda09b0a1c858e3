import type { AttributeChange, ObjectAttributes, ObjectType, Secret } from '@sallyport/model';
import type { Onboarding, PopulationAnswer } from '../onboarding/onboarding.ts';
import type { StateTransaction } from './sync-state.ts';

/** How values of one target attribute are compared. `unordered`: a set of texts. */
export type Comparison = 'exact' | 'ignoreCase' | 'unordered';

export interface TargetAttribute {
  readonly name: string;
  readonly required: boolean;
  readonly multiValued: boolean;
  readonly comparison: Comparison;
  /** `operational` attributes are written by their own step (`enabled`). */
  readonly kind: 'plain' | 'active';
  /** Says what is wrong with these values, or undefined. Pure. */
  readonly fault: (values: readonly string[]) => string | undefined;
}

export interface TargetObject {
  readonly id: string;
  /** Rises with every write by anyone: equal versions mean an untouched object. */
  readonly version: number;
  readonly active: boolean;
  readonly attributes: ObjectAttributes;
}

export type TargetWrite =
  | {
      readonly kind: 'create';
      readonly id: string;
      readonly active: boolean;
      readonly attributes: ObjectAttributes;
      readonly onboarding?: Onboarding | undefined;
    }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly active?: boolean;
      readonly changes: readonly AttributeChange[];
      /** The version that the changes were made from. */
      readonly version?: number;
    }
  | { readonly kind: 'delete'; readonly id: string };

export type TargetWriteResult =
  /** `overtaken`: written, but somebody else had written between the version that was named and this. */
  | { readonly ok: true; readonly version: number; readonly overtaken?: true }
  /** Refused by the target: the object is `failed` (or `conflict`), tried again when it changes or when asked. */
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly conflict: boolean;
      /** No answer came (time-out, lost connection): the engine reads the object to learn whether it was written. */
      readonly unknown?: true;
    };

/** A member of a group at the target: a user, or a group nested in it. */
export interface TargetMember {
  readonly objectType: ObjectType;
  readonly id: string;
}

/** Members to add to and remove from one group; adding one that is there and removing one that is not are accepted silently. */
export interface MembershipWrite {
  readonly groupId: string;
  readonly added: readonly TargetMember[];
  readonly removed: readonly TargetMember[];
}

export type MembershipWriteResult =
  | {
      readonly ok: true;
      /** The group's version after the write. */
      readonly version: number;
      /** How many of them changed anything. */
      readonly added: number;
      readonly removed: number;
      /** Members that the target refused, one by one; everything else was written. */
      readonly refused: readonly {
        readonly member: TargetMember;
        readonly code: string;
        readonly message: string;
      }[];
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The half of a target that knows direct members of groups. Whether nested groups are kept as nested is the rule's choice. */
export interface TargetMemberships {
  /** Direct members of one group by rising id after `after` (empty: from the start), at most `limit` of one type. */
  members(groupId: string, objectType: ObjectType, after: string, limit: number): Promise<readonly string[]>;
  /** Which of these are direct members of the group. */
  membersAmong(groupId: string, members: readonly TargetMember[]): Promise<readonly TargetMember[]>;
  /** Groups that each of these is a direct member of. */
  groupsOf(objectType: ObjectType, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** One result for each write, in order. */
  write(
    writes: readonly MembershipWrite[],
    tx: StateTransaction | undefined,
  ): Promise<readonly MembershipWriteResult[]>;
}

export interface TargetOnboarding {
  /** What is wrong with a password, without showing it, as the end of a sentence: `is shorter than 8 characters`. */
  passwordFault(password: Secret): string | undefined;
  /** By name or id; one answer for each text. */
  populations(texts: readonly string[]): Promise<ReadonlyMap<string, PopulationAnswer>>;
}

/** The target end of one rule. */
export interface TargetPort {
  /** True if `apply` takes part in the state's transaction; false for a remote target, which is written before it. */
  readonly inTransaction: boolean;
  attribute(objectType: ObjectType, name: string): TargetAttribute | undefined;
  attributeNames(objectType: ObjectType): readonly string[];
  /** Versions of those that exist. Cheap: the engine asks it for every object of a full run. */
  versions(objectType: ObjectType, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  readMany(objectType: ObjectType, ids: readonly string[]): Promise<ReadonlyMap<string, TargetObject>>;
  /** Objects whose attribute equals one of the values under the target's own comparison; keyed by the value as asked. */
  match(
    objectType: ObjectType,
    attribute: string,
    values: readonly string[],
  ): Promise<ReadonlyMap<string, readonly TargetObject[]>>;
  /** One result for each write, in order. A refused write never stops the others. */
  apply(
    objectType: ObjectType,
    writes: readonly TargetWrite[],
    tx: StateTransaction | undefined,
  ): Promise<readonly TargetWriteResult[]>;
  newId(): string;
  /**
   * Which of these objects another enabled rule is linked to, with that rule's name: two rules never own one group. Undefined
   * where the target cannot tell.
   */
  heldByOthers?(objectType: ObjectType, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What new users can get there; undefined if the target knows neither passwords of ours nor populations. */
  readonly onboarding?: TargetOnboarding | undefined;
  /** Undefined if the target has no groups. A group's `version` rises with every change of its members too. */
  readonly memberships: TargetMemberships | undefined;
}
