import { waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEach, GROUP_SERVERS } from '../house/directory-kind.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

describeOnEach(GROUP_SERVERS, 'a rule for the members of one group of', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  function usersBecome(story: Story, ...expected: readonly string[]): Promise<boolean> {
    return waitUntil(
      async () => [...(await story.users()).keys()].sort().join() === expected.join(),
      `the users are ${expected.join()}`,
    );
  }

  /** Three people, two of them licensed. The rule does not look at groups: licences are none. */
  async function licensed(name: string, configuration = {}) {
    const story = await house.story(name);
    const { people, teams } = story;
    const [ann, bob, cid] = await people.addMany(['ann', 'bob', 'cid']);
    if (ann === undefined || bob === undefined || cid === undefined) throw new Error('three were added');
    const group = await teams.add('Licensed', [ann, bob]);
    const rule = await story.liveRule({
      configuration: { SOURCE_GROUP_DN: group, MAX_REMOVALS_PERCENT: 100, ...configuration },
      actions: {
        REMOVE_ACTION: 'Delete',
        CREATE_GROUPS: false,
        RENAME_GROUPS: false,
        DELETE_GROUPS: false,
        SYNC_MEMBERSHIPS: false,
      },
    });
    await usersBecome(story, 'ann', 'bob');
    return { story, people, teams, rule, ann, bob, cid, group };
  }

  test('brings in who joins and takes out who leaves, at once', async () => {
    const { story, teams, rule, ann, cid, group } = await licensed('joining');
    await teams.join(group, cid);
    await usersBecome(story, 'ann', 'bob', 'cid');
    await teams.leave(group, ann);
    await usersBecome(story, 'bob', 'cid');
    expect(await rule.leftForAFullRun()).toEqual([]);
    expect(await story.membership()).toEqual({});
  });

  test('takes out a member who is deleted, without a change of the group', async () => {
    const { story, people, rule, ann } = await licensed('deleted member');
    await people.remove(ann);
    await usersBecome(story, 'bob');
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('follows members who change, and lets others be', async () => {
    const { story, people, rule, bob, cid } = await licensed('changing member');
    await people.ldif([
      `dn: ${bob}\nchangetype: modify\nreplace: sn\nsn: Oliveira\n-\n`,
      `dn: ${cid}\nchangetype: modify\nreplace: sn\nsn: Oliveira\n-\n`,
    ]);
    await waitUntil(
      async () => (await story.user('bob')).name?.family === 'Oliveira',
      'the change of a member has arrived',
    );
    await usersBecome(story, 'ann', 'bob');
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('counts those in groups below only where it says so', async () => {
    const { story, teams, rule, cid, group } = await licensed('nested', { NESTED_GROUP_SEARCH: true });
    const below = await teams.add('Below', [cid]);
    await teams.join(group, below);
    await usersBecome(story, 'ann', 'bob', 'cid');
    await teams.leave(below, cid);
    await usersBecome(story, 'ann', 'bob');
    await teams.join(below, cid);
    await usersBecome(story, 'ann', 'bob', 'cid');
    await teams.leave(group, below);
    await usersBecome(story, 'ann', 'bob');
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('does not count them where it does not', async () => {
    const { story, teams, rule, ann, cid, group } = await licensed('not nested');
    const below = await teams.add('Below', [cid]);
    await teams.join(group, below);
    await teams.leave(group, ann);
    await usersBecome(story, 'bob');
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('removes nobody when the group itself is gone, and says what is wrong', async () => {
    const { story, people, rule, group } = await licensed('lost group');
    await people.remove(group);
    const { last } = await rule.sync('delta');
    expect(last).toMatchObject({ status: 'failed', error: { code: 'SOURCE_GROUP_NOT_FOUND' } });
    expect((await story.users()).size).toBe(2);
  });
});
