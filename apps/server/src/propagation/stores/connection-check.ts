import { makeDirectorySource, namingContextOf, readRootDse } from '@sallyport/connectors';
import type { OPERATIONS, OperationAnswer } from '@sallyport/contract';
import { type DirectoryLink, LdapError, rootDn } from '@sallyport/ldap';
import { CodedError, type Configuration, ConfigurationReader, readInboundSettings } from '@sallyport/model';
import type { Gateway } from '@sallyport/store';
import { readLdapGateway } from '../../gateways/gateway-record.ts';
import type { GatewayHub } from '../../hub/gateway-hub.ts';

type Answer = OperationAnswer<typeof OPERATIONS.stores.checkConnection>;
type Check = Answer['checks'][number];

/**
 * Connects as a rule would and says what works: instances connected, sign-on, base readable, change strategy with its
 * reason. The first step that fails is thrown as one coded error that says what to do.
 */
export async function checkConnection(
  hub: GatewayHub,
  gateway: Gateway,
  configuration: Configuration,
  baseDn: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  if (!gateway.enabled)
    throw new CodedError('GATEWAY_DISABLED', `The gateway ${gateway.name} is disabled; enable it first`);
  const checks: Check[] = [];
  const ok = (name: string, message: string): void => void checks.push({ name, status: 'OK', message });
  const report = await hub.testConnection(gateway.id, signal);
  ok('gateway', `${report.instances.length} gateway instance(s) connected`);
  for (const { hostname, servers } of report.instances) {
    const reached = servers.find((server) => server.reached === 'signedOn');
    for (const server of servers) {
      if (server.error === undefined) continue;
      const message = `${server.server} from ${hostname}: ${server.error.message}`;
      // One server of several that is down is what the others are there for.
      if (reached === undefined) throw new CodedError(server.error.code, message);
      checks.push({ name: 'server', status: 'WARNING', message });
    }
    if (reached !== undefined) ok('signOn', `${hostname} signed on to ${reached.server}`);
  }
  const link = hub.link(gateway.id);
  const base = baseDn ?? (await firstNamingContext(link, signal));
  const { settings } = readInboundSettings({ USERS_BASE_DN: base });
  const source = makeDirectorySource({
    link,
    settings,
    vendor: readLdapGateway(gateway).vendor,
    accountFlag: readAccountFlag(configuration),
  });
  const summary = await source.open(signal);
  ok('baseDn', `${base} can be read`);
  ok('changes', `${summary.strategy}: ${summary.strategyReason}`);
  for (const message of summary.warnings) checks.push({ name: 'rights', status: 'WARNING', message });
  return {
    status: 'OK',
    ...(link.server === undefined ? {} : { server: link.server }),
    strategy: summary.strategy,
    strategyReason: summary.strategyReason,
    checks,
  };
}

/** The account flag a store names, for directories without one of their own. */
export function readAccountFlag(
  configuration: Configuration,
): { readonly attribute: string; readonly disabledValue: string } | undefined {
  const reader = new ConfigurationReader(configuration);
  const attribute = reader.text('ACCOUNT_STATUS_ATTRIBUTE');
  const disabledValue = reader.text('ACCOUNT_STATUS_DISABLED_VALUE');
  return attribute === undefined || disabledValue === undefined ? undefined : { attribute, disabledValue };
}

async function firstNamingContext(link: DirectoryLink, signal: AbortSignal): Promise<string> {
  const rootDse = await readRootDse(link, signal);
  const context =
    rootDse.defaultNamingContext ?? rootDse.namingContexts[0] ?? namingContextOf(rootDse, rootDn);
  if (!context.isRoot) return context.toString();
  throw new CodedError(
    'BASE_DN_REQUIRED',
    'The directory announces no naming context to this account; send baseDn, or allow the account to read the root DSE',
  );
}

/** A failure while connecting, as the API answers it: the code of whoever refused, and their words. */
export function connectionFailure(error: unknown): unknown {
  if (!(error instanceof LdapError)) return error;
  return new CodedError('REQUEST_FAILED', 'The connection check failed.', {
    cause: error,
    details: [
      {
        code: error.code,
        message: error.message,
        ...(error.server === undefined ? {} : { target: error.server }),
      },
    ],
  });
}
