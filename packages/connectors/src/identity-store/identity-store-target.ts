import type { TargetObject, TargetPort, TargetWrite } from '@sallyport/engine';
import { CodedError, flattenProfile, newUuid, type Secret, unflattenProfile } from '@sallyport/model';
import { groupTargetAttribute, groupTargetAttributeNames } from './group-attributes.ts';
import { type GroupTarget, type GroupTargetOptions, makeGroupTarget } from './group-target.ts';
import type { IdentityStoreUser, IdentityStoreUsers, IdentityStoreWrite } from './identity-store-users.ts';
import {
  type LinkTarget,
  linkChange,
  linkText,
  PASSWORD_LINK,
  passwordLinkAttribute,
  readLink,
} from './password-link.ts';
import { type KnownPopulation, makePopulationFinder } from './population-finder.ts';
import { userTargetAttribute, userTargetAttributeNames } from './user-attributes.ts';

export interface IdentityStoreTargetOptions<Id extends string> {
  readonly users: IdentityStoreUsers<Id>;
  readonly environmentId: Id;
  /** Population of the users that are created; the environment's default one where absent. Nobody is moved by it. */
  readonly populationId: string | undefined;
  /** Who checks the passwords of the rule's users; undefined: the rule has no say in that. */
  readonly passwordGateway?: LinkTarget | undefined;
  /** Turns a default password into what is stored of it. */
  readonly passwords?:
    | {
        hash(password: Secret): string;
        fault(password: Secret): string | undefined;
      }
    | undefined;
  readonly populations?: () => Promise<readonly KnownPopulation[]>;
  /** Which objects another rule has, with that rule's name; undefined if nobody else writes here. */
  readonly heldByOthers?: TargetPort['heldByOthers'] | undefined;
  /** Undefined: the rule takes no groups. */
  readonly groups?: GroupTargetOptions<Id> | undefined;
}

/** The identity store as the target end of a rule. It writes inside the engine's transaction, links and journal with it. */
export function makeIdentityStoreTarget<Id extends string>({
  users,
  environmentId,
  populationId,
  passwordGateway,
  passwords,
  populations,
  heldByOthers,
  groups: groupOptions,
}: IdentityStoreTargetOptions<Id>): TargetPort {
  const groups = groupOptions === undefined ? undefined : makeGroupTarget(environmentId, groupOptions);
  const targetObject = (user: IdentityStoreUser): TargetObject => objectOf(user, passwordGateway);
  return {
    inTransaction: true,
    attribute: (objectType, name) => {
      if (objectType === 'group') return groups === undefined ? undefined : groupTargetAttribute(name);
      if (name === PASSWORD_LINK && passwordGateway !== undefined) return passwordLinkAttribute;
      return userTargetAttribute(name);
    },
    attributeNames: (objectType) => {
      if (objectType === 'user') return userTargetAttributeNames();
      return groups === undefined ? [] : groupTargetAttributeNames();
    },
    versions: (objectType, ids) => {
      if (objectType === 'group') return known(groups).versions(ids);
      return users.versions(environmentId, ids);
    },
    readMany: async (objectType, ids) => {
      if (objectType === 'group') return known(groups).readMany(ids);
      const found = await users.readMany(environmentId, ids);
      return new Map(Array.from(found, ([id, user]) => [id, targetObject(user)]));
    },
    match: async (objectType, attribute, values) => {
      if (objectType === 'group') return known(groups).match(attribute, values);
      const found = await users.match(environmentId, attribute, values);
      return new Map(Array.from(found, ([value, matches]) => [value, matches.map(targetObject)]));
    },
    apply: (objectType, writes, tx) => {
      if (objectType === 'group') return known(groups).apply(writes, tx);
      return users.writeMany(
        environmentId,
        writes.map((write) => storeWrite(write, { populationId, passwordGateway, passwords })),
        tx,
      );
    },
    newId: () => newUuid(),
    ...(heldByOthers === undefined ? {} : { heldByOthers }),
    memberships: groups?.memberships,
    onboarding: {
      passwordFault: (password) =>
        passwords === undefined ? 'has no place in this store' : passwords.fault(password),
      populations: makePopulationFinder(async () => (await populations?.()) ?? []),
    },
  };
}

/** @throws CodedError OBJECT_TYPE_UNSUPPORTED */
function known(groups: GroupTarget | undefined): GroupTarget {
  if (groups !== undefined) return groups;
  throw new CodedError(
    'OBJECT_TYPE_UNSUPPORTED',
    'This rule takes users only, found groups. Take its mappings of groups off the rule',
  );
}

function objectOf(user: IdentityStoreUser, link: LinkTarget | undefined): TargetObject {
  const { passwordGateway } = user;
  return {
    id: user.id,
    version: user.version,
    active: user.enabled,
    attributes: {
      ...flattenProfile(user.profile),
      enabled: [String(user.enabled)],
      ...(link === undefined || passwordGateway === undefined
        ? {}
        : { [PASSWORD_LINK]: [linkText(passwordGateway, link)] }),
    },
  };
}

/** Written by a step of their own and never as part of the profile. */
function isApart(attribute: string): boolean {
  return attribute === 'enabled' || attribute === PASSWORD_LINK;
}

function storeWrite(
  write: TargetWrite,
  {
    populationId,
    passwordGateway,
    passwords,
  }: Pick<IdentityStoreTargetOptions<string>, 'populationId' | 'passwordGateway' | 'passwords'>,
): IdentityStoreWrite {
  if (write.kind === 'delete') return write;
  if (write.kind === 'update') {
    const link = linkChange(write.changes, passwordGateway);
    const apart = write.changes.some((change) => isApart(change.attribute));
    return {
      kind: 'update',
      id: write.id,
      enabled: write.active,
      ...(write.version === undefined ? {} : { version: write.version }),
      changes: apart ? write.changes.filter((change) => !isApart(change.attribute)) : write.changes,
      ...(link === undefined ? {} : { passwordGateway: link }),
    };
  }
  const { enabled: _, [PASSWORD_LINK]: link, ...attributes } = write.attributes;
  const { password, population } = write.onboarding ?? {};
  return {
    kind: 'create',
    id: write.id,
    populationId: population?.id ?? populationId,
    enabled: write.active,
    profile: unflattenProfile(attributes),
    ...(password === undefined || passwords === undefined
      ? {}
      : { password: { hash: passwords.hash(password), mustChange: true } }),
    ...(passwordGateway === undefined ? {} : { passwordGateway: readLink(link?.[0], passwordGateway) }),
  };
}
