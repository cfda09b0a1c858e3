import {
  type Group,
  type GroupProfile,
  groupProfileOfBody,
  parseGroupProfile,
  readUuid,
  type Uuid,
} from '@sallyport/model';
import type { Membership, Store } from '@sallyport/store';
import { type Addresses, environmentPath } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { listOf } from '../http/list-parameter.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { bodyId, found, idOf, refuseValue, together } from '../http/refuse.ts';
import { listSyncedRules, readSyncedRule, type SyncedObject } from '../users/synced-rules.ts';
import { groupBody, groupPath } from './group-body.ts';
import { groupSelection } from './group-selection.ts';

interface GroupParams {
  readonly environmentId: string;
  readonly groupId: string;
}

/** Groups by hand. Those that a rule made are the directory's, and the store refuses to change them here. */
export function makeGroupHandlers(store: Store): HandlerGroup<'groups'> {
  const keyOf = (params: GroupParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.groupId, 'group'),
  ];
  const get = async (params: GroupParams): Promise<Group> =>
    found(await store.groups.get(...keyOf(params)), 'group');
  const syncedObject = async (params: GroupParams): Promise<SyncedObject> => {
    const group = await get(params);
    return { objectType: 'group', environmentId: group.environmentId, id: group.id, path: groupPath(group) };
  };
  const population = async (environmentId: Uuid, id: string): Promise<Uuid> => {
    const known = await store.populations.get(environmentId, bodyId(id));
    return (
      known?.id ??
      refuseValue('INVALID_VALUE', 'population.id', `There is no population ${id} in this environment`)
    );
  };
  return {
    list: async ({ params, query }, context) => {
      const page = await store.groups.list(idOf(params.environmentId, 'environment'), {
        ...pageRequest(query),
        selection: groupSelection(query.filter),
      });
      return collectionBody(
        context,
        'groups',
        page.items.map((group) => groupBody(group, context.addresses)),
        page,
      );
    },
    create: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const [profile, populationId] = await together([
        profileOf(body),
        body.population === null || body.population === undefined
          ? undefined
          : population(environmentId, body.population.id),
      ]);
      return groupBody(
        await store.groups.create({ environmentId, populationId, profile }),
        context.addresses,
      );
    },
    read: async ({ params, query }, context) => {
      const group = await get(params);
      const total = listOf('include', query.include, ['totalMemberCounts']).has('totalMemberCounts')
        ? await store.groups.totalUsers(group.environmentId, group.id)
        : undefined;
      return groupBody(group, context.addresses, total);
    },
    replace: async ({ params, body }, context) => {
      const group = await get(params);
      const [profile] = await together([profileOf(body), assertStays(group, body.population?.id)]);
      return groupBody(await store.groups.replace(group.environmentId, group.id, profile), context.addresses);
    },
    remove: async ({ params }) => {
      await store.groups.remove(...keyOf(params));
      return undefined;
    },
    listNestings: async ({ params, query }, context) => {
      const group = await get(params);
      const page = await store.nestings.ofGroup(group.environmentId, group.id, pageRequest(query));
      return collectionBody(
        context,
        'groupMemberships',
        page.items.map((membership) => nestingBody(group, membership, context.addresses)),
        page,
      );
    },
    addNesting: async ({ params, body }, context) => {
      const group = await get(params);
      const membership = await store.nestings.add(group.environmentId, group.id, bodyId(body.id));
      return nestingBody(group, membership, context.addresses);
    },
    readNesting: async ({ params }, context) => {
      const group = await get(params);
      const membership = await store.nestings.get(
        group.environmentId,
        group.id,
        idOf(params.parentId, 'group'),
      );
      return nestingBody(group, found(membership, 'membership'), context.addresses);
    },
    removeNesting: async ({ params }) => {
      await store.nestings.remove(...keyOf(params), idOf(params.parentId, 'group'));
      return undefined;
    },
    listSyncedRules: async ({ params }, context) =>
      listSyncedRules(store, await syncedObject(params), context),
    readSyncedRule: async ({ params }, context) =>
      readSyncedRule(store, await syncedObject(params), params.ruleId, context.addresses),
  };
}

/** A promise, so that what is thrown is one of several faults. */
async function profileOf(body: Parameters<typeof groupProfileOfBody>[0]): Promise<GroupProfile> {
  return parseGroupProfile(groupProfileOfBody(body));
}

async function assertStays(group: Group, populationId: string | undefined): Promise<void> {
  if (populationId !== undefined && readUuid(populationId) !== group.populationId)
    refuseValue(
      'CONSTRAINT_VIOLATION',
      'population.id',
      'A group stays in the population it was made in; make another group there',
    );
}

function nestingBody(group: Group, membership: Membership, addresses: Addresses) {
  const environment = environmentPath(group.environmentId);
  return {
    _links: addresses.links(`${groupPath(group)}/memberOfGroups/${membership.groupId}`, {
      group: `${environment}/groups/${membership.groupId}`,
    }),
    id: membership.groupId,
    environment: { id: group.environmentId },
    name: membership.name,
    type: membership.type,
  };
}
