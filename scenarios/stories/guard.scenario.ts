import { waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SERVERS } from '../house/directory-kind.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';
import type { SyncedRule } from '../house/synced-rule.ts';

const TWENTY = Array.from({ length: 20 }, (_, at) => `person${String(at + 1).padStart(2, '0')}`);
const EIGHT = TWENTY.slice(0, 8);
const NAMES = (list: readonly { readonly label: string }[]) => list.map(({ label }) => label).sort();

describe.each(ALL_SERVERS)('the guard over removals from %s', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  /** Twenty people are in, eight are deleted at the source: more than the fifth that may go unasked. */
  async function eightGone(name: string): Promise<{ story: Story; rule: SyncedRule; heldRunId: string }> {
    const story = await house.story(name);
    const { people } = story;
    await people.addMany(TWENTY);
    const { rule } = await story.rule({ actions: { REMOVE_ACTION: 'Delete' } });
    expect((await story.users()).size).toBe(20);
    // So that no hint wakes the rule in the middle of the eight, while they are still within the limit.
    await story.stopInstances();
    await people.ldif([
      ...EIGHT.map((login) => `dn: ${people.dnOf(login)}\nchangetype: delete\n`),
      `dn: ${people.dnOf('person20')}\nchangetype: modify\nreplace: sn\nsn: Changed\n-\n`,
    ]);
    await story.startInstance();
    await rule.sync('delta');
    const { last } = await rule.sync('full');
    expect(last).toMatchObject({ status: 'held', error: { code: 'REMOVALS_HELD' } });
    return { story, rule, heldRunId: last.id };
  }

  test('holds them all, does everything else, and says so; release removes exactly the list', async () => {
    const { story, rule, heldRunId } = await eightGone('release');
    expect((await story.users()).size).toBe(20);
    expect(await story.user('person20')).toMatchObject({ name: { family: 'Changed' } });
    expect((await rule.status()).state).toBe('HELD');
    expect((await rule.status()).users.held).toBe(8);
    expect(NAMES(await rule.removals(heldRunId))).toEqual(EIGHT);
    expect((await rule.objects('HELD')).length).toBe(8);

    // One more goes while a person looks at the list, and a later run holds it too: the release is of what the person saw.
    await story.people.remove(story.people.dnOf('person09'));
    await rule.sync('delta');
    const newest = await waitUntil(async () => {
      const { heldRemovals } = await rule.status();
      return heldRemovals?.users === 9 && heldRemovals.runs[0]?.id;
    }, 'a later run holds the ninth as well');
    expect(newest).not.toBe(heldRunId);
    expect(NAMES(await rule.removals(newest))).toEqual([...EIGHT, 'person09']);
    expect(NAMES(await rule.removals(heldRunId))).toEqual(EIGHT);
    const answer = await rule.release(heldRunId);
    expect(answer.removals).toBe(8);
    expect([...(await story.users()).keys()].sort()).toEqual(TWENTY.slice(8));
    expect(await rule.status()).toMatchObject({
      state: 'HELD',
      users: { held: 1 },
      heldRemovals: { users: 1, runs: [{ id: newest }] },
    });
    expect(NAMES(await rule.removals(newest))).toEqual(['person09']);
    await expect(rule.release(heldRunId)).rejects.toMatchObject({
      details: [expect.objectContaining({ code: 'HELD_LIST_REPLACED' })],
    });
    // It is within the limit by now: the next full run, which counts anew, lets it go.
    await rule.sync('full');
    expect((await story.users()).has('person09')).toBe(false);
    expect(await rule.status()).toMatchObject({
      state: 'ACTIVE',
      users: { impacted: 11, success: 11, held: 0 },
    });
    await expect(rule.release(heldRunId)).rejects.toMatchObject({
      details: [expect.objectContaining({ code: 'NOTHING_HELD' })],
    });
  });

  test('keeps everybody on the list that a person discards, in later runs too', async () => {
    const { story, rule, heldRunId } = await eightGone('discard');
    expect((await rule.discard(heldRunId)).removals).toBe(8);
    expect((await story.users()).size).toBe(20);
    const { last } = await rule.sync('full');
    expect(last.status).toBe('completed');
    expect((await story.users()).size).toBe(20);
    expect((await rule.status()).users.held).toBe(0);
  });

  test('lets nothing of a released list go that has come back in the meantime', async () => {
    const { story, rule, heldRunId } = await eightGone('back again');
    // Not the same object, but the same name: the held removal is about the old one.
    await story.people.add('person01', { sn: 'Returned' });
    await rule.release(heldRunId);
    await rule.sync('full');
    const users = await story.users();
    expect(EIGHT.slice(1).filter((login) => users.has(login))).toEqual([]);
    expect(users.get('person01')).toMatchObject({ name: { family: 'Returned' }, enabled: true });
  });
});
