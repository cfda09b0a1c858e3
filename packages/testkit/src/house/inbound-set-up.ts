import { type ApiClient, makeApiClient } from '@sallyport/contract';
import type { RunningServer } from './running-server.ts';
import { waitUntil } from './wait-until.ts';

/** A directory as a gateway's record names it. */
export interface DirectoryAddress {
  /** `host:port`, in fail-over order. */
  readonly servers: readonly string[];
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly vendor: 'Microsoft Active Directory' | 'PingDirectory' | 'LDAPv3-compliant Directory Server';
  readonly security?: 'None' | 'TLS' | 'StartTLS';
}

export interface GatewaySetUp {
  readonly gatewayId: string;
  readonly credentialId: string;
  readonly credential: string;
}

export type Configuration = Record<string, string | number | boolean>;

export interface MappingSetUp {
  readonly sourceAttribute?: string;
  readonly expression?: string;
  readonly targetAttribute: string;
}

export interface InboundRuleSetUp {
  readonly name: string;
  readonly gatewayId: string;
  readonly ldapType: string;
  /** Rule configuration; USERS_BASE_DN at least. */
  readonly configuration: Configuration;
  /** Actions and the like of the target store. */
  readonly actions?: Configuration;
  readonly sourceConfiguration?: Configuration;
  readonly managed?: boolean;
  readonly mappings?: readonly MappingSetUp[];
  readonly active?: boolean;
}

export interface InboundRule {
  readonly ruleId: string;
  readonly sourceStoreId: string;
  readonly targetStoreId: string;
}

export function clientOf(
  server: Pick<RunningServer, 'url' | 'environmentId' | 'clientId' | 'clientSecret'>,
): ApiClient {
  const { environmentId, clientId, clientSecret } = server;
  return makeApiClient({ baseUrl: server.url, clientCredentials: { environmentId, clientId, clientSecret } });
}

/** Makes a gateway and one credential, as an administrator would by API. */
export async function makeGateway(
  api: ApiClient,
  environmentId: string,
  name: string,
  directory: DirectoryAddress,
): Promise<GatewaySetUp> {
  const gateway = await api.gateways.create({
    environmentId,
    body: {
      name,
      type: 'LDAP',
      enabled: true,
      vendor: directory.vendor,
      serversHostAndPort: [...directory.servers],
      bindDN: directory.bindDn,
      bindPassword: directory.bindPassword,
      connectionSecurity: directory.security ?? 'None',
      validateTlsCertificates: true,
    },
  });
  const credential = await api.gateways.createCredential({ environmentId, gatewayId: gateway.id });
  return { gatewayId: gateway.id, credentialId: credential.id, credential: credential.credential };
}

/** Waits until at least `count` instances of a gateway are connected. */
export async function waitForInstances(
  api: ApiClient,
  environmentId: string,
  gatewayId: string,
  count = 1,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await api.gateways.listInstances({ environmentId, gatewayId });
    const connected = answer._embedded.gatewayInstances.filter((instance) => instance.connected).length;
    if (connected >= count) return;
    if (Date.now() > deadline)
      throw new Error(`${connected} of ${count} instances connected within ${timeoutMs} ms`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** Plan (if there is none), stores, rule and mappings; call `makeRevision` to set it going. */
export async function makeInboundRule(
  api: ApiClient,
  environmentId: string,
  setUp: InboundRuleSetUp,
): Promise<InboundRule> {
  const plans = await api.plans.list({ environmentId });
  const plan =
    plans._embedded.plans[0] ?? (await api.plans.create({ environmentId, body: { name: 'Provisioning' } }));
  const source = await api.stores.create({
    environmentId,
    body: {
      name: `${setUp.name} source`,
      type: 'LdapGateway',
      status: 'ACTIVE',
      configuration: {
        LDAP_TYPE: setUp.ldapType,
        GATEWAY_ID: setUp.gatewayId,
        ENVIRONMENT_ID: environmentId,
        ...setUp.sourceConfiguration,
      },
    },
  });
  const target = await api.stores.create({
    environmentId,
    body: {
      name: `${setUp.name} target`,
      type: 'PingOne',
      status: 'ACTIVE',
      managed: setUp.managed ?? false,
      configuration: { ENVIRONMENT_ID: environmentId, REGION: 'EU', ...setUp.actions },
    },
  });
  const rule = await api.rules.create({
    environmentId,
    body: {
      name: setUp.name,
      active: false,
      plan: { id: plan.id },
      sourceStore: { id: source.id },
      targetStore: { id: target.id },
      configuration: setUp.configuration,
    },
  });
  for (const mapping of setUp.mappings ?? [])
    await api.mappings.create({
      environmentId,
      ruleId: rule.id,
      body: { name: mapping.targetAttribute, attributeMappingType: 'userAttributeMapping', ...mapping },
    });
  if (setUp.active ?? true)
    await api.rules.replace({
      environmentId,
      ruleId: rule.id,
      body: { name: setUp.name, active: true, configuration: setUp.configuration },
    });
  return { ruleId: rule.id, sourceStoreId: source.id, targetStoreId: target.id };
}

export async function makeRevision(api: ApiClient, environmentId: string): Promise<string> {
  return (await api.revisions.create({ environmentId })).id;
}

export type Run = Awaited<ReturnType<ApiClient['runs']['read']>>;

/** Waits until a run has ended, whatever its end. */
export async function waitForRun(
  api: ApiClient,
  environmentId: string,
  ruleId: string,
  runId: string,
  options: { readonly timeoutMs?: number; readonly onProgress?: (run: Run) => void } = {},
): Promise<Run> {
  const deadline = Date.now() + (options.timeoutMs ?? 60_000);
  for (;;) {
    const run = await api.runs.read({ environmentId, ruleId, runId });
    options.onProgress?.(run);
    if (run.status !== 'running') return run;
    if (Date.now() > deadline) throw new Error(`run ${runId} is still running: ${JSON.stringify(run)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Waits until the run that a new rule begins by itself has ended. */
export async function waitForFirstRun(api: ApiClient, environmentId: string, ruleId: string): Promise<Run> {
  const first = await waitUntil(async () => {
    const page = await api.runs.list({ environmentId, ruleId });
    return page._embedded.runs.at(-1);
  }, 'a first run');
  return waitForRun(api, environmentId, ruleId, first.id);
}

/** Starts a run and waits for its end. */
export async function runToEnd(
  api: ApiClient,
  environmentId: string,
  ruleId: string,
  type: 'full' | 'delta' | 'preview',
  options: { readonly timeoutMs?: number; readonly onProgress?: (run: Run) => void } = {},
): Promise<Run> {
  const started = await api.runs.start({ environmentId, ruleId, body: { type } });
  return waitForRun(api, environmentId, ruleId, started.id, options);
}
