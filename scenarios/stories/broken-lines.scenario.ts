import { startInMemoryDirectory, startTcpProxy, type TcpProxy, waitUntil } from '@sallyport/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { REAL_SERVERS, startDirectory } from '../house/directory-kind.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';
import type { SyncedRule } from '../house/synced-rule.ts';

const PEOPLE = 1_500;
/** A removal would be done at once, and would show. */
const UNGUARDED = {
  configuration: { MAX_REMOVALS_PERCENT: 100 },
  actions: { REMOVE_ACTION: 'Delete' },
} as const;

let house: StoryHouse | undefined;
let proxy: TcpProxy | undefined;
afterEach(async () => {
  await house?.close();
  await proxy?.stop();
  house = undefined;
  proxy = undefined;
});

function connectedInstances(story: Story): () => Promise<number> {
  return async () => {
    const { environmentId, gateway } = story;
    const answer = await house?.api.gateways.listInstances({ environmentId, gatewayId: gateway.gatewayId });
    return (answer?._embedded.gatewayInstances ?? []).filter(({ connected }) => connected).length;
  };
}

/** Waits until a run has read something but not everything. */
async function inTheMiddle(rule: SyncedRule): Promise<string> {
  return waitUntil(async () => {
    const [run] = await rule.runs();
    return run?.status === 'running' && run.read > 0 && run.read < PEOPLE && run.id;
  }, 'a run is in the middle of reading');
}

/** Whatever the run that was cut has become, it removed nobody, and the next one makes everything right. */
async function comesRight(story: Story, rule: SyncedRule, expectedUsers: number): Promise<void> {
  const [cut] = await rule.runs();
  if (cut !== undefined)
    expect((await rule.waitFor(cut.id)).counts).toMatchObject({ deleted: 0, disabled: 0 });
  const { last } = await rule.sync('full');
  expect(last).toMatchObject({ status: 'completed', counts: { deleted: 0, failed: 0, conflict: 0 } });
  expect((await story.users()).size).toBe(expectedUsers);
  expect((await rule.status()).users).toMatchObject({ success: expectedUsers, failed: 0 });
}

describe('the line between gateway and server', () => {
  test('cut in the middle of a search costs that run at most; nobody is removed and the next run completes', async () => {
    const directory = await startInMemoryDirectory({ people: PEOPLE, parts: 'people' });
    house = await openHouse('in-memory AD', { directory });
    proxy = await startTcpProxy({ port: house.server.port });
    const story = await house.story('cut line', { gatewayServerUrl: `http://127.0.0.1:${proxy.port}` });
    const options = {
      ...UNGUARDED,
      base: `OU=People,${directory.baseDn}`,
      actions: { ...UNGUARDED.actions, REMOVE_ACTION: 'Disable', PROVISION_DISABLED_USERS_PROV_OPT: true },
    };
    const { rule } = await story.rule(options);
    const before = await story.users();
    expect(before.size).toBe(PEOPLE);
    // A quarter of a megabyte into the answer: after some entries, before the rest.
    const cut = proxy.cutAfterBytes('up', 100_000);
    const run = await rule.start('full');
    await cut;
    const ended = await rule.waitFor(run.id);
    expect(['failed', 'completed', 'interrupted']).toContain(ended.status);
    if (ended.status === 'failed') expect(ended.error?.code).toMatch(/^GATEWAY_|^SOURCE_UNAVAILABLE$/);
    expect(ended.counts).toMatchObject({ deleted: 0, disabled: 0, failed: 0 });
    expect(await story.users()).toEqual(before);
    await waitUntil(async () => (await connectedInstances(story)()) === 1, 'the gateway has dialled again');
    await comesRight(story, rule, PEOPLE);
  });

  test('gone with a gateway process that was killed: its own run fails at most, a new process goes on', async () => {
    const directory = await startInMemoryDirectory({ people: PEOPLE, parts: 'people' });
    house = await openHouse('in-memory AD', { directory });
    const story = await house.story('killed gateway');
    const slow = directory.faults.inject({ effect: { kind: 'slow', entryDelayMs: 1 }, on: 'searchRequest' });
    const rule = await story.startRule({
      ...UNGUARDED,
      base: `OU=People,${directory.baseDn}`,
      actions: { REMOVE_ACTION: 'Disable', PROVISION_DISABLED_USERS_PROV_OPT: true },
    });
    await inTheMiddle(rule);
    await story.instances[0]?.kill();
    slow.remove();
    await waitUntil(async () => (await connectedInstances(story)()) === 0, 'the server has noticed');
    const status = await rule.status();
    expect(status.users.failed).toBe(0);
    await story.startInstance();
    await comesRight(story, rule, PEOPLE);
  });

  test('of one of two instances: the run goes on or begins again through the other, and all is right', async () => {
    const directory = await startInMemoryDirectory({ people: PEOPLE, parts: 'people' });
    house = await openHouse('in-memory AD', { directory });
    const story = await house.story('two instances', { instances: 2 });
    expect(await connectedInstances(story)()).toBe(2);
    const slow = directory.faults.inject({ effect: { kind: 'slow', entryDelayMs: 1 }, on: 'searchRequest' });
    const rule = await story.startRule({
      ...UNGUARDED,
      base: `OU=People,${directory.baseDn}`,
      actions: { REMOVE_ACTION: 'Disable', PROVISION_DISABLED_USERS_PROV_OPT: true },
    });
    await inTheMiddle(rule);
    // One after the other, so that the one which reads is hit for certain; each time the other is there.
    await story.instances[0]?.kill();
    await waitUntil(async () => (await connectedInstances(story)()) === 1, 'the server has noticed');
    slow.remove();
    await comesRight(story, rule, PEOPLE);
    await story.startInstance();
    await story.instances[1]?.kill();
    await waitUntil(async () => (await connectedInstances(story)()) === 1, 'the server has noticed again');
    await comesRight(story, rule, PEOPLE);
  });
});

describe.each(REAL_SERVERS)('%s', (kind) => {
  test('restarted in the middle of a load costs that run at most; nobody is removed and all arrive', async () => {
    const directory = await startDirectory(kind);
    // The line to the directory goes through a proxy: it says when the search is half through.
    proxy = await startTcpProxy({ host: directory.host, port: directory.port });
    house = await openHouse(kind, { directory });
    const story = await house.story('restarted', { directoryAddress: `127.0.0.1:${proxy.port}` });
    const logins = Array.from({ length: 400 }, (_, at) => `reader${at}`);
    await story.people.addMany(logins);
    const { rule } = await story.rule({ ...UNGUARDED, base: await story.people.addUnit('Empty') });
    await house.api.rules.replace({
      environmentId: story.environmentId,
      ruleId: rule.ruleId,
      body: {
        name: 'Rule 1',
        active: true,
        configuration: {
          USERS_BASE_DN: story.root,
          MAX_REMOVALS_PERCENT: 100,
          POLL_INTERVAL_SECONDS: 86_400,
        },
      },
    });
    const halfWay = proxy.afterBytes('down', 50_000);
    await story.revision();
    await halfWay;
    await directory.restart();
    await waitUntil(
      async () => {
        await rule.sync('full');
        return (await story.users()).size === logins.length;
      },
      'everybody has arrived',
      { timeoutMs: 60_000 },
    );
    await directory.restart();
    const { last } = await rule.sync('full', { timeoutMs: 90_000 });
    expect(last.counts).toMatchObject({ deleted: 0, disabled: 0, failed: 0 });
    await story.people.remove(story.people.dnOf('reader0'));
    // The restart may cost more than one poll: the server takes connections before it answers.
    await waitUntil(
      async () => {
        await rule.sync('delta');
        return (await story.users()).size === logins.length - 1;
      },
      'the one who was deleted is gone',
      { timeoutMs: 60_000 },
    );
    expect((await rule.status()).users).toMatchObject({ success: logins.length - 1, failed: 0 });
  });
});
