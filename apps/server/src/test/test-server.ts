import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, makeApiClient } from '@sallyport/contract';
import { CLOSED_BREAKER } from '@sallyport/engine';
import { type Log, makeLog, readOptions, systemClock } from '@sallyport/runtime';
import { composeServer, type RuleRunner, type RuleRunnerParts, type RunningServer } from '../compose.ts';
import { SERVER_OPTIONS, type ServerOptions } from '../options/server-options.ts';

export interface TestServer extends RunningServer {
  /** With every role in every environment. */
  readonly api: ApiClient;
  readonly environmentId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly folder: string;
  /** Everything logged, at the lowest level. */
  readonly logLines: readonly string[];
  readonly rules: FakeRules;
  token(): Promise<string>;
  close(): Promise<void>;
}

/** Stands in for the supervisor where the API alone is tested: remembers what it was asked. */
export interface FakeRules extends RuleRunner {
  readonly asked: string[];
}

export interface TestServerSettings {
  readonly folder?: string;
  readonly options?: Partial<ServerOptions>;
  /** Absent: nothing runs rules. */
  readonly makeRules?: (parts: RuleRunnerParts) => RuleRunner;
}

/** A whole server on a real port with a real database file in a folder of its own. */
export async function startTestServer(settings: TestServerSettings = {}): Promise<TestServer> {
  const folder = settings.folder ?? (await mkdtemp(join(tmpdir(), 'sallyport-server-')));
  const logLines: string[] = [];
  const log: Log = makeLog({ level: 'trace', format: 'json', write: (line) => void logLines.push(line) });
  const rules = makeFakeRules();
  const server = await composeServer(
    { ...defaultOptions(folder), ...settings.options },
    { version: '1.0.0-test', clock: systemClock, log, makeRules: settings.makeRules ?? (() => rules) },
  );
  const kept = known.get(folder) ?? {
    environmentId: server.bootstrapped?.environmentId ?? '',
    clientId: server.bootstrapped?.clientId ?? '',
    clientSecret: server.bootstrapped?.clientSecret.reveal() ?? '',
  };
  known.set(folder, kept);
  const api = makeApiClient({ baseUrl: server.publicUrl, clientCredentials: kept });
  return {
    ...server,
    ...kept,
    api,
    folder,
    logLines,
    rules,
    token: async () => {
      const response = await fetch(`${server.publicUrl}/${kept.environmentId}/as/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: kept.clientId,
          client_secret: kept.clientSecret,
        }),
      });
      const body: unknown = await response.json();
      if (typeof body === 'object' && body !== null && 'access_token' in body)
        return String(body.access_token);
      throw new Error(`No token: ${JSON.stringify(body)}`);
    },
    close: async () => {
      await server.stop(AbortSignal.timeout(5_000));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Credentials of servers that were started before, for tests that start one again on the same folder. */
const known = new Map<string, { environmentId: string; clientId: string; clientSecret: string }>();

export function defaultOptions(folder: string): ServerOptions {
  const reading = readOptions(SERVER_OPTIONS, {
    argv: [
      '--port',
      '0',
      '--database-url',
      `sqlite:${join(folder, 'data.db')}`,
      '--secret-key-file',
      join(folder, 'secret.key'),
    ],
    environment: {},
    readFile: () => '',
  });
  if (reading.kind === 'help') throw new TypeError('No help was asked for');
  return reading.values;
}

function makeFakeRules(): FakeRules {
  const asked: string[] = [];
  const refuse = (): never => {
    throw new Error('No rules run in this test');
  };
  return {
    asked,
    start: async () => undefined,
    stop: async () => undefined,
    gatewayConnected: () => undefined,
    activeRules: () => [],
    runNow: refuse,
    startPreview: refuse,
    preview: () => undefined,
    explain: refuse,
    release: refuse,
    discard: refuse,
    status: (ruleId) => ({
      ruleId,
      state: 'inactive',
      waitsFor: undefined,
      running: undefined,
      queued: [],
      pending: [],
      last: undefined,
      lastPollAt: undefined,
      nextRunAt: undefined,
      nextFullRunAt: undefined,
      breaker: CLOSED_BREAKER,
      source: undefined,
      push: false,
    }),
    revisionCreated: async (environmentId) => void asked.push(`revision ${environmentId}`),
    environmentRemoved: async (environmentId) => void asked.push(`removed ${environmentId}`),
  };
}
