import { queryOptions } from '@tanstack/react-query';
import type { Api } from './api-context.ts';
import { pagedQuery } from './paged-query.ts';

/** How often a page asks again while a run is live, and while nothing happens. */
export const LIVE_POLL_MS = 1000;
export const IDLE_POLL_MS = 5000;

export function rulesQuery({ client, environmentId }: Api) {
  return pagedQuery(['rules'], (query, options) => client.rules.list({ environmentId, query }, options));
}

export function ruleQuery({ client, environmentId }: Api, ruleId: string) {
  return queryOptions({
    queryKey: ['rules', ruleId],
    queryFn: ({ signal }) => client.rules.read({ environmentId, ruleId }, { signal }),
  });
}

export function storeQuery({ client, environmentId }: Api, storeId: string) {
  return queryOptions({
    queryKey: ['stores', storeId],
    queryFn: ({ signal }) => client.stores.read({ environmentId, storeId }, { signal }),
    staleTime: 60_000,
  });
}

export function ruleStatusQuery({ client, environmentId }: Api, ruleId: string) {
  return queryOptions({
    queryKey: ['rules', ruleId, 'status'],
    queryFn: ({ signal }) => client.ruleState.readStatus({ environmentId, ruleId }, { signal }),
    refetchInterval: (query) => (query.state.data?.running === undefined ? IDLE_POLL_MS : LIVE_POLL_MS),
  });
}

export interface ObjectFilter {
  readonly status?: string;
  readonly objectType?: 'user' | 'group';
  readonly contains?: string;
}

export function objectsQuery({ client, environmentId }: Api, ruleId: string, wanted: ObjectFilter) {
  return pagedQuery(['rules', ruleId, 'objects', wanted], (page, options) =>
    client.ruleState.listObjects({ environmentId, ruleId, query: { ...page, ...wanted } }, options),
  );
}

export function explainQuery({ client, environmentId }: Api, ruleId: string, identifier: string) {
  return queryOptions({
    queryKey: ['rules', ruleId, 'explain', identifier],
    queryFn: ({ signal }) =>
      client.ruleState.explain({ environmentId, ruleId, body: { identifier } }, { signal }),
    enabled: identifier !== '',
    // It asks the directory: only when a person wants it.
    refetchOnWindowFocus: false,
    retry: false,
  });
}
