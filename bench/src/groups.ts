import { type DirectoryServer, runToEnd } from '@sallyport/testkit';
import { addressOf, LONG_MS, openBenchHouse, secondsOf } from './bench-house.ts';
import { MAPPINGS } from './inbound.ts';
import { type LatencyFigures, measureLatency } from './latency.ts';
import { type ReaderTime, timeGroupReader } from './ldapsearch.ts';

export interface GroupFigures {
  /** ldapsearch reading every group with its members. */
  readonly reader: ReaderTime;
  /** People, groups and memberships, from nothing. */
  readonly firstLoadSeconds: number;
  /** The same rule before it looked at groups. */
  readonly unchangedSeconds: readonly number[];
  readonly memberships: number;
  readonly latency: LatencyFigures;
  readonly serverPeakBytes: number;
  readonly gatewayPeakBytes: number;
}

/** One rule over people and groups, live: loads everything, reads it again unchanged, then follows single changes. */
export async function measureGroups(options: {
  readonly directory: DirectoryServer;
  readonly base: string;
  readonly groupBase: string;
  readonly folder: string;
  readonly people: number;
  readonly memberships: number;
  readonly unchangedRuns: number;
  readonly changes: number;
}): Promise<GroupFigures> {
  const { directory, people } = options;
  await timeGroupReader(directory, options.groupBase); // fills the server's caches
  const reader = await timeGroupReader(directory, options.groupBase);
  const house = await openBenchHouse({
    folder: options.folder,
    directory: addressOf(directory),
    // Polls are out of the way: what arrives in time arrives by push.
    configuration: { USERS_BASE_DN: options.base, POLL_INTERVAL_SECONDS: 86_400 },
    mappings: MAPPINGS,
  });
  const { api, environmentId, ruleId } = house;
  try {
    const first = await house.runBySwitchingOn();
    const unchangedSeconds: number[] = [];
    for (let turn = 0; turn < options.unchangedRuns; turn++)
      unchangedSeconds.push(
        secondsOf(await runToEnd(api, environmentId, ruleId, 'full', { timeoutMs: LONG_MS })),
      );
    const everyone = await api.groups.list({ environmentId, query: { filter: 'name eq "everyone"' } });
    const counted = everyone._embedded.groups[0]?.directMemberCounts.users;
    if (counted === undefined || counted === 0) throw new Error('The group of everybody is empty');
    const latency = await measureLatency(house, directory, people, options.changes);
    return {
      reader,
      firstLoadSeconds: secondsOf(first),
      unchangedSeconds,
      memberships: options.memberships,
      latency,
      serverPeakBytes: house.server.peakMemoryBytes() ?? 0,
      gatewayPeakBytes: house.gateway.peakMemoryBytes() ?? 0,
    };
  } finally {
    await house.close();
  }
}
