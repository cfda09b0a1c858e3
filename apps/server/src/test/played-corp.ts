import { type ApiClient, ApiError } from '@sallyport/contract';
import { runGateway } from '@sallyport/gateway';
import { makeLife, silentLog } from '@sallyport/runtime';
import {
  type DirectoryAddress,
  type InMemoryDirectory,
  makeGateway,
  startInMemoryDirectory,
  waitForInstances,
} from '@sallyport/testkit';
import { makeSupervisedRules } from '../propagation/runs/supervised-rules.ts';
import { startTestServer, type TestServer } from './test-server.ts';

export const AD = 'Microsoft Active Directory' as const;

export interface PlayedGateway {
  stop(): Promise<void>;
}

/** A company: its directory, a server that runs rules, and a gateway between them. */
export interface PlayedCorp {
  readonly directory: InMemoryDirectory;
  readonly server: TestServer;
  readonly api: ApiClient;
  readonly environmentId: string;
  readonly gatewayId: string;
  readonly credentialId: string;
  /** `host:port` of the directory. */
  readonly serverName: string;
  readonly address: DirectoryAddress;
  /** One more instance in this process. */
  startGateway(credential: string): PlayedGateway;
  stop(): Promise<void>;
}

export async function playCorp(people: number): Promise<PlayedCorp> {
  const directory = await startInMemoryDirectory({
    people,
    parts: 'people',
    accounts: [{ name: 'reader', password: 'Reads.only.1' }],
  });
  const server = await startTestServer({ makeRules: makeSupervisedRules });
  const { api } = server;
  const serverName = `${directory.host}:${directory.port}`;
  const { bindDn, bindPassword } = directory;
  const address: DirectoryAddress = { servers: [serverName], bindDn, bindPassword, vendor: AD };
  const environmentId = (await api.environments.create({ body: { name: 'Corp', type: 'SANDBOX' } })).id;
  const { gatewayId, credentialId, credential } = await makeGateway(api, environmentId, 'AD', address);
  const startGateway = (token: string): PlayedGateway => playGateway(server.publicUrl, token);
  const gateway = startGateway(credential);
  await waitForInstances(api, environmentId, gatewayId);
  return {
    directory,
    server,
    api,
    environmentId,
    gatewayId,
    credentialId,
    serverName,
    address,
    startGateway,
    stop: async () => {
      await gateway.stop();
      await server.close();
      await directory.stop();
    },
  };
}

/** Adds somebody below `place`. @returns the DN */
export function addPerson(
  directory: InMemoryDirectory,
  place: string,
  login: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const dn = `CN=${login},${place}`;
  directory.edit.add(dn, {
    objectClass: 'user',
    sAMAccountName: login,
    cn: login,
    sn: 'Silva',
    mail: `${login}@corp.example`,
    userAccountControl: '544',
    ...more,
  });
  return dn;
}

/** A gateway program in this process. */
export function playGateway(publicUrl: string, credential: string): PlayedGateway {
  const life = makeLife(1000);
  const ended = runGateway({
    settings: {
      url: new URL(`${publicUrl.replace('http', 'ws')}/gateway`),
      credential: () => credential,
      limits: undefined,
      proxy: undefined,
      extraCa: undefined,
      logLevel: 'silent',
      logFormat: 'json',
      drainMs: 1000,
      unknownVariables: [],
    },
    version: '1.0.0-test',
    life,
    log: silentLog,
  });
  return {
    stop: async () => {
      life.stop('the test is over');
      await ended;
      await life.end();
    },
  };
}

/** The refusal that a call is expected to meet. */
export async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const reason: unknown = await promise.then(
    () => new Error('It was accepted'),
    (error: unknown) => error,
  );
  if (reason instanceof ApiError) return reason;
  throw reason;
}

/** Code and place of each fault. */
export function codes(error: ApiError): readonly (readonly [string, string | undefined])[] {
  return error.details.map(({ code, target }) => [code, target] as const);
}
