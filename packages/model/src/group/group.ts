import type { Uuid } from '../identity/uuid.ts';
import type { JsonObject } from '../user/user.ts';

/** What is written of a group, by a client or a rule. */
export type GroupProfile = {
  readonly name: string;
  /** Set by the source of an external group only; every other group shows its name. */
  readonly displayName?: string;
  readonly description?: string;
  /** The group's own id elsewhere; kept, never interpreted. */
  readonly externalId?: string;
  readonly customData?: JsonObject;
};

export const GROUP_SOURCE_TYPES = ['GATEWAY', 'IDP'] as const;
export type GroupSourceType = (typeof GROUP_SOURCE_TYPES)[number];

/** Where an external group comes from: read-only for people as long as it does. */
export interface GroupSource {
  readonly type: GroupSourceType;
  /** Of the gateway or identity provider. */
  readonly id: string;
}

/** A group of the identity store. */
export interface Group {
  readonly id: Uuid;
  readonly environmentId: Uuid;
  /** Undefined: a group of the whole environment. A group never moves. */
  readonly populationId: Uuid | undefined;
  readonly profile: GroupProfile;
  /** Undefined: an ordinary group. */
  readonly source: GroupSource | undefined;
  /** Users that are direct members. */
  readonly directUsers: number;
  /** Rises with every write of the group and with every change of its members. */
  readonly sequence: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The name that people see. */
export function groupDisplayName({ profile }: Pick<Group, 'profile'>): string {
  return profile.displayName ?? profile.name;
}
