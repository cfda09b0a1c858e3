import { readFileSync } from 'node:fs';
import { type GatewaySettings, readProxy } from '@sallyport/gateway';
import { type InMemoryDirectory, startInMemoryDirectory, testCertificates } from '@sallyport/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ConnectProxy, startConnectProxy } from './test/connect-proxy.ts';
import { configurationOf, gatewayId, type HubHouse, startGateway, startHub } from './test/tunnel-house.ts';
import { until } from './test/until.ts';

const extraCa = readFileSync(testCertificates.caFile, 'utf8');

let directory: InMemoryDirectory;
let house: HubHouse;
let proxy: ConnectProxy;
let url: URL;
const running: { stop(): Promise<unknown> }[] = [];

beforeAll(async () => {
  directory = await startInMemoryDirectory();
  house = await startHub(configurationOf(directory), { tls: true });
  proxy = await startConnectProxy('agent', 'pa ss');
  url = new URL(`wss://127.0.0.1:${house.port}/gateway`);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
});
afterAll(async () => {
  await house.close();
  await proxy.close();
  await directory.stop();
});

function start(settings: Partial<GatewaySettings>): void {
  running.push(startGateway(house.port, { url, ...settings }));
}

function proxyOf(credentials: string, noProxy?: string) {
  return readProxy(new URL(`http://${credentials}@127.0.0.1:${proxy.port}`), noProxy, url);
}

function connected(): Promise<unknown> {
  return until(() =>
    expect(house.hub.instances(gatewayId)[0]).toMatchObject({ connected: true, healthStatus: 'HEALTHY' }),
  );
}

it('trusts a server whose authority stands in the CA file, through a proxy with Basic', async () => {
  start({ extraCa, proxy: proxyOf('agent:pa%20ss') });
  await connected();
  expect(proxy.asked).toEqual([`127.0.0.1:${house.port}`]);
  expect(await house.hub.link(gatewayId).compare(directory.baseDn, 'dc', 'corp')).toBe(true);
});

it('trusts it without a proxy, too, and obeys NO_PROXY', async () => {
  const askedBefore = proxy.asked.length;
  start({ extraCa, proxy: proxyOf('agent:pa%20ss', 'example.com, 127.0.0.1') });
  await connected();
  expect(proxy.asked.length).toBe(askedBefore);
});

it('sends no credential to a server it cannot verify', async () => {
  const shownBefore = house.shown.length;
  start({});
  start({ proxy: proxyOf('agent:pa%20ss') });
  const askedBefore = proxy.asked.length;
  // Two attempts through the proxy: the first one has failed by then.
  await until(() => expect(proxy.asked.length).toBeGreaterThan(askedBefore + 1));
  expect(house.shown.length).toBe(shownBefore);
});

it('does not get past a proxy that wants another password', async () => {
  const askedBefore = proxy.asked.length;
  start({ extraCa, proxy: proxyOf('agent:wrong') });
  await until(() => expect(proxy.refused).toBeGreaterThan(0));
  expect(proxy.asked.length).toBe(askedBefore);
});
