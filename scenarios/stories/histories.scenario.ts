import { startTcpProxy, type TcpProxy, waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEach, GROUP_SERVERS } from '../house/directory-kind.ts';
import {
  type ChangeHistory,
  type HistoryPlaces,
  makeChangeHistory,
} from '../house/history/change-history.ts';
import { readContent } from '../house/history/directory-content.ts';
import {
  actualIdentities,
  differences,
  expectedIdentities,
  HISTORY_FILTERS,
} from '../house/history/identities.ts';
import { seededRandom } from '../house/seeded-random.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';
import type { SyncedRule } from '../house/synced-rule.ts';

/** `SALLYPORT_HISTORY=7` tells one history again, `SALLYPORT_HISTORIES=200` tells more of them. */
const SEEDS =
  process.env.SALLYPORT_HISTORY === undefined
    ? Array.from({ length: Number(process.env.SALLYPORT_HISTORIES ?? 20) }, (_, at) => at + 1)
    : [Number(process.env.SALLYPORT_HISTORY)];
const STEPS = 12;
const REST_TIMEOUT_MS = 30_000;

/** What the rule has been doing, for whoever reads about a history that failed. */
async function lastWords(rule: SyncedRule): Promise<readonly string[]> {
  const { state, detail, breaker, warnings } = await rule.status();
  const runs = (await rule.runs()).slice(0, 6);
  return [
    `rule: ${JSON.stringify({ state, detail, breaker, warnings })}`,
    ...runs.map(
      ({ type, status, reason, startedAt, read, error }) =>
        `run: ${JSON.stringify({ type, status, reason, startedAt, read, error })}`,
    ),
  ];
}

describeOnEach(GROUP_SERVERS, 'whatever happens to', (kind) => {
  let house: StoryHouse;
  let line: TcpProxy;
  let story: Story;
  let rule: SyncedRule;
  let base: string;
  let beside: string;

  beforeAll(async () => {
    house = await openHouse(kind);
    const { host, port } = house.directory;
    line = await startTcpProxy({ host, port });
    story = await house.story('histories', { directoryAddress: `127.0.0.1:${line.port}` });
    base = await story.people.addUnit('Inside');
    beside = await story.people.addUnit('Outside');
    rule = await story.liveRule({
      base,
      // Polling covers what a cut line made the directory tell nobody.
      configuration: {
        ...HISTORY_FILTERS,
        POLL_INTERVAL_SECONDS: 2,
        // Of the hour: more histories than twenty remove more than the default lets go.
        MAX_REMOVALS: 1_000_000,
        MAX_REMOVALS_PERCENT: 100,
        MAX_MEMBER_REMOVALS_PERCENT: 100,
      },
      actions: { REMOVE_ACTION: 'Delete' },
      mappings: [
        { sourceAttribute: house.spelling.loginAttribute, targetAttribute: 'username' },
        { sourceAttribute: 'sn', targetAttribute: 'name.family' },
        { sourceAttribute: 'givenName', targetAttribute: 'name.given' },
        { sourceAttribute: 'mail', targetAttribute: 'email' },
        { sourceAttribute: 'title', targetAttribute: 'title' },
        { sourceAttribute: 'Active', targetAttribute: 'enabled' },
      ],
    });
  });
  afterAll(async () => {
    await house?.close();
    await line?.stop();
  });

  test.each(SEEDS)('the identity store ends up the same, history %i', async (seed) => {
    const random = seededRandom(seed * 1000 + 17);
    const unit = house.spelling.unitAttribute;
    const places: HistoryPlaces = {
      inside: `${unit}=h${seed},${base}`,
      outside: `${unit}=h${seed},${beside}`,
      prefix: `h${seed}-`,
    };
    const history = makeChangeHistory(house, story, places, random);
    const told: string[] = [];
    try {
      await history.begin();
      await tellHistory(seed, history, random, told);
      if (seed % 2 === 0) told.push(...(await history.enableEverybody()));
      await comesToRest(places, told);
    } finally {
      await story.people.removeTree(places.inside);
      await story.people.removeTree(places.outside);
    }
  });

  async function tellHistory(
    seed: number,
    history: ChangeHistory,
    random: () => number,
    told: string[],
  ): Promise<void> {
    const troubles = new Map(troublesOf(seed, random));
    for (let step = 0; step < STEPS; step += 1) {
      const trouble = troubles.get(step);
      if (trouble !== undefined) {
        told.push(`-- ${trouble}`);
        await TROUBLES[trouble]();
      }
      told.push(...(await history.step()));
    }
  }

  const TROUBLES = {
    'line cut': async () => line.cut(),
    'line cut in an answer': async () => void line.cutAfterBytes('down', 300),
    'gateway killed': async () => {
      const [running] = story.instances.filter((instance) => instance.isRunning());
      await running?.kill();
      await story.startInstance();
    },
    'server killed': () => house.restartServer('kill'),
    'directory restarted': () => house.directory.restart(),
  } satisfies Record<string, () => Promise<void>>;
  type Trouble = keyof typeof TROUBLES;

  /** Which step is preceded by which trouble: lines break in every history, programs in some. */
  function troublesOf(seed: number, random: () => number): (readonly [number, Trouble])[] {
    const at = (): number => 1 + Math.floor(random() * (STEPS - 1));
    const list: (readonly [number, Trouble])[] = [
      [at(), 'line cut'],
      [at(), 'line cut in an answer'],
    ];
    if (random() < 0.4) list.push([at(), 'gateway killed']);
    if (random() < 0.4) list.push([at(), 'server killed']);
    if (seed % 10 === 9) list.push([at(), 'directory restarted']);
    return list;
  }

  /** Live changes alone make the two equal; then a full run finds nothing left, and they still are. */
  async function comesToRest(places: HistoryPlaces, told: readonly string[]): Promise<void> {
    const compare = async (): Promise<readonly string[]> => {
      const content = await readContent(house, [places.inside, places.outside]);
      const actual = await actualIdentities(story, places.prefix);
      const present = (login: string): boolean => Object.hasOwn(actual.users, login);
      return differences(expectedIdentities(content, places.inside, present), actual);
    };
    let last: readonly string[] = [];
    const explain = (what: string, lines: readonly string[]): string =>
      [`${what}:`, ...lines, 'after', ...told].join('\n');
    await waitUntil(
      async () => {
        last = await compare();
        return last.length === 0;
      },
      'directory and identity store are the same',
      { timeoutMs: REST_TIMEOUT_MS, everyMs: 200 },
    ).catch(async (error: unknown) =>
      expect.fail(explain(String(error), [...last, ...(await lastWords(rule))])),
    );
    const left = (await rule.leftForAFullRun()).filter((text) => text.includes(places.prefix));
    if (left.length > 0) expect.fail(explain('a full run still had to do', left));
    const after = await compare();
    if (after.length > 0) expect.fail(explain('a full run made a difference', after));
  }
});
