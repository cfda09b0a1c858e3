import { makeLdapClient } from '@sallyport/ldap';
import { type DirectoryServer, personDn, waitUntil } from '@sallyport/testkit';
import type { BenchHouse } from './bench-house.ts';

export interface LatencyFigures {
  readonly changes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How often REST is asked whether the change has arrived: adds half of it to every figure, on average. */
const ASK_EVERY_MS = 4;
/** Between two changes, so that each is one change and not a stream of them. */
const PAUSE_MS = 20;
const LOAD_EVERY_MS = 50;
const PATIENCE_MS = 30_000;

/**
 * From the answer to an LDAP modify to the new value in a REST answer, one change after the other, while somebody else reads
 * twenty users a second. The rule has to be live, with push.
 */
export async function measureLatency(
  house: BenchHouse,
  directory: DirectoryServer,
  people: number,
  changes: number,
): Promise<LatencyFigures> {
  const { api, environmentId, ruleId } = house;
  await waitUntil(
    async () => (await api.ruleState.readStatus({ environmentId, ruleId })).push,
    'the rule is told of changes',
  );
  const client = makeLdapClient({
    servers: [{ host: directory.host, port: directory.port }],
    bind: { dn: directory.bindDn, password: directory.bindPassword },
    security: 'none',
  });
  const load = new AbortController();
  const loading = readAllTheWhile(house, load.signal);
  const latencies: number[] = [];
  try {
    for (let change = 0; change < changes; change++) {
      const dn = personDn({ kind: 'openLdap', people }, Math.floor((change * people) / changes));
      const username = /^uid=([^,]+)/.exec(dn)?.[1] ?? '';
      const page = await api.users.list({ environmentId, query: { filter: `username eq "${username}"` } });
      const userId = page._embedded.users[0]?.id;
      if (userId === undefined) throw new Error(`${username} was not loaded`);
      const title = `Latency ${change}`;
      await client.modify(dn, [{ operation: 'replace', type: 'title', values: [title] }]);
      const modified = performance.now();
      for (;;) {
        const user = await api.users.read({ environmentId, userId });
        if (user.title === title) break;
        if (performance.now() - modified > PATIENCE_MS) throw new Error(`${dn} did not arrive`);
        await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
      }
      latencies.push(performance.now() - modified);
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  } finally {
    load.abort();
    await loading;
    await client.close();
  }
  latencies.sort((left, right) => left - right);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { changes, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: latencies.at(-1) ?? 0 };
}

async function readAllTheWhile({ api, environmentId }: BenchHouse, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await api.users.list({ environmentId, query: { limit: 1 } });
    await new Promise((done) => setTimeout(done, LOAD_EVERY_MS));
  }
}
