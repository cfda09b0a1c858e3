import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REAL_SERVERS } from '../house/directory-kind.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

const GOOD = ['gail', 'gene', 'gwen'];

describe.each(REAL_SERVERS)('one bad entry of %s', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  test('fails alone, with a reason of its own, and is dealt with when it is good again', async () => {
    const story = await house.story('bad entries');
    const { people } = story;
    await people.addMany(GOOD, { telephoneNumber: '41' });
    // The expression adds to the number, and this one has none.
    await people.add('unmappable');
    // Mapped to the name of a person, which holds no such characters.
    await people.add('misfit', { telephoneNumber: '41', sn: 'Rocket {}<> Ltd' });
    // The user name comes from an attribute that this one has not.
    await people.add('nameless', { telephoneNumber: '41' });
    await people.clear(people.dnOf('nameless'), 'mail');
    const { rule, load } = await story.rule({
      mappings: [
        { sourceAttribute: 'mail', targetAttribute: 'username' },
        { sourceAttribute: 'sn', targetAttribute: 'name.family' },
        { expression: '1 + telephoneNumber', targetAttribute: 'nickname' },
      ],
    });
    const mails = GOOD.map((login) => `${login}@corp.example`);
    const users = await story.users();
    expect(mails.every((mail) => users.has(mail))).toBe(true);
    expect(load.status).toBe('completed');
    const failed = await rule.objects('FAILED');
    const reasonOf = (login: string) =>
      failed.find(({ place }) => place.toLowerCase() === people.dnOf(login).toLowerCase());
    expect(reasonOf('unmappable')?.reason).toContain('nickname');
    expect(reasonOf('misfit')?.reason).toContain('name.family');
    expect(reasonOf('nameless')?.reason).toContain('username');
    expect(new Set(failed.map(({ reason }) => reason)).size).toBe(failed.length);
    expect(failed.every(({ errorCode }) => errorCode !== undefined)).toBe(true);
    expect(load.counts.failed).toBe(failed.length);
    expect((await rule.status()).users.failed).toBe(failed.length);

    await people.replace(people.dnOf('unmappable'), { telephoneNumber: '41' });
    await people.replace(people.dnOf('misfit'), { sn: 'Rocket' });
    await people.replace(people.dnOf('nameless'), { mail: 'nameless@corp.example' });
    await rule.sync('delta');
    expect(await story.user('unmappable@corp.example')).toMatchObject({ nickname: '141' });
    expect(await story.user('misfit@corp.example')).toMatchObject({ name: { family: 'Rocket' } });
    expect(await story.user('nameless@corp.example')).toMatchObject({ enabled: true });
  });

  test('with a value longer than the user may have fails alone and names attribute and limit', async () => {
    const story = await house.story('over-long');
    const { people } = story;
    await people.addMany(['hana', 'hope']);
    await people.add('huge', { description: 'x'.repeat(300) });
    const { rule, load } = await story.rule({
      mappings: [
        { sourceAttribute: house.spelling.loginAttribute, targetAttribute: 'username' },
        { sourceAttribute: 'description', targetAttribute: 'title' },
      ],
    });
    expect(load.counts).toMatchObject({ created: 2, failed: 1 });
    const [failed] = await rule.objects('FAILED');
    expect(failed?.place.toLowerCase()).toBe(people.dnOf('huge').toLowerCase());
    expect(failed?.reason).toMatch(/title.*256|256.*title/);
    expect((await story.users()).has('huge')).toBe(false);
  });

  test('that wants the user name of another is a conflict naming both, and the other is untouched', async () => {
    const story = await house.story('duplicates');
    const { people } = story;
    await people.add('ivan', { title: 'same' });
    await people.add('inga', { title: 'other' });
    const { rule } = await story.rule({
      mappings: [
        { sourceAttribute: 'title', targetAttribute: 'username' },
        { sourceAttribute: 'sn', targetAttribute: 'name.family' },
      ],
    });
    const before = await story.user('same');
    await people.add('iris', { title: 'SAME', sn: 'Second' });
    const news = await rule.sync('delta');
    expect(news.last.status).toBe('completed');
    const conflicts = await rule.objects('CONFLICT');
    expect(conflicts.map(({ place }) => place.toLowerCase())).toEqual([people.dnOf('iris').toLowerCase()]);
    expect(conflicts[0]?.reason.toLowerCase()).toContain(people.dnOf('ivan').toLowerCase());
    expect(await story.user('same')).toEqual(before);
    expect((await story.users()).size).toBe(2);
    // Nobody has to ask: once the name is free, the one who waits gets it.
    await people.remove(people.dnOf('ivan'));
    await rule.sync('delta');
    await people.replace(people.dnOf('iris'), { title: 'third' });
    await rule.sync('delta');
    expect(await story.user('third')).toMatchObject({ name: { family: 'Second' } });
  });
});
