import type { AttributeChange, GroupProfile, GroupSource, JsonObject, ObjectType } from '@sallyport/model';
import type { IdentityStoreWriteResult } from './identity-store-users.ts';

/** A group as the identity store answers it in bulk. */
export interface IdentityStoreGroup {
  readonly id: string;
  /** Rises with every change of its members too. */
  readonly version: number;
  readonly profile: GroupProfile;
}

export type IdentityStoreGroupWrite =
  | {
      readonly kind: 'create';
      readonly id: string;
      readonly populationId: string | undefined;
      /** Judged by the store: a faulty one is refused by itself. */
      readonly profile: JsonObject;
      readonly source: GroupSource | undefined;
    }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly changes: readonly AttributeChange[];
      /** The version that the changes were made from: an answer says if the group has another one by now. */
      readonly version?: number;
    }
  | { readonly kind: 'delete'; readonly id: string };

export interface IdentityStoreMember {
  readonly objectType: ObjectType;
  readonly id: string;
}

export interface IdentityStoreMembershipWrite {
  readonly groupId: string;
  readonly added: readonly IdentityStoreMember[];
  readonly removed: readonly IdentityStoreMember[];
}

export type IdentityStoreMembershipResult =
  | {
      readonly ok: true;
      readonly version: number;
      readonly added: number;
      readonly removed: number;
      readonly refused: readonly {
        readonly member: IdentityStoreMember;
        readonly code: string;
        readonly message: string;
      }[];
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** What the connector needs of the store's groups, by shape as with users. */
export interface IdentityStoreGroups<Id extends string> {
  versions(environmentId: Id, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  readMany(environmentId: Id, ids: readonly string[]): Promise<ReadonlyMap<string, IdentityStoreGroup>>;
  match(
    environmentId: Id,
    attribute: string,
    values: readonly string[],
  ): Promise<ReadonlyMap<string, readonly IdentityStoreGroup[]>>;
  writeMany(
    environmentId: Id,
    writes: readonly IdentityStoreGroupWrite[],
    transaction: object | undefined,
  ): Promise<readonly IdentityStoreWriteResult[]>;
}

/** And of their members. */
export interface IdentityStoreMemberships<Id extends string> {
  /** By rising id. */
  members(
    environmentId: Id,
    groupId: string,
    objectType: ObjectType,
    after: string,
    limit: number,
  ): Promise<readonly string[]>;
  membersAmong(
    environmentId: Id,
    groupId: string,
    members: readonly IdentityStoreMember[],
  ): Promise<readonly IdentityStoreMember[]>;
  groupsOf(
    environmentId: Id,
    objectType: ObjectType,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  writeMany(
    environmentId: Id,
    writes: readonly IdentityStoreMembershipWrite[],
    transaction: object | undefined,
  ): Promise<readonly IdentityStoreMembershipResult[]>;
}
