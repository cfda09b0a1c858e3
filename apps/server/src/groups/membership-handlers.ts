import type { User, Uuid } from '@sallyport/model';
import type { Membership, Store } from '@sallyport/store';
import { type Addresses, environmentPath } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { listOf } from '../http/list-parameter.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { bodyId, found, idOf } from '../http/refuse.ts';
import { groupBody } from './group-body.ts';
import { groupSelection } from './group-selection.ts';

interface UserParams {
  readonly environmentId: string;
  readonly userId: string;
}

/** Users in groups, from the user's side, as the API of the origin has it. */
export function makeMembershipHandlers(store: Store): HandlerGroup<'memberships'> {
  const keyOf = (params: UserParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.userId, 'user'),
  ];
  const get = async (params: UserParams): Promise<User> =>
    found(await store.users.get(...keyOf(params)), 'user');
  return {
    list: async ({ params, query }, context) => {
      const [environmentId, userId] = keyOf(params);
      const expanded = listOf('expand', query.expand, ['group']).has('group');
      const page = await store.memberships.ofUser(environmentId, userId, {
        ...pageRequest(query),
        selection: groupSelection(query.filter),
      });
      return collectionBody(
        context,
        'groupMemberships',
        page.items.map((membership) => membershipBody(userId, membership, context.addresses, expanded)),
        page,
      );
    },
    create: async ({ params, body }, context) => {
      const user = await get(params);
      const membership = await store.memberships.add(user.environmentId, user.id, bodyId(body.id));
      return membershipBody(user.id, membership, context.addresses, false);
    },
    read: async ({ params }, context) => {
      const user = await get(params);
      const membership = await store.memberships.get(
        user.environmentId,
        user.id,
        idOf(params.groupId, 'group'),
      );
      return membershipBody(user.id, found(membership, 'membership'), context.addresses, false);
    },
    remove: async ({ params }) => {
      await store.memberships.remove(...keyOf(params), idOf(params.groupId, 'group'));
      return undefined;
    },
  };
}

function membershipBody(userId: string, membership: Membership, addresses: Addresses, expanded: boolean) {
  const environment = environmentPath(membership.environmentId);
  const { groupId } = membership;
  return {
    _links: addresses.links(`${environment}/users/${userId}/memberOfGroups/${groupId}`, {
      user: `${environment}/users/${userId}`,
      group: `${environment}/groups/${groupId}`,
    }),
    id: groupId,
    environment: { id: membership.environmentId },
    name: membership.name,
    type: membership.type,
    ...(expanded ? { _embedded: { group: groupBody(membership.group, addresses) } } : {}),
  };
}
