import type { GatewayBody, MappingBody, PopulationBody, RuleBody, StoreBody } from '@sallyport/contract';
import type { Connection } from '../command/context.ts';
import { listGateways, listMappings, listPopulations, listRules, listStores } from '../lookup/records.ts';
import type { ConnectionSetup, GatewaySetup, MappingSetup, RuleSetup, Setup } from './setup-file.ts';

/** Everything of an environment that a set-up speaks of, as the server has it. */
export interface Records {
  readonly gateways: readonly GatewayBody[];
  readonly stores: readonly StoreBody[];
  readonly rules: readonly RuleBody[];
  /** By id of the rule. */
  readonly mappings: ReadonlyMap<string, readonly MappingBody[]>;
  readonly populations: readonly PopulationBody[];
}

export async function readRecords(connection: Connection): Promise<Records> {
  const [gateways, stores, rules, populations] = await Promise.all([
    listGateways(connection),
    listStores(connection),
    listRules(connection),
    listPopulations(connection),
  ]);
  const mappings = await Promise.all(
    rules.map(async ({ id }) => [id, await listMappings(connection, id)] as const),
  );
  return { gateways, stores, rules, populations, mappings: new Map(mappings) };
}

/** The same with names instead of ids: what `export` writes and `apply` compares with. */
export function setupOf(records: Records): Setup {
  return {
    version: 1,
    gateways: byName(records.gateways.map(gatewaySetup)),
    connections: byName(records.stores.map((store) => connectionSetup(store, records))),
    rules: byName(records.rules.map((rule) => ruleSetup(rule, records))),
  };
}

function gatewaySetup(gateway: GatewayBody): GatewaySetup {
  return {
    name: gateway.name,
    ...optional('description', gateway.description),
    enabled: gateway.enabled,
    vendor: gateway.vendor,
    servers: [...gateway.serversHostAndPort],
    security: gateway.connectionSecurity,
    validateTlsCertificates: gateway.validateTlsCertificates,
    followReferrals: gateway.followReferrals,
    bindDn: gateway.bindDN,
  };
}

function connectionSetup(store: StoreBody, records: Records): ConnectionSetup {
  const { GATEWAY_ID: gatewayId, ENVIRONMENT_ID: _, ...rest } = store.configuration;
  const gateway = records.gateways.find(({ id }) => id === gatewayId);
  return {
    name: store.name,
    type: store.type,
    ...optional('description', store.description),
    status: store.status,
    managed: store.managed,
    ...optional('gateway', gateway?.name),
    configuration: plain(gateway === undefined && gatewayId ? { ...rest, GATEWAY_ID: gatewayId } : rest),
  };
}

function ruleSetup(rule: RuleBody, records: Records): RuleSetup {
  const storeName = (id: string): string => records.stores.find((store) => store.id === id)?.name ?? id;
  const { POPULATION_ID: populationId, ...rest } = rule.configuration;
  const population = records.populations.find(({ id }) => id === populationId);
  return {
    name: rule.name,
    ...optional('description', rule.description),
    active: rule.active,
    source: storeName(rule.sourceStore.id),
    target: storeName(rule.targetStore.id),
    ...optional('population', population?.name),
    ...optional('populationExpression', rule.populationExpression),
    deprovision: rule.deprovision ?? false,
    configuration: plain(
      population === undefined && populationId ? { ...rest, POPULATION_ID: populationId } : rest,
    ),
    mappings: (records.mappings.get(rule.id) ?? []).map(mappingSetup),
  };
}

function mappingSetup(mapping: MappingBody): MappingSetup {
  return {
    target: mapping.targetAttribute,
    ...optional('source', mapping.sourceAttribute),
    ...optional('expression', mapping.expression),
    createOnly: mapping.createOnly,
    trim: mapping.trim,
    case: mapping.characterCase,
    parser: mapping.parser,
    ...optional('default', mapping.defaultValue),
    type: mapping.attributeMappingType,
  };
}

function plain(configuration: StoreBody['configuration']): ConnectionSetup['configuration'] {
  const kept: ConnectionSetup['configuration'] = {};
  for (const [key, value] of Object.entries(configuration)) if (value !== null) kept[key] = value;
  return kept;
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  // A computed key widens to `string`; the type says which one it is.
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => a.name.localeCompare(b.name));
}
