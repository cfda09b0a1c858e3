import { queryOptions } from '@tanstack/react-query';
import type { Api } from './api-context.ts';
import { pagedQuery } from './paged-query.ts';

/** How often gateways are looked at: their instances report every few seconds. */
const GATEWAY_POLL_MS = 5000;

export function usersQuery({ client, environmentId }: Api, filter: string | undefined) {
  return pagedQuery(['users', 'list', filter ?? ''], (page, options) =>
    client.users.list(
      { environmentId, query: { ...page, ...(filter === undefined ? {} : { filter }) } },
      options,
    ),
  );
}

export function userQuery({ client, environmentId }: Api, userId: string) {
  return queryOptions({
    queryKey: ['users', userId],
    queryFn: ({ signal }) => client.users.read({ environmentId, userId }, { signal }),
  });
}

export function syncedRulesQuery({ client, environmentId }: Api, userId: string) {
  return queryOptions({
    queryKey: ['users', userId, 'syncedRules'],
    queryFn: ({ signal }) => client.users.listSyncedRules({ environmentId, userId }, { signal }),
  });
}

export function membershipsQuery({ client, environmentId }: Api, userId: string) {
  return pagedQuery(['users', userId, 'memberships'], (query, options) =>
    client.memberships.list({ environmentId, userId, query }, options),
  );
}

export function groupsQuery({ client, environmentId }: Api, filter: string | undefined) {
  return pagedQuery(['groups', 'list', filter ?? ''], (page, options) =>
    client.groups.list(
      { environmentId, query: { ...page, ...(filter === undefined ? {} : { filter }) } },
      options,
    ),
  );
}

/** With nested groups counted in. */
export function groupQuery({ client, environmentId }: Api, groupId: string) {
  return queryOptions({
    queryKey: ['groups', groupId],
    queryFn: ({ signal }) =>
      client.groups.read({ environmentId, groupId, query: { include: 'totalMemberCounts' } }, { signal }),
  });
}

export function groupMembersQuery({ client, environmentId }: Api, groupId: string) {
  return pagedQuery(['groups', groupId, 'members'], (page, options) =>
    client.users.list(
      { environmentId, query: { ...page, filter: `memberOfGroups.id eq ${JSON.stringify(groupId)}` } },
      options,
    ),
  );
}

export function nestingsQuery({ client, environmentId }: Api, groupId: string) {
  return pagedQuery(['groups', groupId, 'nestings'], (query, options) =>
    client.groups.listNestings({ environmentId, groupId, query }, options),
  );
}

export function syncedRulesOfGroupQuery({ client, environmentId }: Api, groupId: string) {
  return queryOptions({
    queryKey: ['groups', groupId, 'syncedRules'],
    queryFn: ({ signal }) => client.groups.listSyncedRules({ environmentId, groupId }, { signal }),
  });
}

export function populationQuery({ client, environmentId }: Api, populationId: string) {
  return queryOptions({
    queryKey: ['populations', populationId],
    queryFn: ({ signal }) => client.populations.read({ environmentId, populationId }, { signal }),
    staleTime: 60_000,
  });
}

export function gatewaysQuery({ client, environmentId }: Api) {
  return pagedQuery(['gateways'], (query, options) =>
    client.gateways.list({ environmentId, query }, options),
  );
}

/** A gateway with its instances. */
export function gatewayQuery({ client, environmentId }: Api, gatewayId: string) {
  return queryOptions({
    queryKey: ['gateways', gatewayId],
    queryFn: ({ signal }) =>
      client.gateways.read({ environmentId, gatewayId, query: { expand: 'instances' } }, { signal }),
    refetchInterval: GATEWAY_POLL_MS,
  });
}

export function activitiesQuery({ client, environmentId }: Api) {
  return pagedQuery(['activities'], (query, options) =>
    client.activities.list({ environmentId, query }, options),
  );
}

export function environmentQuery({ client, environmentId }: Api) {
  return queryOptions({
    queryKey: ['environment'],
    queryFn: ({ signal }) => client.environments.read({ environmentId }, { signal }),
    staleTime: 300_000,
  });
}
