import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SERVERS } from '../house/directory-kind.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

const FIVE = ['ana', 'ben', 'cleo', 'dora', 'emil'];

describe.each(ALL_SERVERS)('the first load from %s', (kind) => {
  let house: StoryHouse;
  let story: Story;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  async function begin(name: string): Promise<void> {
    story = await house.story(name);
    await story.people.addMany(FIVE);
  }

  test('brings everybody with the attributes of the default mappings, and a second one changes nothing', async () => {
    await begin('defaults');
    const { rule, load } = await story.rule();
    expect(load).toMatchObject({ type: 'full', status: 'completed', read: 5, counts: { created: 5 } });
    expect(load.reason).not.toBe('');
    const users = await story.users();
    expect([...users.keys()].sort()).toEqual(FIVE);
    expect(users.get('cleo')).toMatchObject({
      username: 'cleo',
      email: 'cleo@corp.example',
      name: { given: 'Cleo', family: 'Silva' },
      enabled: true,
    });
    const again = await rule.sync('full');
    expect(again.last).toMatchObject({ type: 'full', status: 'completed', read: 5 });
    expect(again.last.counts).toMatchObject({ created: 0, updated: 0, unchanged: 5, deleted: 0 });
    expect(await story.users()).toEqual(users);
  });

  test('counts from the links, and every counter opens the list of its objects', async () => {
    await begin('counters');
    await story.people.disable(story.people.dnOf('emil'));
    const { rule } = await story.rule();
    const status = await rule.status();
    expect(status).toMatchObject({ state: 'ACTIVE', direction: 'INBOUND', breaker: { open: false } });
    expect(status.users).toMatchObject({ impacted: 5, success: 4, unsynced: 1, failed: 0 });
    const [unsynced, ...more] = await rule.objects('UNSYNCED');
    expect(more).toEqual([]);
    expect(unsynced).toMatchObject({ place: story.people.dnOf('emil'), outcome: 'skipped' });
    expect(unsynced?.reason).toContain('disabled at the source');
    expect(await rule.objects('SUCCESS')).toHaveLength(4);
    const ana = await story.user('ana');
    const synced = await house.api.users.listSyncedRules({
      environmentId: story.environmentId,
      userId: ana.id,
    });
    expect(synced._embedded.syncedRules).toMatchObject([
      { rule: { id: rule.ruleId }, type: 'INBOUND', status: 'SUCCESS' },
    ]);
  });

  test('takes over the user that has the name already, without making a second one', async () => {
    await begin('take-over');
    const { id } = await house.api.users.create({
      environmentId: story.environmentId,
      body: { username: 'Dora', name: { family: 'Before' }, title: 'Pilot' },
    });
    const { load } = await story.rule();
    expect(load.counts).toMatchObject({ created: 4, linked: 1 });
    const users = await story.users();
    expect(users.size).toBe(5);
    const dora = [...users.values()].find((user) => user.id === id);
    expect(dora).toMatchObject({ name: { family: 'Silva' }, title: 'Pilot' });
  });

  test('makes disabled people only where the store says so, and makes them disabled', async () => {
    await begin('disabled people');
    await story.people.disable(story.people.dnOf('ben'));
    const { load } = await story.rule({ actions: { PROVISION_DISABLED_USERS_PROV_OPT: true } });
    expect(load.counts).toMatchObject({ created: 5 });
    expect((await story.user('ben')).enabled).toBe(false);
    expect((await story.user('ana')).enabled).toBe(true);
  });

  test('evaluates expressions over any attribute of the schema, mapped or not', async () => {
    await begin('expressions');
    await story.people.replace(story.people.dnOf('ana'), { telephoneNumber: '+351 1', description: 'Pilot' });
    await story.rule({
      mappings: [
        { sourceAttribute: house.spelling.loginAttribute, targetAttribute: 'username' },
        {
          expression: "description != null ? description : 'none'",
          targetAttribute: 'title',
        },
        { sourceAttribute: 'telephoneNumber', targetAttribute: 'primaryPhone' },
      ],
    });
    expect(await story.user('ana')).toMatchObject({ title: 'Pilot', primaryPhone: '+351 1' });
    const ben = await story.user('ben');
    expect(ben).toMatchObject({ title: 'none' });
    // One configured mapping switches the defaults off.
    expect(ben).not.toHaveProperty('email');
  });

  test('reads no person outside its base, and leaves other users alone', async () => {
    await begin('base');
    const inner = await story.people.addUnit('Inner');
    await story.people.addMany(['ina', 'ingo'], {}, inner);
    await house.api.users.create({
      environmentId: story.environmentId,
      body: { username: 'local', email: 'l@corp.example' },
    });
    const before = await story.user('local');
    const { load } = await story.rule({ base: inner });
    expect(load).toMatchObject({ read: 2, counts: { created: 2 } });
    expect([...(await story.users()).keys()].sort()).toEqual(['ina', 'ingo', 'local']);
    expect(await story.user('local')).toEqual(before);
  });
});
