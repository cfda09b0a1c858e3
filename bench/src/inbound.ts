import { type DirectoryServer, type Run, runToEnd } from '@sallyport/testkit';
import { addressOf, LONG_MS, NO_GROUPS, openBenchHouse, secondsOf } from './bench-house.ts';
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

export const MAPPINGS = [
  { sourceAttribute: 'uid', targetAttribute: 'username' },
  { sourceAttribute: 'sn', targetAttribute: 'name.family' },
  { sourceAttribute: 'givenName', targetAttribute: 'name.given' },
  { sourceAttribute: 'mail', targetAttribute: 'email' },
  { sourceAttribute: 'title', targetAttribute: 'title' },
  { sourceAttribute: 'telephoneNumber', targetAttribute: 'primaryPhone' },
  { sourceAttribute: 'l', targetAttribute: 'address.locality' },
  { sourceAttribute: 'displayName', targetAttribute: 'nickname' },
];

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
  const house = await openBenchHouse({
    folder: options.folder,
    directory: addressOf(directory),
    // Polls are out of the way: every run here is started on purpose. Removals of 1 % may pass the default 500.
    configuration: {
      USERS_BASE_DN: options.base,
      POLL_INTERVAL_SECONDS: 86_400,
      MAX_REMOVALS: options.people,
    },
    actions: NO_GROUPS,
    mappings: MAPPINGS,
  });
  const { api, environmentId, ruleId } = house;
  try {
    const measure = async (start: () => Promise<Run>): Promise<RunFigures> => {
      const reader = await options.timeReader();
      const before = completedOperations(directory);
      const run = await start();
      const ldapOperations = completedOperations(directory) - before - OPERATIONS_OF_A_LOOK;
      return { seconds: secondsOf(run), read: run.read, counts: run.counts, ldapOperations, reader };
    };
    const firstLoad = await measure(() => house.runBySwitchingOn());
    console.log(`first load ${firstLoad.seconds.toFixed(2)} s`);
    const unchanged: RunFigures[] = [];
    for (let turn = 0; turn < options.unchangedRuns; turn++) {
      unchanged.push(
        await measure(() => runToEnd(api, environmentId, ruleId, 'full', { timeoutMs: LONG_MS })),
      );
      console.log(`unchanged full run ${unchanged.at(-1)?.seconds.toFixed(2)} s`);
    }
    // Off meanwhile: a live rule would follow the changes while they are being made.
    await house.setActive(false);
    const applied = await options.change();
    const delta = await measure(() => house.runBySwitchingOn());
    return {
      firstLoad,
      unchanged,
      delta: { ...delta, applied },
      serverPeakBytes: house.server.peakMemoryBytes() ?? 0,
      gatewayPeakBytes: house.gateway.peakMemoryBytes() ?? 0,
    };
  } finally {
    await house.close();
  }
}
