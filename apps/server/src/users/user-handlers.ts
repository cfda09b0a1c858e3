import type { OPERATIONS, OperationRequest } from '@sallyport/contract';
import type { User, Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import { includedGroups } from '../groups/included-groups.ts';
import { type Addresses, environmentPath } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { listOf } from '../http/list-parameter.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { bodyId, found, idOf, refuseValue, together } from '../http/refuse.ts';
import { newUserPassword } from '../passwords/new-user-password.ts';
import type { Passwords } from '../passwords/password-service.ts';
import { populationBody } from '../populations/population-body.ts';
import { listSyncedRules, readSyncedRule, type SyncedObject } from './synced-rules.ts';
import { BUILT_IN_USER_ATTRIBUTES, readCustomAttributes } from './user-attribute.ts';
import { userBody, userPath } from './user-body.ts';
import { patchOf, profileOf } from './user-profile.ts';
import { userSelection } from './user-selection.ts';

type NewUser = OperationRequest<typeof OPERATIONS.users.create>['body'];

interface UserParams {
  readonly environmentId: string;
  readonly userId: string;
}

const EXPANDABLE = ['population'] as const;

export function makeUserHandlers(store: Store, passwords: Passwords, clock: Clock): HandlerGroup<'users'> {
  const keyOf = (params: UserParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.userId, 'user'),
  ];
  const get = async (params: UserParams): Promise<User> =>
    found(await store.users.get(...keyOf(params)), 'user');
  const syncedObject = async (params: UserParams): Promise<SyncedObject> => {
    const user = await get(params);
    return { objectType: 'user', environmentId: user.environmentId, id: user.id, path: userPath(user) };
  };
  const populationOf = async ({ environmentId, populationId }: User, addresses: Addresses) =>
    populationBody(found(await store.populations.get(environmentId, populationId), 'population'), addresses);
  /** A population of a body must be one of this environment. */
  const population = async (environmentId: Uuid, id: string, target: string): Promise<Uuid> => {
    const known = await store.populations.get(environmentId, bodyId(id));
    return (
      known?.id ?? refuseValue('INVALID_VALUE', target, `There is no population ${id} in this environment`)
    );
  };
  const optionalPopulation = async (
    environmentId: Uuid,
    reference: { readonly id: string } | null | undefined,
  ): Promise<Uuid | undefined> =>
    reference === null || reference === undefined
      ? undefined
      : population(environmentId, reference.id, 'population.id');

  /** What a new user is made of, or every fault of it. */
  const partsOf = async (environmentId: Uuid, body: NewUser) => {
    const custom = await readCustomAttributes(store, environmentId);
    const username = typeof body.username === 'string' ? body.username : '';
    const [profile, password, populationId] = await together([
      // In a promise of its own: what it throws is one of the faults.
      (async () => profileOf(body, custom))(),
      newUserPassword(store, passwords, environmentId, body.password, username),
      optionalPopulation(environmentId, body.population),
    ]);
    return { ...password, profile, populationId };
  };

  return {
    list: async ({ params, query }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const custom = query.filter === undefined ? [] : await readCustomAttributes(store, environmentId);
      const page = await store.users.list(environmentId, {
        ...pageRequest(query),
        selection: userSelection(query.filter, [...BUILT_IN_USER_ATTRIBUTES, ...custom]),
      });
      const bodies = page.items.map((user) => userBody(user, context.addresses));
      return collectionBody(context, 'users', bodies, page);
    },
    create: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const { profile, populationId, password, ...link } = await partsOf(environmentId, body);
      const user = await store.users.create({
        environmentId,
        populationId,
        enabled: body.enabled ?? true,
        profile,
        state: { ...(body.mfaEnabled === true ? { mfaEnabled: true } : {}), ...link },
        password,
      });
      return userBody(user, context.addresses);
    },
    import: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const lifecycleStatus = body.lifecycle?.status;
      const { profile, populationId, password, ...link } = await partsOf(environmentId, body);
      const user = await store.users.create({
        environmentId,
        populationId,
        enabled: body.enabled ?? true,
        profile,
        password,
        state: {
          ...link,
          ...(body.mfaEnabled === true ? { mfaEnabled: true } : {}),
          ...(typeof body.emailVerified === 'boolean' ? { emailVerified: body.emailVerified } : {}),
          ...(lifecycleStatus === null || lifecycleStatus === undefined ? {} : { lifecycleStatus }),
        },
      });
      return userBody(user, context.addresses);
    },
    read: async ({ params, query }, context) => {
      const user = await get(params);
      return {
        ...userBody(user, context.addresses),
        ...(await includedGroups(store, user, query.include)),
        ...(listOf('expand', query.expand, EXPANDABLE).has('population')
          ? { _embedded: { population: await populationOf(user, context.addresses) } }
          : {}),
      };
    },
    replace: async ({ params, body }, context) => {
      const [environmentId, id] = keyOf(params);
      const profile = profileOf(body, await readCustomAttributes(store, environmentId));
      return userBody(await store.users.replace(environmentId, id, profile), context.addresses);
    },
    merge: async ({ params, body }, context) => {
      const [environmentId, id] = keyOf(params);
      const patch = patchOf(body, await readCustomAttributes(store, environmentId));
      return userBody(await store.users.patch(environmentId, id, patch), context.addresses);
    },
    remove: async ({ params }) => {
      await store.users.remove(...keyOf(params));
      return undefined;
    },
    lock: async ({ params }, context) =>
      userBody(await store.users.setState(...keyOf(params), { lockedAt: clock.now() }), context.addresses),
    unlock: async ({ params }, context) => {
      const unlocked = { lockedAt: undefined, unlockAt: undefined };
      const user = await store.users.setState(...keyOf(params), unlocked);
      // Whoever unlocks an account wants its user to sign on again, also after too many wrong passwords.
      await store.passwords.clearFailures(user.environmentId, user.id);
      return userBody(user, context.addresses);
    },
    readEnabled: async ({ params }) => ({ enabled: (await get(params)).enabled }),
    setEnabled: async ({ params, body }) => ({
      enabled: (await store.users.setEnabled(...keyOf(params), body.enabled)).enabled,
    }),
    readMfaEnabled: async ({ params }) => ({ mfaEnabled: (await get(params)).state.mfaEnabled ?? false }),
    setMfaEnabled: async ({ params, body }) => {
      const user = await store.users.setState(...keyOf(params), {
        mfaEnabled: body.mfaEnabled ? true : undefined,
      });
      return { mfaEnabled: user.state.mfaEnabled ?? false };
    },
    readPopulation: async ({ params }, context) => {
      const { environmentId, populationId } = await get(params);
      const path = `${environmentPath(environmentId)}/populations/${populationId}`;
      return { _links: context.addresses.links(path), id: populationId };
    },
    setPopulation: async ({ params, body }, context) => {
      const [environmentId, id] = keyOf(params);
      const user = await store.users.setPopulation(
        environmentId,
        id,
        await population(environmentId, body.id, 'id'),
      );
      const path = `${environmentPath(environmentId)}/populations/${user.populationId}`;
      return { _links: context.addresses.links(path), id: user.populationId };
    },
    listSyncedRules: async ({ params }, context) =>
      listSyncedRules(store, await syncedObject(params), context),
    readSyncedRule: async ({ params }, context) =>
      readSyncedRule(store, await syncedObject(params), params.ruleId, context.addresses),
  };
}
