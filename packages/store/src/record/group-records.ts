import type {
  AttributeChange,
  Group,
  GroupProfile,
  GroupSource,
  JsonObject,
  Selection,
  User,
  Uuid,
} from '@sallyport/model';
import type { BulkWriteResult } from '../store.ts';
import type { Page, PageRequest } from './page.ts';
import type { TargetMember } from './sync-records.ts';

export interface NewGroup {
  readonly environmentId: Uuid;
  readonly id?: Uuid | undefined;
  /** A group of the whole environment where absent. */
  readonly populationId?: Uuid | undefined;
  readonly profile: GroupProfile;
  /** Makes it an external group. */
  readonly source?: GroupSource | undefined;
}

/** What an environment takes; see QUOTA_EXCEEDED. */
export interface GroupLimits {
  readonly maxGroups: number;
  /** Groups that are direct members of one group. */
  readonly maxNestedGroups: number;
  /** Groups that one user is a direct member of. */
  readonly maxMembershipsPerUser: number;
}

/** An edit by a person. What a rule writes goes through the bulk operations, which have no such question. */
export interface GroupEdit {
  /** Whether external groups are refused with EXTERNAL_GROUP (the default). */
  readonly external?: 'refuse' | 'allow' | undefined;
}

export interface GroupListRequest extends PageRequest {
  readonly selection?: Selection | undefined;
}

/** One step of the change feed, in rising `sequence`. */
export type GroupFeedEntry =
  | { readonly kind: 'present'; readonly sequence: number; readonly group: Group }
  | { readonly kind: 'deleted'; readonly sequence: number; readonly id: Uuid; readonly name: string };

/** A group as bulk readers want it. */
export interface BulkGroup {
  readonly id: string;
  readonly version: number;
  readonly populationId: string | undefined;
  readonly profile: GroupProfile;
  readonly source: GroupSource | undefined;
}

export type BulkGroupWrite =
  | {
      readonly kind: 'create';
      readonly id: string;
      readonly populationId: string | undefined;
      /** Validated by the store: a faulty one is refused by itself. */
      readonly profile: JsonObject;
      readonly source: GroupSource | undefined;
    }
  | {
      readonly kind: 'update';
      readonly id: string;
      /** By attribute path; applied to the profile as it is inside the transaction. */
      readonly changes: readonly AttributeChange[];
      /** The version that the changes were made from: an answer says if the group has another one by now. */
      readonly version?: number;
    }
  | { readonly kind: 'delete'; readonly id: string };

/** DIRECT: put there. INDIRECT: by way of a group that is itself a member. What is both is DIRECT. */
export type MembershipType = 'DIRECT' | 'INDIRECT';

/** That a user, or a group, belongs to a group. */
export interface Membership {
  readonly groupId: Uuid;
  readonly environmentId: Uuid;
  readonly name: string;
  readonly type: MembershipType;
  readonly group: Group;
}

export interface MembershipListRequest extends PageRequest {
  /** Of the groups. */
  readonly selection?: Selection | undefined;
  readonly type?: MembershipType | undefined;
}

/** Adding a member that is there and removing one that is not are accepted silently. */
export interface BulkMembershipWrite {
  readonly groupId: string;
  readonly added: readonly TargetMember[];
  readonly removed: readonly TargetMember[];
}

export interface RefusedMember {
  readonly member: TargetMember;
  readonly code: string;
  readonly message: string;
}

export type BulkMembershipResult =
  | {
      readonly ok: true;
      /** The group's version after the write. */
      readonly version: number;
      /** How many of them changed anything. */
      readonly added: number;
      readonly removed: number;
      /** Everything else was written. */
      readonly refused: readonly RefusedMember[];
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Groups of the identity store. A name is compared without case and may repeat across populations only. */
export interface GroupStore {
  /** UNIQUENESS_VIOLATION, QUOTA_EXCEEDED. */
  create(group: NewGroup): Promise<Group>;
  get(environmentId: Uuid, id: Uuid): Promise<Group | undefined>;
  list(environmentId: Uuid, request: GroupListRequest): Promise<Page<Group>>;
  /** PUT: what the profile leaves out is cleared. Population and source stay. */
  replace(environmentId: Uuid, id: Uuid, profile: GroupProfile, edit?: GroupEdit): Promise<Group>;
  /** Its memberships go too, and its place in other groups. */
  remove(environmentId: Uuid, id: Uuid, edit?: GroupEdit): Promise<void>;
  /** Users in the group and in all groups below it, each once; undefined if there is no such group. */
  totalUsers(environmentId: Uuid, id: Uuid): Promise<number | undefined>;
  /**
   * External groups that this rule made become ordinary ones: for a rule that is deleted while its groups stay. Before
   * `ruleSyncs.remove`, which forgets which those are. Answers how many there were.
   */
  makeOrdinary(environmentId: Uuid, ruleId: Uuid): Promise<number>;
  /** Groups written, deleted, and those whose members changed after `sequence`, oldest first. */
  changesSince(environmentId: Uuid, sequence: number, limit: number): Promise<readonly GroupFeedEntry[]>;
  versions(environmentId: Uuid, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  readMany(environmentId: Uuid, ids: readonly string[]): Promise<ReadonlyMap<string, BulkGroup>>;
  /** By `name`, `externalId` or any other attribute path, in all populations; keyed by the value as asked. */
  match(
    environmentId: Uuid,
    attribute: string,
    values: readonly string[],
  ): Promise<ReadonlyMap<string, readonly BulkGroup[]>>;
  /** One result for each write, in order; inside `transaction` (one that a SyncState of this store opened) where given. */
  writeMany(
    environmentId: Uuid,
    writes: readonly BulkGroupWrite[],
    transaction: object | undefined,
  ): Promise<readonly BulkWriteResult[]>;
}

/** Users in groups. */
export interface MembershipStore {
  /** Answers what is there already as it is. QUOTA_EXCEEDED; CONSTRAINT_VIOLATION if the user is in a group of that name. */
  add(environmentId: Uuid, userId: Uuid, groupId: Uuid, edit?: GroupEdit): Promise<Membership>;
  get(environmentId: Uuid, userId: Uuid, groupId: Uuid): Promise<Membership | undefined>;
  /** NOT_FOUND if there is none; CONSTRAINT_VIOLATION if there is an INDIRECT one only. */
  remove(environmentId: Uuid, userId: Uuid, groupId: Uuid, edit?: GroupEdit): Promise<void>;
  /** By rising id of the group. NOT_FOUND if there is no such user. */
  ofUser(environmentId: Uuid, userId: Uuid, request: MembershipListRequest): Promise<Page<Membership>>;
  /** Direct members by rising id. NOT_FOUND if there is no such group. */
  users(environmentId: Uuid, groupId: Uuid, request: PageRequest): Promise<Page<User>>;
  /** Ids of direct members of one type, rising, after `after` (empty: from the start). */
  members(
    environmentId: Uuid,
    groupId: string,
    objectType: TargetMember['objectType'],
    after: string,
    limit: number,
  ): Promise<readonly string[]>;
  /** Which of these are direct members of the group. */
  membersAmong(
    environmentId: Uuid,
    groupId: string,
    members: readonly TargetMember[],
  ): Promise<readonly TargetMember[]>;
  /** Groups that each of these is a direct member of. */
  groupsOf(
    environmentId: Uuid,
    objectType: TargetMember['objectType'],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Users and nested groups. One result for each write, in order; removals of all of them first. Cycles are kept. */
  writeMany(
    environmentId: Uuid,
    writes: readonly BulkMembershipWrite[],
    transaction: object | undefined,
  ): Promise<readonly BulkMembershipResult[]>;
}

/** Groups in groups. */
export interface NestingStore {
  /** CONSTRAINT_VIOLATION where it would close a circle; QUOTA_EXCEEDED. Either group being external is refused. */
  add(environmentId: Uuid, childId: Uuid, parentId: Uuid, edit?: GroupEdit): Promise<Membership>;
  get(environmentId: Uuid, childId: Uuid, parentId: Uuid): Promise<Membership | undefined>;
  remove(environmentId: Uuid, childId: Uuid, parentId: Uuid, edit?: GroupEdit): Promise<void>;
  /** The groups that this one belongs to. NOT_FOUND if there is no such group. */
  ofGroup(environmentId: Uuid, childId: Uuid, request: MembershipListRequest): Promise<Page<Membership>>;
  /** The groups directly in this one. */
  children(environmentId: Uuid, parentId: Uuid, request: PageRequest): Promise<Page<Group>>;
}
