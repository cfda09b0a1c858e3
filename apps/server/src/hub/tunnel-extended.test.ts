import {
  type ChangelogBatchRequest,
  type DirectoryLink,
  EntryBatch,
  EXTENDED_OID,
  encodeChangelogBatchRequest,
  makeLdapClient,
  parseChangelogBatchEntry,
} from '@sallyport/ldap';
import { type InMemoryDirectory, startInMemoryDirectory } from '@sallyport/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTcpRelay, type TcpRelay } from './test/tcp-relay.ts';
import {
  configurationOf,
  gatewayId,
  type HubHouse,
  type RunningGateway,
  startGateway,
  startHub,
} from './test/tunnel-house.ts';
import { until } from './test/until.ts';

const people = 400;
/** Big enough that the whole log is far more than any buffer on the way. */
const photo = Buffer.alloc(20_000, 7);

let directory: InMemoryDirectory;
let house: HubHouse;
let gateway: RunningGateway;
let relay: TcpRelay;

beforeAll(async () => {
  directory = await startInMemoryDirectory({ manner: 'pingDirectory' });
  for (let index = 0; index < people; index += 1) {
    directory.edit.add(`uid=p${index},${directory.baseDn}`, {
      objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
      uid: `p${index}`,
      cn: `Person ${index}`,
      sn: 'Person',
      jpegPhoto: photo,
    });
  }
});
afterAll(() => directory.stop());

beforeEach(async () => {
  house = await startHub(configurationOf(directory), { settings: { creditBytes: 128 * 1024 } });
  relay = await startTcpRelay(house.port);
  gateway = startGateway(relay.port);
  await until(() => expect(house.hub.instances(gatewayId)[0]?.healthStatus).toBe('HEALTHY'));
});
afterEach(async () => {
  directory.faults.clear();
  await gateway.stop();
  await relay.close();
  await house.close();
  expect(directory.failures).toEqual([]);
});

function open(link: DirectoryLink, request: Partial<ChangelogBatchRequest> = {}, signal?: AbortSignal) {
  const value = encodeChangelogBatchRequest({ start: { kind: 'beginning' }, maxChanges: 10_000, ...request });
  return link.extendedStream(EXTENDED_OID.getChangelogBatch, value, signal === undefined ? {} : { signal });
}

function namesIn(bytes: Buffer): string[] {
  return [...new EntryBatch(bytes).items()].flatMap((item) =>
    item.kind === 'intermediate' && item.value !== undefined ? [parseChangelogBatchEntry(item.value).dn] : [],
  );
}

async function namesOf(stream: AsyncIterable<Buffer>): Promise<string[]> {
  const names: string[] = [];
  for await (const bytes of stream) names.push(...namesIn(bytes));
  return names;
}

describe('an extended operation with intermediate responses, through the tunnel', () => {
  it('gives what a direct connection gives', async () => {
    using client = makeLdapClient({
      servers: [{ host: directory.host, port: directory.port }],
      security: 'none',
      bind: { dn: directory.bindDn, password: directory.bindPassword },
    });
    const [through, straight] = [open(house.hub.link(gatewayId)), open(client)];
    const names = await namesOf(through);
    expect(names).toHaveLength(people);
    expect(names).toEqual(await namesOf(straight));
    expect(await through.outcome).toEqual(await straight.outcome);
    const bad = { start: { kind: 'csn', csn: 'none' } } as const;
    await expect(namesOf(open(house.hub.link(gatewayId), bad))).rejects.toMatchObject({
      code: 'LDAP_UNWILLING_TO_PERFORM',
    });
  });

  it('stops at the directory when nobody takes the responses', async () => {
    const link = house.hub.link(gatewayId);
    const stream = open(link);
    const names: string[] = [];
    let whenStopped = 0;
    for await (const bytes of stream) {
      if (whenStopped === 0) {
        // Answers come behind the frames that were sent before them, so what may still come has come by then.
        for (let round = 0; round < 5; round += 1) await link.compare(directory.baseDn, 'dc', 'corp');
        whenStopped = relay.bytesUp;
      }
      names.push(...namesIn(bytes));
    }
    expect(names).toHaveLength((await stream.outcome).intermediateCount);
    expect(relay.bytesUp).toBeGreaterThan(people * photo.length);
    expect(whenStopped).toBeLessThan(1_000_000);
  });

  it('is cancelled at the directory while it waits for changes', async () => {
    const fault = directory.faults.inject({ effect: { kind: 'delay', delayMs: 0 }, on: 'extendedRequest' });
    const abort = new AbortController();
    const waiting = { start: { kind: 'end' }, maxWaitMs: 60_000 } as const;
    const reading = namesOf(open(house.hub.link(gatewayId), waiting, abort.signal));
    const failure = expect(reading).rejects.toMatchObject({ code: 'LDAP_ABORTED', outcomeUnknown: false });
    await until(() => expect(fault.strikes).toBe(1));
    const before = directory.connectionCount;
    abort.abort();
    await failure;
    await until(() => expect(directory.connectionCount).toBeLessThan(before));
  });

  it('ends with an error when the line breaks in its middle, never as a short success', async () => {
    const reading = (async () => {
      for await (const bytes of open(house.hub.link(gatewayId))) if (bytes.length > 0) relay.cut();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'GATEWAY_LINK_LOST', outcomeUnknown: false });
  });
});
