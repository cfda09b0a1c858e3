import {
  type GatewayBody,
  type MappingBody,
  type PopulationBody,
  pagesOf,
  type RuleBody,
  type StoreBody,
} from '@sallyport/contract';
import type { Connection } from '../command/context.ts';
import { findNamed } from './find-named.ts';

/** The largest page a server gives. */
const PAGE = 1000;

export async function listRules({ api, environmentId }: Connection): Promise<RuleBody[]> {
  const found: RuleBody[] = [];
  for await (const page of pagesOf(api.rules.list, { environmentId, query: { limit: PAGE } }))
    found.push(...page._embedded.rules);
  return found;
}

export async function listGateways({ api, environmentId }: Connection): Promise<GatewayBody[]> {
  const found: GatewayBody[] = [];
  for await (const page of pagesOf(api.gateways.list, { environmentId, query: { limit: PAGE } }))
    found.push(...page._embedded.gateways);
  return found;
}

export async function listStores({ api, environmentId }: Connection): Promise<StoreBody[]> {
  const found: StoreBody[] = [];
  for await (const page of pagesOf(api.stores.list, { environmentId, query: { limit: PAGE } }))
    found.push(...page._embedded.stores);
  return found;
}

export async function listPopulations({ api, environmentId }: Connection): Promise<PopulationBody[]> {
  const found: PopulationBody[] = [];
  for await (const page of pagesOf(api.populations.list, { environmentId, query: { limit: PAGE } }))
    found.push(...page._embedded.populations);
  return found;
}

export async function listMappings(
  { api, environmentId }: Connection,
  ruleId: string,
): Promise<MappingBody[]> {
  const found: MappingBody[] = [];
  for await (const page of pagesOf(api.mappings.list, { environmentId, ruleId, query: { limit: PAGE } }))
    found.push(...page._embedded.mappings);
  return found;
}

export async function findRule(connection: Connection, wanted: string): Promise<RuleBody> {
  return findNamed(await listRules(connection), wanted, 'rule');
}

export async function findGateway(connection: Connection, wanted: string): Promise<GatewayBody> {
  return findNamed(await listGateways(connection), wanted, 'gateway');
}

export async function findStore(connection: Connection, wanted: string): Promise<StoreBody> {
  return findNamed(await listStores(connection), wanted, 'store');
}
