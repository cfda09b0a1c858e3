import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SERVERS } from '../house/directory-kind.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

describe.each(ALL_SERVERS)('the scope of a rule on %s', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  test('ends for everybody in an OU that is deleted with them, within one delta', async () => {
    const story = await house.story('OU deleted');
    const { people } = story;
    const doomed = await people.addUnit('Doomed');
    const leaving = Array.from({ length: 50 }, (_, at) => `leaver${at}`);
    await people.addMany(leaving, {}, doomed);
    const staying = ['sara', 'sven', 'soren'];
    await people.addMany(staying);
    const { rule } = await story.rule({
      configuration: { MAX_REMOVALS_PERCENT: 100 },
      actions: { REMOVE_ACTION: 'Delete' },
    });
    expect((await story.users()).size).toBe(53);
    await people.removeTree(doomed);
    const news = await rule.sync('delta');
    expect(news.runs.every((run) => run.type === 'delta')).toBe(true);
    expect(news.changes.map(({ label }) => label).sort()).toEqual(leaving.toSorted());
    expect(new Set(news.changes.map(({ outcome }) => outcome))).toEqual(new Set(['deleted']));
    expect([...(await story.users()).keys()].sort()).toEqual(staying.toSorted());
    expect((await rule.status()).users).toMatchObject({ impacted: 3, success: 3 });
  });

  test('is left by moving out of the base and entered by moving back, as the same user', async () => {
    const story = await house.story('moves');
    const { people } = story;
    const inside = await people.addUnit('Inside');
    const outside = await people.addUnit('Outside');
    const dn = await people.add('mona', {}, inside);
    await people.addMany(['nils', 'nora'], {}, inside);
    const { rule } = await story.rule({ base: inside, configuration: { MAX_REMOVALS_PERCENT: 100 } });
    const { id } = await story.user('mona');
    const moved = await people.move(dn, outside);
    const news = await rule.sync('delta');
    expect(news.outcomesOf('mona')).toEqual(['disabled']);
    expect(news.changes[0]?.reason).toContain('Out of scope');
    expect(await story.user('mona')).toMatchObject({ id, enabled: false });
    await people.move(moved, inside);
    expect((await rule.sync('delta')).outcomesOf('mona')).toEqual(['enabled']);
    expect(await story.user('mona')).toMatchObject({ id, enabled: true });
  });

  test('follows an OU that is renamed with everybody in it', async () => {
    const story = await house.story('OU renamed');
    const { people } = story;
    const old = await people.addUnit('Old name');
    await people.addMany(['olga', 'oscar', 'otto'], {}, old);
    const { rule } = await story.rule();
    const before = await story.users();
    const { unitAttribute } = house.spelling;
    await people.ldif([
      `dn: ${old}\nchangetype: modrdn\nnewrdn: ${unitAttribute}=New name\ndeleteoldrdn: 1\n`,
    ]);
    await rule.sync('delta');
    expect(await story.users()).toEqual(before);
    const renamed = people.dnOf('olga', `${unitAttribute}=New name,${story.root}`);
    await people.replace(renamed, { sn: 'Oliveira' });
    await rule.sync('delta');
    expect(await story.user('olga')).toMatchObject({
      id: before.get('olga')?.id,
      name: { family: 'Oliveira' },
    });
    await rule.sync('full');
    const places = (await rule.objects()).map(({ place }) => place.toLowerCase());
    expect(places.every((place) => place.includes('=new name,'))).toBe(true);
  });

  test('loses an OU that is moved away with everybody in it, and finds it again', async () => {
    const story = await house.story('OU moved');
    const { people } = story;
    const base = await people.addUnit('Base');
    const elsewhere = await people.addUnit('Elsewhere');
    const team = await people.addUnit('Team', base);
    await people.addMany(['paul', 'petra'], {}, team);
    await people.add('quentin', {}, base);
    const { rule } = await story.rule({ base, configuration: { MAX_REMOVALS_PERCENT: 100 } });
    const enabled = async () => [...(await story.users()).values()].filter((user) => user.enabled).length;
    expect(await enabled()).toBe(3);
    const moved = await people.move(team, elsewhere);
    const away = await rule.sync('delta');
    expect(away.changes.map(({ outcome }) => outcome)).toEqual(['disabled', 'disabled']);
    expect(await enabled()).toBe(1);
    await people.move(moved, base);
    const back = await rule.sync('delta');
    expect(back.changes.map(({ outcome }) => outcome)).toEqual(['enabled', 'enabled']);
    expect(await enabled()).toBe(3);
  });

  test('is left and entered again by an attribute of the filter', async () => {
    const story = await house.story('filter');
    const { people } = story;
    const dn = await people.add('rosa', { title: 'Pilot' });
    await people.addMany(['rita', 'rolf'], { title: 'Pilot' });
    await people.add('ralf', { title: 'Cook' });
    const { rule, load } = await story.rule({
      configuration: { USERS_LDAP_FILTER: '(title=pilot)', MAX_REMOVALS_PERCENT: 100 },
    });
    expect(load.counts).toMatchObject({ created: 3 });
    const { id } = await story.user('rosa');
    await people.replace(dn, { title: 'Cook' });
    const left = await rule.sync('delta');
    expect(left.outcomesOf('rosa')).toEqual(['disabled']);
    expect(left.changes[0]?.reason.toLowerCase()).toContain('title=pilot');
    expect(await story.user('rosa')).toMatchObject({ enabled: false });
    await people.replace(dn, { title: 'Pilot' });
    expect((await rule.sync('delta')).outcomesOf('rosa')).toEqual(['enabled']);
    expect(await story.user('rosa')).toMatchObject({ id, enabled: true });
    await people.replace(people.dnOf('ralf'), { title: 'PILOT' });
    expect((await rule.sync('delta')).outcomesOf('ralf')).toEqual(['created']);
  });

  test('compares numbers of a filter as numbers, in searches and for changes', async () => {
    const story = await house.story('numeric filter');
    const { people } = story;
    // An INTEGER by schema in either kind of server, and writable by the administrator.
    const number = house.spelling.isActiveDirectory ? 'countryCode' : 'uidNumber';
    const extra = (value: string) =>
      house.spelling.isActiveDirectory
        ? { [number]: value }
        : {
            objectClass: ['inetOrgPerson', 'posixAccount'],
            gidNumber: '1',
            homeDirectory: '/home/x',
            [number]: value,
          };
    await people.add('ninety', extra('99'));
    await people.add('thousand', extra('1000'));
    await people.add('hundred', extra('100'));
    const { rule } = await story.rule({
      configuration: { USERS_LDAP_FILTER: `(${number}>=100)`, MAX_REMOVALS_PERCENT: 100 },
    });
    expect([...(await story.users()).keys()].sort()).toEqual(['hundred', 'thousand']);
    await people.replace(people.dnOf('ninety'), { [number]: '101' });
    await people.replace(people.dnOf('thousand'), { [number]: '20' });
    const news = await rule.sync('delta');
    expect(news.outcomesOf('ninety')).toEqual(['created']);
    expect(news.outcomesOf('thousand')).toEqual(['disabled']);
  });

  test('is only a part of the base where a relative DN says so', async () => {
    const story = await house.story('relative DN');
    const { people } = story;
    const staff = await people.addUnit('Staff');
    await people.addUnit('Guests');
    await people.add('tessa', {}, staff);
    await people.add('theo', {}, `${house.spelling.unitAttribute}=Guests,${story.root}`);
    const { load } = await story.rule({
      configuration: { USERS_RELATIVE_DN: `${house.spelling.unitAttribute}=Staff` },
    });
    expect(load.counts).toMatchObject({ created: 1 });
    expect([...(await story.users()).keys()]).toEqual(['tessa']);
  });
});
