import {
  CONTROL_OID,
  EntryBatch,
  LdapError,
  makeLdapClient,
  present,
  type SearchStream,
} from '@sallyport/ldap';
import { makeManualClock } from '@sallyport/runtime';
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

const everyone = { scope: 'sub', filter: present('objectClass'), attributes: [] } as const;

/** Active Directory's change notification; the base is the domain of the test. */
const notification = {
  ...everyone,
  base: 'DC=corp,DC=example',
  controls: [{ oid: CONTROL_OID.changeNotification, critical: true }],
};

let directory: InMemoryDirectory;
let house: HubHouse;
const gateways: RunningGateway[] = [];
const relays: TcpRelay[] = [];

beforeAll(async () => {
  directory = await startInMemoryDirectory({ people: 3_000 });
});
afterAll(() => directory.stop());

beforeEach(async () => {
  house = await startHub(configurationOf(directory), { settings: { creditBytes: 128 * 1024 } });
});
afterEach(async () => {
  directory.faults.clear();
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
  await Promise.all(relays.splice(0).map((relay) => relay.close()));
  await house.close();
  expect(directory.failures).toEqual([]);
});

/** A gateway behind a line of its own, connected and healthy. */
async function connect(count = 1): Promise<readonly TcpRelay[]> {
  for (let index = 0; index < count; index += 1) {
    const relay = await startTcpRelay(house.port);
    relays.push(relay);
    gateways.push(startGateway(relay.port));
  }
  await healthy(count);
  return relays;
}

function healthy(count: number): Promise<unknown> {
  return until(() => {
    const instances = house.hub.instances(gatewayId).filter((instance) => instance.connected);
    expect(instances.map((instance) => instance.healthStatus)).toEqual(Array(count).fill('HEALTHY'));
  });
}

async function namesOf(search: SearchStream): Promise<string[]> {
  const names: string[] = [];
  for await (const bytes of search) for (const entry of new EntryBatch(bytes).entries()) names.push(entry.dn);
  return names;
}

function direct() {
  const { host, port, bindDn, bindPassword } = directory;
  return makeLdapClient({
    servers: [{ host, port }],
    security: 'none',
    bind: { dn: bindDn, password: bindPassword },
  });
}

describe('a link through the tunnel', () => {
  it('gives what a direct connection gives: entries, outcomes, refusals', async () => {
    await connect();
    const link = house.hub.link(gatewayId);
    using client = direct();
    const search = link.search({ base: directory.baseDn, ...everyone });
    const names = await namesOf(search);
    expect(names.length).toBeGreaterThan(3_000);
    const directSearch = client.search({ base: directory.baseDn, ...everyone });
    expect(names).toEqual(await namesOf(directSearch));
    expect(await search.outcome).toEqual(await directSearch.outcome);
    expect(link.server).toBe(`${directory.host}:${directory.port}`);

    const dn = `CN=Tunnel Test,${directory.baseDn}`;
    const attributes = [
      { type: 'objectClass', values: ['contact'] },
      { type: 'sn', values: ['Größe'] },
      { type: 'thumbnailPhoto', values: [Buffer.from([0, 255, 10])] },
    ];
    await link.add(dn, attributes);
    expect(await link.compare(dn, 'sn', 'Größe')).toBe(true);
    expect(await link.compare(dn, 'sn', 'Other')).toBe(false);
    await link.modify(dn, [{ operation: 'replace', type: 'sn', values: ['New'] }]);
    const moved = `CN=Renamed,${directory.baseDn}`;
    await link.modifyDn(dn, 'CN=Renamed', { deleteOldRdn: true });
    expect(await link.compare(moved, 'sn', 'New')).toBe(true);
    for (const refused of [
      (over: typeof link) => over.add(moved, attributes),
      (over: typeof link) => over.compare('CN=Nobody', 'cn', 'x'),
      (over: typeof link) => over.checkPassword(moved, 'wrong'),
      (over: typeof link) => over.checkPassword(moved, ''),
      (over: typeof link) => namesOf(over.search({ base: 'OU=None,DC=none', ...everyone })),
    ]) {
      const [through, straight] = [await failureOf(refused(link)), await failureOf(refused(client))];
      expect({ ...through }).toEqual({ ...straight });
    }
    await link.delete(moved);
    await link.checkPassword(directory.bindDn, directory.bindPassword);
  });

  it('stops the search at the directory when nobody takes the entries', async () => {
    const [relay] = await connect();
    const link = house.hub.link(gatewayId);
    const search = link.search({ base: directory.baseDn, ...everyone });
    let names: string[] = [];
    let whenStopped = 0;
    for await (const bytes of search) {
      if (whenStopped === 0) {
        // Answers come behind the frames that were sent before them, so what may still come has come by then.
        for (let round = 0; round < 5; round += 1) await link.compare(directory.baseDn, 'dc', 'corp');
        whenStopped = relay?.bytesUp ?? 0;
      }
      names = names.concat([...new EntryBatch(bytes).entries()].map((entry) => entry.dn));
    }
    const total = relay?.bytesUp ?? 0;
    expect(names.length).toBe((await search.outcome).entryCount);
    expect(total).toBeGreaterThan(1_000_000);
    expect(whenStopped).toBeLessThan(128 * 1024 + 256 * 1024);
  });

  it('ends a search with an error when the line breaks in its middle, never as a short success', async () => {
    const [relay] = await connect();
    const search = house.hub.link(gatewayId).search({ base: directory.baseDn, ...everyone });
    const failure = await failureOf(
      (async () => {
        for await (const bytes of search) if (bytes.length > 0) relay?.cut();
      })(),
    );
    expect(failure).toMatchObject({ code: 'GATEWAY_LINK_LOST', retryable: true });
    expect(await failureOf(search.outcome)).toBe(failure);
    await healthy(1);
    expect(
      (await namesOf(house.hub.link(gatewayId).search({ base: directory.baseDn, ...everyone }))).length,
    ).toBeGreaterThan(3_000);
  });

  it('reports a write in flight at a cut as unknown, and one that was never sent as not connected', async () => {
    const [relay] = await connect();
    const fault = directory.faults.inject({
      effect: { kind: 'delay', delayMs: 60_000 },
      on: 'modifyRequest',
    });
    const link = house.hub.link(gatewayId);
    const write = failureOf(
      link.modify(directory.baseDn, [{ operation: 'replace', type: 'description', values: ['x'] }]),
    );
    await until(() => expect(fault.strikes).toBe(1));
    relay?.cut();
    expect(await write).toMatchObject({ code: 'GATEWAY_LINK_LOST', outcomeUnknown: true, retryable: true });
    await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
    await until(() => expect(house.hub.instances(gatewayId)[0]?.connected).toBe(false));
    expect(await failureOf(link.delete('CN=x'))).toMatchObject({
      code: 'GATEWAY_NOT_CONNECTED',
      outcomeUnknown: false,
    });
  });

  it('cancels at the directory what is aborted here', async () => {
    await connect();
    const fault = directory.faults.inject({
      effect: { kind: 'silence' },
      on: 'searchRequest',
      when: isSubtree,
    });
    const abort = new AbortController();
    const search = failureOf(
      namesOf(
        house.hub.link(gatewayId).search({ base: directory.baseDn, ...everyone }, { signal: abort.signal }),
      ),
    );
    await until(() => expect(fault.strikes).toBe(1));
    const before = directory.connectionCount;
    abort.abort();
    expect(await search).toMatchObject({ code: 'LDAP_ABORTED' });
    await until(() => expect(directory.connectionCount).toBeLessThan(before));
  });

  it('keeps a watch open and passes each change on as it comes', async () => {
    await connect();
    const stop = new AbortController();
    const watch = house.hub.link(gatewayId).watch(notification, { signal: stop.signal });
    const changes = watch[Symbol.asyncIterator]();
    const first = changes.next();
    const dn = `CN=Watched,${directory.baseDn}`;
    await until(() => expect(directory.connectionCount).toBeGreaterThan(1));
    // The registration is answered by nothing, so the change is made until it is seen.
    const writer = setInterval(() => {
      directory.edit.add(dn, { objectClass: 'contact', cn: 'Watched' });
      directory.edit.remove(dn);
    }, 50);
    const { value } = await first;
    clearInterval(writer);
    expect([...new EntryBatch(value ?? Buffer.alloc(0)).entries()].map((entry) => entry.dn).join()).toContain(
      'Watched',
    );
    stop.abort();
    await expect(changes.next()).rejects.toBeInstanceOf(LdapError);
  });
});

describe('several instances', () => {
  it('share the work', async () => {
    await connect(2);
    const before = relays.map((relay) => relay.bytesDown);
    const link = house.hub.link(gatewayId);
    await Promise.all(Array.from({ length: 200 }, () => link.compare(directory.baseDn, 'dc', 'corp')));
    const asked = relays.map((relay, index) => relay.bytesDown - (before[index] ?? 0));
    expect(Math.min(...asked)).toBeGreaterThan(5_000);
  });

  it('lose nothing when one of them is stopped in the middle of many writes', async () => {
    await connect(2);
    const link = house.hub.link(gatewayId);
    let done = 0;
    const write = async (): Promise<void> => {
      for (let round = 0; round < 60; round += 1) {
        await link.modify(directory.baseDn, [
          { operation: 'replace', type: 'description', values: [`${done}`] },
        ]);
        done += 1;
        if (done === 200) gateways[0]?.life.drain('SIGTERM received');
      }
    };
    await Promise.all(Array.from({ length: 10 }, write));
    expect(done).toBe(600);
    expect(await gateways[0]?.exit).toBe(0);
  });

  it('stand in for each other while nothing was read yet', async () => {
    await connect(2);
    const fault = directory.faults.inject({
      effect: { kind: 'silence' },
      on: 'searchRequest',
      when: isSubtree,
      times: 1,
    });
    const link = house.hub.link(gatewayId);
    const before = relays.map((relay) => relay.bytesDown);
    const names = namesOf(link.search({ base: directory.baseDn, ...everyone }));
    await until(() => expect(fault.strikes).toBe(1));
    relays.find((relay, index) => relay.bytesDown > (before[index] ?? 0))?.cut();
    expect((await names).length).toBeGreaterThan(3_000);
  });
});

describe('the life of a connection', () => {
  it('is ended by silence on both sides, and the instance comes back by itself', async () => {
    const [relay] = await connect();
    const [before] = house.hub.instances(gatewayId);
    relay?.freeze();
    await until(() => {
      const [now] = house.hub.instances(gatewayId);
      expect(now).toMatchObject({ connected: true, instanceId: before?.instanceId });
      expect(now?.connectedAt).not.toBe(before?.connectedAt);
    });
    await healthy(1);
    expect(await house.hub.link(gatewayId).compare(directory.baseDn, 'dc', 'corp')).toBe(true);
  });

  it('moves to another node when told to, and finishes its search on the old one', async () => {
    const [relay] = await connect();
    const other = await startHub(configurationOf(directory));
    try {
      const search = house.hub.link(gatewayId).search({ base: directory.baseDn, ...everyone });
      const batches = search[Symbol.asyncIterator]();
      const first = await batches.next();
      relay?.leadTo(other.port);
      const drained = house.hub.drain();
      await until(() => expect(other.hub.instances(gatewayId)[0]?.healthStatus).toBe('HEALTHY'));
      expect(await failureOf(house.hub.link(gatewayId).delete('CN=x'))).toMatchObject({
        code: 'GATEWAY_NOT_CONNECTED',
      });
      let count = [...new EntryBatch(first.value ?? Buffer.alloc(0)).entries()].length;
      for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
        count += [...new EntryBatch(next.value).entries()].length;
      }
      expect(count).toBe((await search.outcome).entryCount);
      expect(count).toBeGreaterThan(3_000);
      await drained;
    } finally {
      await other.close();
    }
  });

  it('drains when the gateway is asked to stop: the search ends whole, then the process', async () => {
    await connect();
    const [gateway] = gateways;
    const search = house.hub.link(gatewayId).search({ base: directory.baseDn, ...everyone });
    let count = 0;
    for await (const bytes of search) {
      if (count === 0) gateway?.life.drain('SIGTERM received');
      count += [...new EntryBatch(bytes).entries()].length;
    }
    expect(count).toBe((await search.outcome).entryCount);
    expect(count).toBeGreaterThan(3_000);
    expect(await gateway?.exit).toBe(0);
    expect(house.hub.instances(gatewayId)[0]).toMatchObject({ connected: false });
  });

  it('ends a watch with a retryable error when the gateway leaves, instead of keeping it', async () => {
    await connect();
    const changes = house.hub
      .link(gatewayId)
      .watch(notification, { signal: new AbortController().signal })
      [Symbol.asyncIterator]();
    const first = failureOf(changes.next());
    await until(() => expect(directory.connectionCount).toBeGreaterThan(1));
    gateways[0]?.life.drain('SIGTERM received');
    expect(await first).toMatchObject({ retryable: true });
    expect(await gateways[0]?.exit).toBe(0);
  });

  it('asks again, slowly, after the credential of a working gateway was refused', async () => {
    const clock = makeManualClock();
    gateways.push(startGateway(house.port, { clock }));
    await healthy(1);
    house.credentials.delete('first');
    house.hub.disconnectCredential('first');
    await until(() => expect(clock.sleepers).toBe(1));
    clock.advance(29_000);
    expect(clock.sleepers).toBe(1);
    house.credentials.add('first');
    clock.advance(300_000);
    await healthy(1);
  });

  it('ends the gateway at its start when the credential is refused, with an exit code of its own', async () => {
    expect(await startGateway(house.port, { credentialId: 'revoked' }).exit).toBe(4);
  });

  it('ends at once when the credential is revoked', async () => {
    await connect();
    house.credentials.delete('first');
    house.hub.disconnectCredential('first');
    expect(house.hub.instances(gatewayId)[0]?.connected).toBe(false);
    expect(await failureOf(house.hub.link(gatewayId).delete('CN=x'))).toMatchObject({
      code: 'GATEWAY_NOT_CONNECTED',
    });
  });

  it('takes a new configuration while it works', async () => {
    await connect();
    const search = house.hub.link(gatewayId).search({ base: directory.baseDn, ...everyone });
    const batches = search[Symbol.asyncIterator]();
    await batches.next();
    const good = house.configuration;
    house.configuration = { ...good, bindPassword: 'unheard-of' };
    await house.hub.pushConfiguration(gatewayId);
    await until(() => {
      const [instance] = house.hub.instances(gatewayId);
      expect(instance).toMatchObject({ healthStatus: 'UNHEALTHY' });
      expect(instance?.currentErrors[0]).toMatchObject({ code: 'LDAP_BIND_REFUSED' });
    });
    const report = await house.hub.testConnection(gatewayId);
    expect(report).toMatchObject({ succeeded: false, instances: [{ servers: [{ reached: 'connected' }] }] });
    expect(JSON.stringify(house.reports)).not.toContain('unheard-of');
    house.configuration = good;
    await house.hub.pushConfiguration(gatewayId);
    await healthy(1);
    expect(await house.hub.testConnection(gatewayId)).toMatchObject({
      succeeded: true,
      instances: [
        { servers: [{ reached: 'signedOn', namingContexts: expect.arrayContaining([directory.baseDn]) }] },
      ],
    });
    for (let next = await batches.next(); next.done !== true; next = await batches.next());
    expect((await search.outcome).entryCount).toBeGreaterThan(3_000);
  });

  it('reports what an instance does', async () => {
    await connect();
    await house.hub.link(gatewayId).compare(directory.baseDn, 'dc', 'corp');
    await until(() => {
      const [instance] = house.hub.instances(gatewayId);
      expect(instance).toMatchObject({ version: '1.2.3', connected: true, healthStatus: 'HEALTHY' });
      expect(instance?.rssBytes).toBeGreaterThan(1_000_000);
      expect(instance?.responseTimeMillis).toBeGreaterThan(0);
    });
    expect(house.reports.some((report) => (report.operationsPerSecond ?? 0) > 0)).toBe(true);
  });
});

function isSubtree(request: { readonly kind: string; readonly scope?: string }): boolean {
  return request.scope === 'sub';
}

async function failureOf(work: Promise<unknown>): Promise<LdapError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof LdapError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
