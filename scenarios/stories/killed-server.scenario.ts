import { isDeepStrictEqual } from 'node:util';
import {
  type InMemoryDirectory,
  startInMemoryDirectory,
  startTcpProxy,
  type TcpProxy,
  waitUntil,
} from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KeptFolder, keepFolder } from '../house/kept-folder.ts';
import { seededRandom } from '../house/seeded-random.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';
import type { SyncedRule } from '../house/synced-rule.ts';

const SEED = Number(process.env.SALLYPORT_SCENARIOS_SEED ?? 20_240_229);
const KILLS = 20;
const PEOPLE = 6_000;
const DELETED = 200;
const MODIFIED = 2_500;
const CREATED = 150;
const KILLS_A_TRIAL = 4;
const MOST_TRIALS = 15;
/** How long after its moment the process dies: commits, answers and removals come after the bytes that caused them. */
const LATEST_AFTER_MS = 60;

interface Outcome {
  readonly counters: object;
  readonly users: readonly object[];
  readonly links: readonly object[];
}

interface Work {
  /** What goes from the gateway to the server on its account. */
  readonly bytes: number;
  readonly outcome: Outcome;
}

// A moment is counted in bytes from the gateway, so that it hits the work and not the waiting, whatever the machine. The
// same data folder is put back for every trial; in one trial the server dies again and again until the work is done.
describe('a server that is killed in the middle of its work', () => {
  let directory: InMemoryDirectory;
  let house: StoryHouse;
  let proxy: TcpProxy;
  let story: Story;
  let rule: SyncedRule;
  const kept: KeptFolder[] = [];
  const random = seededRandom(SEED);

  beforeAll(async () => {
    directory = await startInMemoryDirectory({ people: PEOPLE, parts: 'people' });
    house = await openHouse('in-memory AD', { directory });
    proxy = await startTcpProxy({ port: house.server.port });
    story = await house.story('killed', { gatewayServerUrl: `http://127.0.0.1:${proxy.port}` });
    // The rule reads an empty OU at first, so that everything is set up before the load begins.
    rule = (
      await story.rule({ configuration: { MAX_REMOVALS_PERCENT: 100 }, actions: { REMOVE_ACTION: 'Delete' } })
    ).rule;
    await house.api.rules.replace({
      environmentId: story.environmentId,
      ruleId: rule.ruleId,
      body: {
        name: 'Rule 1',
        active: false,
        configuration: { USERS_BASE_DN: `OU=People,${directory.baseDn}` },
      },
    });
    await story.revision();
  });
  afterAll(async () => {
    for (const copy of kept) copy.remove();
    await house?.close();
    await proxy?.stop();
  });

  async function keep(then: () => void = () => undefined): Promise<KeptFolder> {
    let copy: KeptFolder | undefined;
    await restart('stop', () => {
      copy = keepFolder(house.server.folder);
      then();
    });
    if (copy === undefined) throw new Error('nothing was kept');
    kept.push(copy);
    return copy;
  }

  async function activate(): Promise<void> {
    await house.api.rules.replace({
      environmentId: story.environmentId,
      ruleId: rule.ruleId,
      body: {
        name: 'Rule 1',
        active: true,
        configuration: {
          USERS_BASE_DN: `OU=People,${house.directory.baseDn}`,
          POLL_INTERVAL_SECONDS: 86_400,
          MAX_REMOVALS_PERCENT: 100,
        },
      },
    });
    await story.revision();
  }

  /** Users, links and counters: what has to be the same, whatever happened on the way. */
  async function outcome(): Promise<Outcome> {
    const users = await story.users();
    const nameOf = new Map([...users.values()].map(({ id, username }) => [id, username]));
    const objects = await rule.objects();
    const { users: counters } = await rule.status();
    return {
      counters,
      users: [...users.values()]
        .map(({ username, email, name, enabled }) => ({ username, email, ...name, enabled }))
        .sort((a, b) => (a.username < b.username ? -1 : 1)),
      links: objects
        .map(({ sourceKey, place, status, targetId }) => ({
          sourceKey,
          place,
          status,
          user: targetId === undefined ? undefined : (nameOf.get(targetId) ?? 'a user that is not there'),
        }))
        .sort((a, b) => (a.sourceKey < b.sourceKey ? -1 : 1)),
    };
  }

  /** A fresh instance for every life of the server: the waits between attempts of the old one grow, and are another story. */
  async function restart(how: 'stop' | 'kill', between?: () => void): Promise<void> {
    await house.server.program[how]();
    await Promise.all(story.instances.map((instance) => instance.isRunning() && instance.kill()));
    await house.restartServer(how, between);
    await story.startInstance();
  }

  async function isDone(expected: Outcome): Promise<boolean> {
    const status = await rule.status();
    return status.running === undefined && isDeepStrictEqual(status.users, expected.counters);
  }

  /** One trial: begins, kills at `kills` moments or until all is done; how many runs were cut in the middle. */
  async function trial(
    from: KeptFolder,
    begin: () => Promise<unknown>,
    work: Work,
    kills: number,
  ): Promise<number> {
    await restart('stop', from.putBack);
    const runsBefore = (await rule.runs()).length;
    const nextMoment = () => proxy.afterBytes('up', Math.floor(random() * work.bytes)).then(() => true);
    let moment = nextMoment();
    // The work is under way before its beginning is answered, and may be cut before that.
    const begun = begin().catch(() => undefined);
    for (let kill = 0; kill < kills; kill += 1) {
      const delayMs = random() * LATEST_AFTER_MS;
      const done = waitUntil(() => isDone(work.outcome), 'the work is done', { everyMs: 250 }).then(
        () => false,
      );
      if (!(await Promise.race([moment, done]))) break;
      done.catch(() => undefined);
      await new Promise((passed) => setTimeout(passed, delayMs));
      await house.server.program.kill();
      // From now on: the work goes on as soon as the gateway is back.
      moment = nextMoment();
      await restart('kill');
      // It goes on by itself within seconds; asked, at once.
      await rule.start('delta');
    }
    await begun;
    const { last } = await rule.sync('delta');
    expect(last.status).toBe('completed');
    expect(await outcome()).toEqual(work.outcome);
    const cut = (await rule.runs()).filter((run) => run.status === 'interrupted').length;
    expect((await rule.runs()).length).toBeGreaterThan(runsBefore);
    return cut;
  }

  async function killAtRandomMoments(
    from: KeptFolder,
    begin: () => Promise<unknown>,
    work: Work,
  ): Promise<void> {
    let cut = 0;
    let trials = 0;
    while (cut < KILLS && trials < MOST_TRIALS) {
      cut += await trial(from, begin, work, Math.min(KILLS_A_TRIAL, KILLS - cut));
      trials += 1;
    }
    console.log(`seed ${SEED}: ${cut} runs of ${work.bytes} bytes cut in ${trials} trials`);
    expect(cut).toBeGreaterThanOrEqual(KILLS);
  }

  /** The work done once without disturbance. */
  async function undisturbed(begin: () => Promise<unknown>): Promise<Work> {
    const from = proxy.bytes('up');
    await begin();
    const { last } = await rule.sync('delta');
    expect(last.status).toBe('completed');
    return { bytes: proxy.bytes('up') - from, outcome: await outcome() };
  }

  test(`at ${KILLS} random moments of a first load ends with the same users, links and counters`, async () => {
    const before = await keep();
    const work = await undisturbed(activate);
    expect(work.outcome.users.length).toBeGreaterThan(PEOPLE * 0.9);
    await killAtRandomMoments(before, activate, work);
    const { last } = await rule.sync('full');
    expect(last.counts).toMatchObject({ created: 0, updated: 0, deleted: 0, failed: 0, conflict: 0 });
  });

  test(`at ${KILLS} random moments of a delta ends with the same users, links and counters`, async () => {
    const loaded = await keep(() => changeDirectory(directory));
    const begin = () => rule.start('delta');
    const work = await undisturbed(begin);
    expect((await rule.status()).users.impacted).toBe(PEOPLE - DELETED + CREATED);
    await killAtRandomMoments(loaded, begin, work);
    const { last } = await rule.sync('full');
    expect(last.counts).toMatchObject({ created: 0, updated: 0, deleted: 0, failed: 0, conflict: 0 });
  });
});

/** What happens in the directory between two runs: many changes of every kind, made while the server is down. */
function changeDirectory({ edit, baseDn }: InMemoryDirectory): void {
  const people = edit.find('(&(objectClass=user)(telephoneNumber=*))').map(({ dn }) => dn);
  for (const [at, dn] of people.entries()) {
    if (at < DELETED) edit.remove(dn);
    else if (at < DELETED + MODIFIED) edit.modify(dn, { replace: { sn: `Renamed${at}` } });
  }
  for (let at = 0; at < CREATED; at += 1)
    edit.add(`CN=joiner${at},OU=People,${baseDn}`, {
      objectClass: 'user',
      sAMAccountName: `joiner${at}`,
      sn: 'Joiner',
      userAccountControl: '512',
    });
}
