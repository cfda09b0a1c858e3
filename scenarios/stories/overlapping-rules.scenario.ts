import type { UserBody } from '@sallyport/contract';
import { startInMemoryDirectory } from '@sallyport/testkit';
import { afterEach, expect, test } from 'vitest';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

let house: StoryHouse | undefined;
afterEach(() => house?.close());

const STAFF = Array.from({ length: 150 }, (_, at) => `staff${at}`);
const SALES = Array.from({ length: 150 }, (_, at) => `sales${at}`);

async function twoRules(story: Story, atOnce: boolean) {
  const all = await story.startRule({
    mappings: [
      { sourceAttribute: 'sAMAccountName', targetAttribute: 'username' },
      { sourceAttribute: 'sn', targetAttribute: 'name.family' },
    ],
  });
  const first = atOnce ? undefined : await all.sync('full');
  const sales = await story.startRule({
    base: `OU=Sales,${story.root}`,
    mappings: [
      { sourceAttribute: 'sAMAccountName', targetAttribute: 'username' },
      { sourceAttribute: 'title', targetAttribute: 'title' },
    ],
  });
  const [one, two] = await Promise.all([first ?? all.sync('full'), sales.sync('full')]);
  return { all, sales, runs: [...one.runs, ...two.runs], last: [one.last, two.last] };
}

function content(users: ReadonlyMap<string, UserBody>) {
  return [...users.values()]
    .map(({ username, name, title, enabled }) => ({ username, family: name?.family, title, enabled }))
    .sort((a, b) => (a.username < b.username ? -1 : 1));
}

test('two rules on one gateway with overlapping bases run at the same time, with the result of one after the other', async () => {
  const directory = await startInMemoryDirectory();
  house = await openHouse('in-memory AD', { directory });
  const results = [];
  for (const atOnce of [false, true]) {
    const story = await house.story(atOnce ? 'at once' : 'one after the other');
    await story.people.addMany(STAFF, { title: 'Clerk' });
    const unit = await story.people.addUnit('Sales');
    await story.people.addMany(SALES, { title: 'Seller' }, unit);
    // Slow enough that both are reading for a while.
    const slow = atOnce
      ? directory.faults.inject({ effect: { kind: 'slow', entryDelayMs: 3 }, on: 'searchRequest' })
      : undefined;
    const { all, sales, runs, last } = await twoRules(story, atOnce);
    slow?.remove();
    expect(last.map((run) => run.status)).toEqual(['completed', 'completed']);
    if (atOnce) {
      const spans = runs
        .filter((run) => run.endedAt !== undefined)
        .map((run) => ({
          rule: run.rule.id,
          from: Date.parse(run.startedAt),
          to: Date.parse(run.endedAt ?? ''),
        }));
      const overlap = spans.some((one) =>
        spans.some((other) => one.rule !== other.rule && one.from < other.to && other.from < one.to),
      );
      expect(overlap, 'the two rules ran at the same time').toBe(true);
    }
    expect((await all.status()).users).toMatchObject({ impacted: 300, success: 300, failed: 0, conflict: 0 });
    expect((await sales.status()).users).toMatchObject({
      impacted: 150,
      success: 150,
      failed: 0,
      conflict: 0,
    });
    const users = await story.users();
    expect(users.size).toBe(300);
    results.push(content(users));
    const settled = [(await all.sync('full')).last, (await sales.sync('full')).last];
    expect(settled.map((run) => run.counts.unchanged)).toEqual([300, 150]);
  }
  // Logins are the same in both environments, and so is everything else.
  expect(results[1]).toEqual(results[0]);
});
