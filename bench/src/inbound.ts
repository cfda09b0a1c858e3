import { join } from 'node:path';
import {
  clientOf,
  type DirectoryServer,
  makeGateway,
  makeInboundRule,
  makeRevision,
  type Run,
  runToEnd,
  startGateway,
  startServer,
  waitForInstances,
  waitForRun,
} from '@sallyport/testkit';
import type { AppliedDelta } from './directory-delta.ts';
import { completedOperations, OPERATIONS_OF_A_LOOK } from './directory-operations.ts';
import type { ReaderTime } from './ldapsearch.ts';

export interface RunFigures {
  readonly seconds: number;
  readonly read: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Operations at the directory while the run ran: one search is one for each page. */
  readonly ldapOperations: number;
  /** ldapsearch right before this run: the machine's speed drifts. */
  readonly reader: ReaderTime;
}

export interface Measured {
  readonly firstLoad: RunFigures;
  readonly unchanged: readonly RunFigures[];
  readonly delta: RunFigures & { readonly applied: AppliedDelta };
  readonly serverPeakBytes: number;
  readonly gatewayPeakBytes: number;
}

const MAPPINGS = [
  { sourceAttribute: 'uid', targetAttribute: 'username' },
  { sourceAttribute: 'sn', targetAttribute: 'name.family' },
  { sourceAttribute: 'givenName', targetAttribute: 'name.given' },
  { sourceAttribute: 'mail', targetAttribute: 'email' },
  { sourceAttribute: 'title', targetAttribute: 'title' },
  { sourceAttribute: 'telephoneNumber', targetAttribute: 'primaryPhone' },
  { sourceAttribute: 'l', targetAttribute: 'address.locality' },
  { sourceAttribute: 'displayName', targetAttribute: 'nickname' },
];

const LONG_MS = 30 * 60_000;

/** Through the built programs, as an installation runs them: server, one gateway process, the public API. */
export async function measureInbound(options: {
  readonly directory: DirectoryServer;
  readonly base: string;
  readonly folder: string;
  readonly people: number;
  readonly unchangedRuns: number;
  readonly timeReader: () => Promise<ReaderTime>;
  readonly change: () => Promise<AppliedDelta>;
}): Promise<Measured> {
  const { directory } = options;
  const server = await startServer({ folder: join(options.folder, 'server') });
  const api = clientOf(server);
  const { environmentId } = server;
  const { gatewayId, credential } = await makeGateway(api, environmentId, 'bench', {
    servers: [`${directory.host}:${directory.port}`],
    bindDn: directory.bindDn,
    bindPassword: directory.bindPassword,
    vendor: 'LDAPv3-compliant Directory Server',
  });
  const gateway = startGateway({ serverUrl: server.url, credential });
  try {
    await waitForInstances(api, environmentId, gatewayId);
    // Polls are out of the way: every run here is started on purpose. Removals of 1 % may pass the default 500.
    const configuration = {
      USERS_BASE_DN: options.base,
      POLL_INTERVAL_SECONDS: 86_400,
      MAX_REMOVALS: options.people,
    };
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'bench',
      gatewayId,
      ldapType: 'LDAPv3-compliant Directory Server',
      // Polls are out of the way: every run here is started by hand. Removals of 1 % may pass the default 500.
      configuration: {
        USERS_BASE_DN: options.base,
        POLL_INTERVAL_SECONDS: 86_400,
        MAX_REMOVALS: options.people,
      },
      mappings: MAPPINGS,
    });

    const measure = async (start: () => Promise<Run>): Promise<RunFigures> => {
      const reader = await options.timeReader();
      const before = completedOperations(directory);
      const run = await start();
      const ldapOperations = completedOperations(directory) - before - OPERATIONS_OF_A_LOOK;
      if (run.status !== 'completed') throw new Error(`a run ended as ${run.status}: ${JSON.stringify(run)}`);
      const seconds = (Date.parse(run.endedAt ?? '') - Date.parse(run.startedAt)) / 1000;
      return { seconds, read: run.read, counts: run.counts, ldapOperations, reader };
    };
    const setActive = async (active: boolean): Promise<void> => {
      await api.rules.replace({ environmentId, ruleId, body: { name: 'bench', active, configuration } });
      await makeRevision(api, environmentId);
    };
    /** Switching the rule on starts a run by itself: the newest one that was not there before. */
    const runBySwitchingOn = async (): Promise<Run> => {
      const newest = async () => (await api.runs.list({ environmentId, ruleId }))._embedded.runs[0];
      const before = await newest();
      await setActive(true);
      let run = await newest();
      while (run === undefined || run.id === before?.id) {
        await new Promise((done) => setTimeout(done, 10));
        run = await newest();
      }
      return waitForRun(api, environmentId, ruleId, run.id, { timeoutMs: LONG_MS });
    };
    const firstLoad = await measure(runBySwitchingOn);
    console.log(`first load ${firstLoad.seconds.toFixed(2)} s`);
    const unchanged: RunFigures[] = [];
    for (let turn = 0; turn < options.unchangedRuns; turn++) {
      unchanged.push(
        await measure(() => runToEnd(api, environmentId, ruleId, 'full', { timeoutMs: LONG_MS })),
      );
      console.log(`unchanged full run ${unchanged.at(-1)?.seconds.toFixed(2)} s`);
    }
    // Off meanwhile: a live rule would follow the changes while they are being made.
    await setActive(false);
    const applied = await options.change();
    const delta = await measure(runBySwitchingOn);
    return {
      firstLoad,
      unchanged,
      delta: { ...delta, applied },
      serverPeakBytes: server.program.peakMemoryBytes() ?? 0,
      gatewayPeakBytes: gateway.peakMemoryBytes() ?? 0,
    };
  } finally {
    await gateway.stop();
    await server.program.stop();
  }
}
