import { GATEWAY_PATH } from '@sallyport/contract';
import {
  type LogFormat,
  type LogLevel,
  OptionProblems,
  type OptionSources,
  type OptionValues,
  readOptions,
} from '@sallyport/runtime';
import { type Limits, LimitsProblems, parseLimits } from '../limits/limits.ts';
import { type ForwardProxy, readProxy } from '../tunnel/forward-proxy.ts';
import { gatewayOptions } from './gateway-options.ts';

/** Everything the gateway is told from outside, checked. Secrets are functions, so that no log can print them. */
export interface GatewaySettings {
  /** `wss://…/gateway`. */
  readonly url: URL;
  readonly credential: () => string;
  readonly limits: Limits | undefined;
  readonly proxy: ForwardProxy | undefined;
  /** PEM, trusted besides the system's. */
  readonly extraCa: string | undefined;
  readonly drainMs: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat | undefined;
  readonly unknownVariables: readonly string[];
}

/** Reads options and the files they name. Throws `OptionProblems` with everything that is wrong. */
export function readSettings(sources: OptionSources): GatewaySettings | 'help' {
  const reading = readOptions(gatewayOptions, withLowerCaseProxy(sources));
  if (reading.kind === 'help') return 'help';
  const { values } = reading;
  const problems: string[] = [];
  const url = readUrl(values, problems);
  const credential = readCredential(values, sources, problems);
  const limits = readLimits(values.limitsFile, sources, problems);
  const extraCa = readCa(values.caFile, sources, problems);
  if (problems.length > 0 || url === undefined || credential === undefined)
    throw new OptionProblems(problems);
  return {
    url,
    credential: () => credential,
    limits,
    proxy: readProxy(values.httpsProxy, values.noProxy, url),
    extraCa,
    drainMs: values.drainSeconds * 1_000,
    logLevel: values.logLevel,
    logFormat: values.logFormat,
    unknownVariables: reading.unknownVariables,
  };
}

/** The proxy's variables are written in either case by custom. */
function withLowerCaseProxy(sources: OptionSources): OptionSources {
  const { environment } = sources;
  const folded = Object.fromEntries(
    ['HTTPS_PROXY', 'NO_PROXY'].map((name) => [name, environment[name] ?? environment[name.toLowerCase()]]),
  );
  return { ...sources, environment: { ...environment, ...folded } };
}

type Values = OptionValues<typeof gatewayOptions>;

function readUrl(values: Values, problems: string[]): URL | undefined {
  const { serverUrl } = values;
  if (serverUrl === undefined) {
    problems.push(
      'SALLYPORT_SERVER_URL is missing: the address of the server, e.g. https://sallyport.example',
    );
    return undefined;
  }
  const secure = serverUrl.protocol === 'https:' || serverUrl.protocol === 'wss:';
  if (!secure && !values.allowInsecureServer && !isLoopback(serverUrl.hostname)) {
    problems.push(
      `SALLYPORT_SERVER_URL: ${serverUrl.protocol}//${serverUrl.host} has no TLS, and credential and passwords would travel ` +
        'in the clear. Use https://, or set SALLYPORT_ALLOW_INSECURE_SERVER=true if you know the line to be safe',
    );
  }
  if (
    serverUrl.username !== '' ||
    serverUrl.password !== '' ||
    serverUrl.search !== '' ||
    serverUrl.hash !== ''
  ) {
    problems.push('SALLYPORT_SERVER_URL: an address without user, password, ? and # is expected');
  }
  const url = new URL(`${secure ? 'wss' : 'ws'}://${serverUrl.host}`);
  const path = serverUrl.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(GATEWAY_PATH) ? path : `${path}${GATEWAY_PATH}`;
  return url;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readCredential(values: Values, sources: OptionSources, problems: string[]): string | undefined {
  if (values.credential !== undefined && values.credentialFile !== undefined) {
    problems.push(
      'SALLYPORT_GATEWAY_CREDENTIAL and SALLYPORT_GATEWAY_CREDENTIAL_FILE are both given: one is expected',
    );
  }
  const text =
    values.credentialFile === undefined
      ? values.credential
      : readFile('SALLYPORT_GATEWAY_CREDENTIAL_FILE', values.credentialFile, sources, problems);
  const credential = text?.trim();
  if (credential === undefined) {
    if (values.credentialFile === undefined) {
      problems.push(
        'SALLYPORT_GATEWAY_CREDENTIAL is missing: create a credential for the gateway and give it here',
      );
    }
    return undefined;
  }
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(credential)) {
    problems.push(
      'The gateway credential is not a JWT: three parts separated by dots are expected (it is not shown here)',
    );
  }
  return credential;
}

function readLimits(
  path: string | undefined,
  sources: OptionSources,
  problems: string[],
): Limits | undefined {
  if (path === undefined) return undefined;
  const text = readFile('SALLYPORT_GATEWAY_LIMITS', path, sources, problems);
  if (text === undefined) return undefined;
  try {
    return parseLimits(text);
  } catch (error) {
    if (!(error instanceof LimitsProblems)) throw error;
    problems.push(...error.problems.map((problem) => `${path}: ${problem}`));
    return undefined;
  }
}

function readCa(path: string | undefined, sources: OptionSources, problems: string[]): string | undefined {
  if (path === undefined) return undefined;
  const text = readFile('SALLYPORT_CA_FILE', path, sources, problems);
  if (text !== undefined && !text.includes('-----BEGIN CERTIFICATE-----')) {
    problems.push(`SALLYPORT_CA_FILE: ${path} holds no PEM certificate (-----BEGIN CERTIFICATE-----)`);
  }
  return text;
}

function readFile(
  variable: string,
  path: string,
  sources: OptionSources,
  problems: string[],
): string | undefined {
  try {
    return sources.readFile(path);
  } catch (error) {
    problems.push(
      `${variable}: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
