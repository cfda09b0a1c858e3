import { queryOptions } from '@tanstack/react-query';
import type { Api } from './api-context.ts';
import { PAGE_SIZE, pagedQuery } from './paged-query.ts';
import { LIVE_POLL_MS } from './rule-queries.ts';

export function runsQuery({ client, environmentId }: Api, ruleId: string) {
  return pagedQuery(
    ['rules', ruleId, 'runs'],
    (query, options) => client.runs.list({ environmentId, ruleId, query }, options),
    10,
  );
}

export function runQuery({ client, environmentId }: Api, ruleId: string, runId: string) {
  return queryOptions({
    queryKey: ['rules', ruleId, 'runs', runId, 'run'],
    queryFn: ({ signal }) => client.runs.read({ environmentId, ruleId, runId }, { signal }),
    refetchInterval: (query) => (query.state.data?.status === 'running' ? LIVE_POLL_MS : false),
  });
}

export function changesQuery(
  { client, environmentId }: Api,
  ruleId: string,
  runId: string,
  outcome: string | undefined,
  limit = PAGE_SIZE,
) {
  return pagedQuery(
    ['rules', ruleId, 'runs', runId, 'changes', outcome ?? ''],
    (page, options) =>
      client.runs.listChanges(
        { environmentId, ruleId, runId, query: { ...page, ...(outcome === undefined ? {} : { outcome }) } },
        options,
      ),
    limit,
  );
}

export function removalsQuery({ client, environmentId }: Api, ruleId: string, runId: string) {
  return pagedQuery(
    ['rules', ruleId, 'runs', runId, 'removals'],
    (query, options) => client.runs.listRemovals({ environmentId, ruleId, runId, query }, options),
    // The list stands above everything else of the rule.
    10,
  );
}
