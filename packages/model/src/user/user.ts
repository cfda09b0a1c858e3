import type { Uuid } from '../identity/uuid.ts';

/** A value of a custom attribute: anything JSON can carry. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

export type JsonObject = { readonly [key: string]: JsonValue | undefined };

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type UserName = {
  readonly given?: string;
  readonly family?: string;
  readonly middle?: string;
  readonly formatted?: string;
  readonly honorificPrefix?: string;
  readonly honorificSuffix?: string;
};

export type UserAddress = {
  readonly streetAddress?: string;
  readonly locality?: string;
  readonly region?: string;
  readonly postalCode?: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode?: string;
};

/** What the API's clients may write in a user's body: known attributes, and custom ones beside them at the top level. */
export type UserProfile = {
  readonly username: string;
  readonly email?: string;
  readonly name?: UserName;
  readonly nickname?: string;
  readonly title?: string;
  readonly type?: string;
  readonly locale?: string;
  readonly preferredLanguage?: string;
  readonly timezone?: string;
  readonly primaryPhone?: string;
  readonly mobilePhone?: string;
  readonly address?: UserAddress;
  readonly photo?: { readonly href?: string };
  readonly externalId?: string;
  readonly accountId?: string;
  readonly [custom: string]: JsonValue | undefined;
};

/** As a PATCH sends it: absent keeps, `null` clears, nested objects are merged. */
export type UserProfilePatch = { readonly [attribute: string]: JsonValue | undefined };

/** What the system knows of an account beside its profile; every part has a default and is left out while it holds. */
export type UserState = {
  /** Default false. */
  readonly mfaEnabled?: boolean;
  readonly emailVerified?: boolean;
  /** Default `ACCOUNT_OK`. */
  readonly lifecycleStatus?: 'ACCOUNT_OK' | 'VERIFICATION_REQUIRED';
  /** Default `NOT_INITIATED`. */
  readonly verifyStatus?: 'NOT_INITIATED' | 'ENABLED' | 'DISABLED';
  /** Epoch ms; present while the account is locked. */
  readonly lockedAt?: number;
  /** Epoch ms at which the lock ends by itself. */
  readonly unlockAt?: number;
  readonly identityProvider?: { readonly id?: string; readonly type: string };
  /** The directory that checks this user's password. */
  readonly passwordGateway?: {
    readonly gatewayId: string;
    readonly userTypeId: string;
    readonly correlationAttributes: Readonly<Record<string, string>>;
  };
};

/** A user of the identity store. */
export interface User {
  readonly id: Uuid;
  readonly environmentId: Uuid;
  readonly populationId: Uuid;
  readonly enabled: boolean;
  readonly profile: UserProfile;
  readonly state: UserState;
  /** Stamped by every write from the environment's counter: rises with each one, and is the change feed's order. */
  readonly sequence: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
