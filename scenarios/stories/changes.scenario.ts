import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SERVERS } from '../house/directory-kind.ts';
import type { People } from '../house/people.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';
import type { SyncedRule } from '../house/synced-rule.ts';

// One rule for all of them: every test has a person of its own, and deltas deal with whatever came since the last one.
describe.each(ALL_SERVERS)('a change in %s', (kind) => {
  let house: StoryHouse;
  let story: Story;
  let rule: SyncedRule;
  let people: People;

  beforeAll(async () => {
    house = await openHouse(kind);
    story = await house.story('changes');
    ({ people } = story);
    await people.addMany(['xavier', 'yara', 'zoe']);
    ({ rule } = await story.rule({
      configuration: { MAX_REMOVALS_PERCENT: 100 },
      actions: { REMOVE_ACTION: 'Delete' },
      mappings: [
        { sourceAttribute: house.spelling.loginAttribute, targetAttribute: 'username' },
        { sourceAttribute: 'sn', targetAttribute: 'name.family' },
        { sourceAttribute: 'mail', targetAttribute: 'email' },
        { sourceAttribute: 'title', targetAttribute: 'title' },
        { sourceAttribute: 'telephoneNumber', targetAttribute: 'primaryPhone' },
        { sourceAttribute: 'Active', targetAttribute: 'enabled' },
      ],
    }));
  });
  afterAll(() => house?.close());

  /** A person that the rule has brought in. */
  async function settled(login: string, attributes = {}): Promise<string> {
    const dn = await people.add(login, attributes);
    const { outcomesOf } = await rule.sync('delta');
    expect(outcomesOf(login)).toEqual(['created']);
    return dn;
  }

  test('that adds a person makes the user', async () => {
    await people.add('carla', { title: 'Pilot' });
    const news = await rule.sync('delta');
    expect(news.last).toMatchObject({ type: 'delta', status: 'completed' });
    expect(news.outcomesOf('carla')).toEqual(['created']);
    expect(await story.user('carla')).toMatchObject({ title: 'Pilot', email: 'carla@corp.example' });
  });

  test('of an attribute changes that attribute and says before and after', async () => {
    const dn = await settled('arno', { title: 'Pilot', telephoneNumber: '+1 555' });
    const before = await story.user('arno');
    await people.replace(dn, { title: 'Captain' });
    const news = await rule.sync('delta');
    expect(news.changes.filter(({ label }) => label === 'arno')).toMatchObject([
      { outcome: 'updated', changes: [{ attribute: 'title', before: ['Pilot'], after: ['Captain'] }] },
    ]);
    const { updatedAt: _, ...after } = await story.user('arno');
    expect({ ...before, title: 'Captain' }).toMatchObject(after);
  });

  test('that clears an attribute clears it in the user, and nothing else', async () => {
    const dn = await settled('berta', { title: 'Pilot', telephoneNumber: '+1 555' });
    await people.clear(dn, 'title', 'mail');
    await rule.sync('delta');
    const berta = await story.user('berta');
    expect(berta).not.toHaveProperty('title');
    expect(berta).not.toHaveProperty('email');
    expect(berta).toMatchObject({ primaryPhone: '+1 555', name: { family: 'Silva' } });
  });

  test('of an attribute that no mapping names writes nothing', async () => {
    const dn = await settled('dario');
    const before = await story.user('dario');
    await people.replace(dn, { description: 'New on the second floor' });
    const news = await rule.sync('delta');
    expect(news.outcomesOf('dario')).toEqual([]);
    expect(await story.user('dario')).toEqual(before);
  });

  test('of the name of the entry, and then of its place, keeps user and link', async () => {
    const dn = await settled('edith', { title: 'Pilot' });
    const { id } = await story.user('edith');
    const linkOf = async () => (await rule.objects()).find((object) => object.targetId === id);
    const key = (await linkOf())?.sourceKey;
    expect(key).toBeDefined();
    const renamed = await people.rename(dn, 'edith-married');
    await people.replace(renamed, { sn: 'Sousa' });
    const news = await rule.sync('delta');
    const login = house.spelling.isActiveDirectory ? 'edith' : 'edith-married';
    expect(news.changes.map((change) => change.outcome)).not.toContain('created');
    expect(await story.user(login)).toMatchObject({ id, name: { family: 'Sousa' }, title: 'Pilot' });
    const unit = await people.addUnit('Edith office');
    const moved = await people.move(renamed, unit);
    await people.replace(moved, { title: 'Captain' });
    await rule.sync('delta');
    expect(await story.user(login)).toMatchObject({ id, title: 'Captain' });
    expect(await linkOf()).toMatchObject({ sourceKey: key, status: 'SUCCESS' });
    expect((await linkOf())?.place.toLowerCase()).toBe(moved.toLowerCase());
  });

  test('of the login name renames the same user', async () => {
    const dn = await settled('fanny');
    const { id } = await story.user('fanny');
    if (house.spelling.isActiveDirectory) await people.replace(dn, { sAMAccountName: 'fanny2' });
    else await people.rename(dn, 'fanny2');
    await rule.sync('delta');
    expect(await story.user('fanny2')).toMatchObject({ id });
    expect((await story.users()).has('fanny')).toBe(false);
  });

  test('that swaps the login names of two people is settled within the run', async () => {
    const [one, two] = [await settled('gina'), await settled('hugo')];
    const ids = [(await story.user('gina')).id, (await story.user('hugo')).id];
    const { loginAttribute, isActiveDirectory } = house.spelling;
    if (isActiveDirectory) {
      await people.replace(one, { [loginAttribute]: 'between' });
      await people.replace(two, { [loginAttribute]: 'gina' });
      await people.replace(one, { [loginAttribute]: 'hugo' });
    } else {
      const between = await people.rename(one, 'between');
      await people.rename(two, 'gina');
      await people.rename(between, 'hugo');
    }
    await rule.sync('delta');
    await rule.sync('delta');
    expect([(await story.user('hugo')).id, (await story.user('gina')).id]).toEqual(ids);
  });

  test('that disables an account disables the user, and enabling enables the same one', async () => {
    const dn = await settled('iris');
    const { id } = await story.user('iris');
    await people.disable(dn);
    expect((await rule.sync('delta')).outcomesOf('iris')).toEqual(['disabled']);
    expect(await story.user('iris')).toMatchObject({ id, enabled: false });
    await people.enable(dn);
    expect((await rule.sync('delta')).outcomesOf('iris')).toEqual(['enabled']);
    expect(await story.user('iris')).toMatchObject({ id, enabled: true });
  });

  test('that deletes a person removes the user, and no other', async () => {
    const dn = await settled('jonas');
    const others = await story.users();
    await people.remove(dn);
    const news = await rule.sync('delta');
    expect(news.outcomesOf('jonas')).toEqual(['deleted']);
    expect(news.changes.find(({ label }) => label === 'jonas')?.reason).toContain('Deleted at the source');
    const users = await story.users();
    expect([...others.keys()].filter((name) => !users.has(name))).toEqual(['jonas']);
  });

  test('made to a person who was deleted and made again under the same name makes a new user', async () => {
    const dn = await settled('karl');
    const { id } = await story.user('karl');
    await people.remove(dn);
    await people.add('karl');
    await rule.sync('delta');
    await rule.sync('delta');
    expect((await story.user('karl')).id).not.toBe(id);
  });
});
