import { join } from 'node:path';
import type { ApiClient } from '@sallyport/contract';
import {
  type Configuration,
  clientOf,
  type DirectoryAddress,
  type DirectoryServer,
  type MappingSetUp,
  makeGateway,
  makeInboundRule,
  makeRevision,
  type Program,
  type Run,
  startGateway,
  startServer,
  waitForInstances,
  waitForRun,
} from '@sallyport/testkit';

/** A server, one gateway process and one inbound rule, as an installation has them. */
export interface BenchHouse {
  readonly api: ApiClient;
  readonly environmentId: string;
  readonly ruleId: string;
  readonly server: Program;
  readonly gateway: Program;
  setActive(active: boolean): Promise<void>;
  /** Switching the rule on starts a run by itself: the newest one that was not there before, to its end. */
  runBySwitchingOn(): Promise<Run>;
  close(): Promise<void>;
}

export const LONG_MS = 30 * 60_000;

/** Actions of a rule that does not look at groups. */
export const NO_GROUPS: Configuration = {
  CREATE_GROUPS: false,
  RENAME_GROUPS: false,
  DELETE_GROUPS: false,
  SYNC_MEMBERSHIPS: false,
};

/** A directory of the bench as a gateway's record names it; anything but OpenLDAP says its vendor. */
export function addressOf(
  directory: DirectoryServer,
  vendor: DirectoryAddress['vendor'] = 'LDAPv3-compliant Directory Server',
): DirectoryAddress {
  return {
    servers: [`${directory.host}:${directory.port}`],
    bindDn: directory.bindDn,
    bindPassword: directory.bindPassword,
    vendor,
  };
}

/** The rule is made inactive: `runBySwitchingOn` is its first run. */
export async function openBenchHouse(options: {
  readonly folder: string;
  readonly directory: DirectoryAddress;
  readonly configuration: Configuration;
  readonly actions?: Configuration;
  readonly mappings: readonly MappingSetUp[];
}): Promise<BenchHouse> {
  const { directory, configuration } = options;
  const server = await startServer({ folder: join(options.folder, 'server') });
  const api = clientOf(server);
  const { environmentId } = server;
  const { gatewayId, credential } = await makeGateway(api, environmentId, 'bench', directory);
  const gateway = startGateway({ serverUrl: server.url, credential });
  const close = async (): Promise<void> => {
    await gateway.stop();
    await server.program.stop();
  };
  try {
    await waitForInstances(api, environmentId, gatewayId);
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'bench',
      gatewayId,
      ldapType: directory.vendor,
      configuration,
      ...(options.actions === undefined ? {} : { actions: options.actions }),
      mappings: options.mappings,
    });
    const setActive = async (active: boolean): Promise<void> => {
      await api.rules.replace({ environmentId, ruleId, body: { name: 'bench', active, configuration } });
      await makeRevision(api, environmentId);
    };
    const newest = async () => (await api.runs.list({ environmentId, ruleId }))._embedded.runs[0];
    return {
      api,
      environmentId,
      ruleId,
      server: server.program,
      gateway,
      setActive,
      async runBySwitchingOn() {
        const before = await newest();
        await setActive(true);
        let run = await newest();
        while (run === undefined || run.id === before?.id) {
          await new Promise((done) => setTimeout(done, 10));
          run = await newest();
        }
        return waitForRun(api, environmentId, ruleId, run.id, { timeoutMs: LONG_MS });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Seconds a run took; throws if it did not complete. */
export function secondsOf(run: Run): number {
  if (run.status !== 'completed') throw new Error(`a run ended as ${run.status}: ${JSON.stringify(run)}`);
  return (Date.parse(run.endedAt ?? '') - Date.parse(run.startedAt)) / 1000;
}
