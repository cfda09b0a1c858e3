import type { AttributeChange, JsonObject, UserProfile, UserState } from '@sallyport/model';

/** A user as the identity store answers it in bulk. */
export interface IdentityStoreUser {
  readonly id: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly profile: UserProfile;
  /** The directory that checks this user's password. */
  readonly passwordGateway?: UserState['passwordGateway'];
}

export type IdentityStoreWrite =
  | {
      readonly kind: 'create';
      readonly id: string;
      readonly populationId: string | undefined;
      readonly enabled: boolean;
      /** Judged by the store: a faulty one is refused by itself. */
      readonly profile: JsonObject;
      /** Hashed already. */
      readonly password?: { readonly hash: string; readonly mustChange: boolean } | undefined;
      readonly passwordGateway?: UserState['passwordGateway'];
    }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly enabled: boolean | undefined;
      readonly changes: readonly AttributeChange[];
      /** Absent: stays. `null` ends it. */
      readonly passwordGateway?: UserState['passwordGateway'] | null;
      /** The version that the changes were made from: an answer says if the user has another one by now. */
      readonly version?: number;
    }
  | { readonly kind: 'delete'; readonly id: string };

export type IdentityStoreWriteResult =
  | { readonly ok: true; readonly version: number; readonly overtaken?: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly conflict: boolean };

/**
 * What the connector needs of the identity store, in bulk. The store fulfils it by its shape: connectors do not import it.
 * `Id` is whatever the store's environment ids are.
 */
export interface IdentityStoreUsers<Id extends string> {
  versions(environmentId: Id, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  readMany(environmentId: Id, ids: readonly string[]): Promise<ReadonlyMap<string, IdentityStoreUser>>;
  /** By the attribute's own comparison; keyed by the value as asked. */
  match(
    environmentId: Id,
    attribute: string,
    values: readonly string[],
  ): Promise<ReadonlyMap<string, readonly IdentityStoreUser[]>>;
  /**
   * One result for each write, in order; a refused one never stops the others. Inside `transaction`, the engine's, where
   * given; else in one of its own.
   */
  writeMany(
    environmentId: Id,
    writes: readonly IdentityStoreWrite[],
    transaction: object | undefined,
  ): Promise<readonly IdentityStoreWriteResult[]>;
}
