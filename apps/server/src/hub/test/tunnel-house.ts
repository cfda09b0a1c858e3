import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { GatewayLdapConfiguration } from '@sallyport/contract';
import { type GatewaySettings, runGateway } from '@sallyport/gateway';
import {
  type Clock,
  type Life,
  type Log,
  makeLife,
  makeLog,
  silentLog,
  systemClock,
} from '@sallyport/runtime';
import { type InMemoryDirectory, readServerCertificate } from '@sallyport/testkit';
import { type GatewayHub, makeGatewayHub } from '../gateway-hub.ts';
import type { GatewayIdentity, GatewayInstance } from '../gateway-instance.ts';
import type { HubSettings } from '../hub-settings.ts';

export const gatewayId = randomUUID();
export const environmentId = randomUUID();

/** A token with the form of a JWT; which one is good is the test's decision. */
export function makeCredential(credentialId: string): string {
  return `e30.${Buffer.from(credentialId).toString('base64url')}.sig`;
}

export interface HubHouse {
  readonly hub: GatewayHub;
  readonly port: number;
  readonly reports: GatewayInstance[];
  /** Credentials that were shown, good or bad. */
  readonly shown: string[];
  /** Credentials that are let in. */
  readonly credentials: Set<string>;
  configuration: GatewayLdapConfiguration;
  close(): Promise<void>;
}

/** What tests want: everything happens at once. */
export const quick: Partial<HubSettings> = {
  reporting: { healthIntervalMs: 200, metricsIntervalMs: 100, heartbeatIntervalMs: 150 },
};

/** A hub that listens on loopback. */
export async function startHub(
  configuration: GatewayLdapConfiguration,
  options: { readonly settings?: Partial<HubSettings>; readonly tls?: boolean } = {},
): Promise<HubHouse> {
  const reports: GatewayInstance[] = [];
  const credentials = new Set<string>(['first', 'second']);
  const shown: string[] = [];
  const house = { configuration };
  const hub = makeGatewayHub({
    authenticate: (jwt): Promise<GatewayIdentity | undefined> => {
      const credentialId = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString();
      shown.push(credentialId);
      const known = credentials.has(credentialId);
      return Promise.resolve(known ? { environmentId, gatewayId, credentialId } : undefined);
    },
    configurationFor: () => Promise.resolve(house.configuration),
    onInstanceReport: (instance) => reports.push(instance),
    log: testLog,
    clock: systemClock,
    settings: { ...quick, ...options.settings },
  });
  const server: Server =
    options.tls === true ? createHttpsServer(readServerCertificate()) : createHttpServer();
  server.on('upgrade', (request, socket, head) => hub.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the hub does not listen');
  return Object.assign(house, {
    hub,
    port: address.port,
    reports,
    shown,
    credentials,
    close: async () => {
      hub.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  });
}

export function configurationOf(directory: InMemoryDirectory): GatewayLdapConfiguration {
  return {
    servers: [`${directory.host}:${directory.port}`],
    security: 'none',
    validateCertificates: true,
    bindDn: directory.bindDn,
    bindPassword: directory.bindPassword,
  };
}

export interface RunningGateway {
  readonly life: Life;
  /** How it ended. */
  readonly exit: Promise<number>;
  stop(): Promise<number>;
}

/** A gateway in this process that dials `ws://127.0.0.1:port`. */
export function startGateway(
  port: number,
  settings: Partial<GatewaySettings> & { readonly credentialId?: string; readonly clock?: Clock } = {},
): RunningGateway {
  const { credentialId = 'first', clock = systemClock, ...rest } = settings;
  const life = makeLife(20_000);
  const exit = runGateway({
    settings: {
      url: new URL(`ws://127.0.0.1:${port}/gateway`),
      credential: () => makeCredential(credentialId),
      limits: undefined,
      proxy: undefined,
      extraCa: undefined,
      drainMs: 20_000,
      logLevel: 'silent',
      logFormat: undefined,
      unknownVariables: [],
      ...rest,
    },
    version: '1.2.3',
    life,
    log: testLog,
    clock,
    random: () => 0,
  }).finally(() => life.end());
  return {
    life,
    exit,
    stop: () => {
      life.stop('the test is over');
      return exit;
    },
  };
}

/** `SALLYPORT_TEST_LOG=debug` shows what happens. */
const { SALLYPORT_TEST_LOG: level } = process.env;
const testLog: Log =
  level === undefined
    ? silentLog
    : makeLog({ level: level === 'debug' ? 'debug' : 'info', format: 'pretty' });
