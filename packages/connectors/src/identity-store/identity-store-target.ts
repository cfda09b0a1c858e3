import type { TargetObject, TargetPort, TargetWrite } from '@sallyport/engine';
import { CodedError, flattenProfile, newUuid, type ObjectType, unflattenProfile } from '@sallyport/model';
import type { IdentityStoreUser, IdentityStoreUsers, IdentityStoreWrite } from './identity-store-users.ts';
import { userTargetAttribute, userTargetAttributeNames } from './user-attributes.ts';

export interface IdentityStoreTargetOptions<Id extends string> {
  readonly users: IdentityStoreUsers<Id>;
  readonly environmentId: Id;
  /** Population of the users that are created; the environment's default one where absent. Nobody is moved by it. */
  readonly populationId: string | undefined;
}

/** The identity store as the target end of a rule. It writes inside the engine's transaction, links and journal with it. */
export function makeIdentityStoreTarget<Id extends string>({
  users,
  environmentId,
  populationId,
}: IdentityStoreTargetOptions<Id>): TargetPort {
  return {
    inTransaction: true,
    attribute: (objectType, name) => (objectType === 'user' ? userTargetAttribute(name) : undefined),
    attributeNames: (objectType) => (objectType === 'user' ? userTargetAttributeNames() : []),
    versions: (objectType, ids) => {
      assertUsers(objectType);
      return users.versions(environmentId, ids);
    },
    readMany: async (objectType, ids) => {
      assertUsers(objectType);
      const found = await users.readMany(environmentId, ids);
      return new Map(Array.from(found, ([id, user]) => [id, targetObject(user)]));
    },
    match: async (objectType, attribute, values) => {
      assertUsers(objectType);
      const found = await users.match(environmentId, attribute, values);
      return new Map(Array.from(found, ([value, matches]) => [value, matches.map(targetObject)]));
    },
    apply: (objectType, writes, tx) => {
      assertUsers(objectType);
      return users.writeMany(
        environmentId,
        writes.map((write) => storeWrite(write, populationId)),
        tx,
      );
    },
    newId: () => newUuid(),
  };
}

function assertUsers(objectType: ObjectType): void {
  if (objectType !== 'user')
    throw new CodedError(
      'OBJECT_TYPE_UNSUPPORTED',
      `The identity store takes users from a rule, found ${objectType}. Take its mappings off the rule`,
    );
}

function targetObject(user: IdentityStoreUser): TargetObject {
  return {
    id: user.id,
    version: user.version,
    active: user.enabled,
    attributes: { ...flattenProfile(user.profile), enabled: [String(user.enabled)] },
  };
}

/** `enabled` is written by its own step and never as part of the profile. */
function storeWrite(write: TargetWrite, populationId: string | undefined): IdentityStoreWrite {
  if (write.kind === 'delete') return write;
  if (write.kind === 'update') {
    const enabledAmong = write.changes.some((change) => change.attribute === 'enabled');
    return {
      kind: 'update',
      id: write.id,
      enabled: write.active,
      ...(write.version === undefined ? {} : { version: write.version }),
      changes: enabledAmong
        ? write.changes.filter((change) => change.attribute !== 'enabled')
        : write.changes,
    };
  }
  const { enabled: _, ...attributes } = write.attributes;
  return {
    kind: 'create',
    id: write.id,
    populationId,
    enabled: write.active,
    profile: unflattenProfile(attributes),
  };
}
