import { GATEWAY_PATH } from '@sallyport/contract';
import { type Clock, type Log, makeMetrics } from '@sallyport/runtime';
import { openStore, type Store } from '@sallyport/store';
import { makeRunActivities } from './activities/run-activities.ts';
import { registerApi } from './application.ts';
import { type Bootstrapped, bootstrap } from './bootstrap/bootstrap.ts';
import { findConsoleFolder, readConsoleFiles } from './console/console-files.ts';
import { registerConsole } from './console/register-console.ts';
import { makeCredentialAuthority } from './gateways/credential-authority.ts';
import { type DirectoryAccess, makeDirectoryAccess } from './gateways/directory-access.ts';
import { makeInstanceRecords } from './gateways/instance-records.ts';
import { makeHttpServer } from './http/http-server.ts';
import { registerProbes } from './http/probes.ts';
import { type GatewayHub, makeGatewayHub } from './hub/gateway-hub.ts';
import { refuseUpgrade } from './hub/refuse-upgrade.ts';
import { makeRuleMetrics } from './metrics/rule-metrics.ts';
import { SERVER_METRICS } from './metrics/server-metrics.ts';
import { publicUrlOf } from './options/listen-address.ts';
import type { ServerOptions } from './options/server-options.ts';
import { readTlsFiles } from './options/tls-files.ts';
import { makeDirectorySignOn } from './passwords/directory-sign-on.ts';
import { type DefaultPasswords, makePasswordHashes } from './passwords/password-hash.ts';
import { passwordFault } from './passwords/password-policy.ts';
import { makePasswords } from './passwords/password-service.ts';
import type { RuleControl } from './propagation/runs/rule-control.ts';
import { retentionLimits, startRetention } from './retention/retention.ts';
import { openKeyFile } from './secrets/key-file.ts';
import { makeSealedSecrets, type SealedSecrets } from './secrets/sealed-secrets.ts';
import { observeTogether, type RuleObserver } from './sync/rule-observer.ts';
import type { RuleSpec } from './sync/rule-spec.ts';
import { openSigningKey } from './tokens/signing-key.ts';
import { makeTokenIssuer } from './tokens/token-issuer.ts';

/** Who runs the rules: what the API asks of it, and its life. */
export interface RuleRunner extends RuleControl {
  /** A gateway has an instance again: its rules need not wait for their next try. */
  gatewayConnected(gatewayId: string): void;
  /** The rules that this process runs, as the newest revision has them. */
  activeRules(): readonly RuleSpec[];
  start(): Promise<void>;
  /** Starts nothing new; resolves when running work is committed, or as soon as the signal aborts. */
  stop(signal: AbortSignal): Promise<void>;
}

export interface RuleRunnerParts {
  readonly store: Store;
  readonly secrets: SealedSecrets;
  readonly hub: GatewayHub;
  readonly directory: DirectoryAccess;
  readonly defaultPasswords: DefaultPasswords;
  readonly observer: RuleObserver;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ComposeDependencies {
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly makeRules: (parts: RuleRunnerParts) => RuleRunner;
}

export interface RunningServer {
  readonly publicUrl: string;
  readonly port: number;
  /** What the first start made; undefined on every later one. */
  readonly bootstrapped: Bootstrapped | undefined;
  readonly store: Store;
  readonly hub: GatewayHub;
  /** Takes nothing new, lets running work commit, closes. `signal` ends the waiting. */
  stop(signal: AbortSignal): Promise<void>;
}

/**
 * The one place where the server's parts meet. Throws OptionProblems of the TLS files, CodedErrors of the key file and the
 * database, and the listening socket's own errors; whatever was opened by then is closed again.
 */
export async function composeServer(
  options: ServerOptions,
  dependencies: ComposeDependencies,
): Promise<RunningServer> {
  const { version, clock, log, makeRules } = dependencies;
  const tls = readTlsFiles(options);
  const keyFile = openKeyFile(options.secretKeyFile);
  const store = await openStore({ url: options.databaseUrl, log: log.child({ part: 'store' }) });
  try {
    let publicUrl = '';
    let draining = false;
    const address = (): string => publicUrl;
    const metrics = makeMetrics('sallyport', SERVER_METRICS);
    const secrets = makeSealedSecrets(store, keyFile);
    const key = await openSigningKey(secrets);
    const tokens = makeTokenIssuer({
      key,
      publicUrl: address,
      lifetimeSeconds: options.tokenLifetimeSeconds,
      clock,
    });
    const authority = makeCredentialAuthority({ store, secrets, tokens, clock });
    const connected = new Set<string>();
    const hub = makeGatewayHub({
      authenticate: (credential) => authority.authenticate(credential),
      configurationFor: (gatewayId) => authority.configurationFor(gatewayId),
      onInstanceReport: (instance) => {
        metrics.of.gatewayReports.add({ health: instance.healthStatus });
        instances.report(instance);
        // Healthy: it has its configuration and its directory answers.
        if (!instance.connected) connected.delete(instance.instanceId);
        else if (instance.healthStatus === 'HEALTHY' && !connected.has(instance.instanceId)) {
          connected.add(instance.instanceId);
          rules.gatewayConnected(instance.gatewayId);
        }
      },
      log: log.child({ part: 'hub' }),
      clock,
    });
    const instances = makeInstanceRecords({
      store,
      live: (gatewayId) => hub.instances(gatewayId),
      clock,
      log: log.child({ part: 'hub' }),
    });
    const directory = makeDirectoryAccess((gatewayId, options) => hub.link(gatewayId, options), clock);
    const hashes = makePasswordHashes(keyFile);
    const policy = {
      minLength: options.passwordMinLength,
      maxFailures: options.passwordMaxFailures,
      lockMs: options.passwordLockSeconds * 1000,
    };
    const signOn = makeDirectorySignOn(store, (gatewayId) => hub.link(gatewayId, { stay: true }));
    const passwords = makePasswords({ store, hashes, signOn, policy, clock });
    const defaultPasswords: DefaultPasswords = {
      hash: (password) => hashes.hashDefault(password),
      fault: (password) => passwordFault(password, policy),
    };
    const ruleMetrics = makeRuleMetrics({
      of: metrics.of,
      store,
      hub,
      rules: () => rules.activeRules(),
      statusOf: (ruleId) => rules.status(ruleId),
      clock,
    });
    const runActivities = makeRunActivities(store, clock, log.child({ part: 'activities' }));
    const rules = makeRules({
      store,
      secrets,
      hub,
      directory,
      defaultPasswords,
      observer: observeTogether([ruleMetrics.observer, runActivities.observer]),
      clock,
      log: log.child({ part: 'rules' }),
    });
    const server = makeHttpServer({
      tls,
      behindProxy: options.behindProxy,
      maxBodyBytes: options.maxBodyBytes,
      rateLimitPerSecond: options.rateLimitPerSecond,
      log: log.child({ part: 'http' }),
      clock,
      onAnswer: (route, status, seconds) => {
        metrics.of.httpRequests.add({ route, status: `${Math.floor(status / 100)}xx` });
        metrics.of.httpRequestDuration.observe(seconds);
      },
    });
    registerProbes(server, {
      checkReady: async () => void (await store.settings.get('system', 'ready')),
      isDraining: () => draining,
      metricsText: async () => {
        await ruleMetrics.collect();
        return metrics.text();
      },
      metricsContentType: metrics.contentType,
      metricsToken: options.metricsToken,
    });
    registerApi(server, {
      store,
      secrets,
      key,
      tokens,
      hub,
      instances,
      directory,
      control: rules,
      passwords,
      defaultPasswords,
      publicUrl: address,
      version,
      clock,
      log,
    });
    const consoleFolder = findConsoleFolder();
    if (consoleFolder !== undefined) registerConsole(server, readConsoleFiles(consoleFolder));
    server.server.on('upgrade', (request, socket, head) => {
      // Compared as it was sent: what a stranger writes as an address need not be one.
      const [path] = (request.url ?? '').split('?', 1);
      if (path === GATEWAY_PATH) hub.handleUpgrade(request, socket, head);
      else
        refuseUpgrade(socket, {
          status: 404,
          code: 'NOT_FOUND',
          message: `WebSockets are taken at ${GATEWAY_PATH} alone.`,
        });
    });
    const bootstrapped = await bootstrap(store, {
      environmentId: options.bootstrapEnvironmentId,
      clientId: options.bootstrapClientId,
      clientSecret: options.bootstrapClientSecret,
    });
    await server.listen({ host: options.host, port: options.port });
    const listening = server.server.address();
    const port = typeof listening === 'object' && listening !== null ? listening.port : options.port;
    publicUrl = publicUrlOf(options, port);
    await rules.start();
    const retention = startRetention({
      store,
      limits: retentionLimits(options),
      clock,
      log: log.child({ part: 'retention' }),
    });
    log.info({ address: publicUrl }, 'server started');
    return {
      publicUrl,
      port,
      bootstrapped,
      store,
      hub,
      stop: async (signal) => {
        draining = true;
        // Rules first, while their gateways are still there; then gateways are told to go elsewhere.
        await Promise.all([rules.stop(signal), retention.stop()]);
        await Promise.race([hub.drain(), aborted(signal)]);
        hub.close();
        await server.close();
        await instances.settle();
        await runActivities.settle();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
