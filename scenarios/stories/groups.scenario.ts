import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEach, GROUP_SERVERS } from '../house/directory-kind.ts';
import { modifyDnRecord } from '../house/people.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';
import type { SyncedRule } from '../house/synced-rule.ts';

describeOnEach(GROUP_SERVERS, 'groups of', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  /** A place that the rule reads and one beside it; ann and bob, both in `Sales`, are inside. */
  async function office(name: string) {
    const story = await house.story(name);
    const { people, teams } = story;
    const inside = await people.addUnit('Inside');
    const outside = await people.addUnit('Outside');
    const [ann, bob] = await people.addMany(['ann', 'bob'], {}, inside);
    if (ann === undefined || bob === undefined) throw new Error('two were added');
    const group = await teams.add('Sales', [ann, bob], { under: inside });
    const rule = await story.liveRule({
      base: inside,
      configuration: { MAX_REMOVALS_PERCENT: 100 },
      actions: { REMOVE_ACTION: 'Delete' },
    });
    const { id } = (await story.group('Sales')).body;
    return { story, people, teams, rule, inside, outside, ann, bob, group, id };
  }
  const SALES = { Sales: ['ann', 'bob'] };

  test('are made, renamed, described anew and deleted as the directory has it, always the same group', async () => {
    const { story, people, teams, rule, group, id, inside, ann } = await office('life');
    const pilots = await teams.add('Pilots', [ann], {
      under: inside,
      attributes: { description: 'They fly' },
    });
    await story.membershipBecomes({ ...SALES, Pilots: ['ann'] });
    const made = (await story.group('Pilots')).body;
    expect(made).toMatchObject({ description: 'They fly', sourceType: 'GATEWAY' });
    expect(made.sourceId).toBe(story.gateway.gatewayId);
    await people.replace(pilots, { description: 'They used to fly' });
    const renamed = await teams.rename(group, 'Selling');
    await story.membershipBecomes({ Selling: ['ann', 'bob'], Pilots: ['ann'] });
    expect((await story.group('Selling')).body.id).toBe(id);
    await people.remove(pilots);
    await story.membershipBecomes({ Selling: ['ann', 'bob'] });
    await people.remove(renamed);
    await story.membershipBecomes({});
    expect((await story.users()).size).toBe(2);
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('leave by moving out of the base, come back by moving in, and members with them', async () => {
    const { story, people, rule, group, outside, inside } = await office('moves of groups');
    const away = await people.move(group, outside);
    await story.membershipBecomes({});
    await people.move(away, inside);
    await story.membershipBecomes(SALES);
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('that are deleted and made again under their name have the members of the new one alone', async () => {
    const { story, people, teams, rule, group, id, inside, bob } = await office('again');
    await people.remove(group);
    await teams.add('Sales', [bob], { under: inside });
    await story.membershipBecomes({ Sales: ['bob'] });
    expect((await story.group('Sales')).body.id).not.toBe(id);
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('and people disappear with the OU that is deleted with them, and nobody else', async () => {
    const { story, people, teams, rule, inside, ann } = await office('OU of groups deleted');
    const doomed = await people.addUnit('Doomed', inside);
    const eve = await people.add('eve', {}, doomed);
    await teams.add('Doomed people', [eve, ann], { under: doomed });
    await teams.join(teams.dnOf('Sales', inside), eve);
    await story.membershipBecomes({ Sales: ['ann', 'bob', 'eve'], 'Doomed people': ['ann', 'eve'] });
    await people.removeTree(doomed);
    await story.membershipBecomes(SALES);
    expect([...(await story.users()).keys()].sort()).toEqual(['ann', 'bob']);
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  // 389 as it is delivered has no referential integrity: its groups keep the old names of whoever is moved, and with it the
  // server refuses to move a renamed OU back.
  test.skipIf(kind === '389-ds')(
    'and people stay who they are when their OU is renamed, moved, and moved out and back in',
    async () => {
      const { story, people, teams, rule, inside, outside, ann } = await office('OU of groups moved');
      const team = await people.addUnit('Team', inside);
      const floor = await people.addUnit('Floor', inside);
      const eve = await people.add('eve', {}, team);
      await teams.add('Crew', [eve, ann], { under: team });
      await teams.join(teams.dnOf('Sales', inside), eve);
      const whole = { Sales: ['ann', 'bob', 'eve'], Crew: ['ann', 'eve'] };
      await story.membershipBecomes(whole);
      const ids = async () => [(await story.group('Crew')).body.id, (await story.user('eve')).id];
      const before = await ids();

      const rdn = `${house.spelling.unitAttribute}=Squad`;
      await people.ldif([modifyDnRecord(team, rdn), modifyDnRecord(`${rdn},${inside}`, rdn, floor)]);
      const place = `${rdn},${floor}`;
      await teams.leave(teams.dnOf('Crew', place), ann);
      await story.membershipBecomes({ ...whole, Crew: ['eve'] });
      expect(await ids()).toEqual(before);
      expect(await rule.leftForAFullRun()).toEqual([]);

      const away = await people.move(place, outside);
      await story.membershipBecomes(SALES);
      expect((await story.users()).has('eve')).toBe(false);
      await people.move(away, inside);
      await story.membershipBecomes({ ...whole, Crew: ['eve'] });
      expect(await rule.leftForAFullRun()).toEqual([]);
    },
  );

  test('are only those that filter and place let in, and people keep to a place of their own', async () => {
    const story = await house.story('scope of groups');
    const { people, teams } = story;
    const [staff, lists] = [await people.addUnit('Staff'), await people.addUnit('Lists')];
    const ann = await people.add('ann', {}, staff);
    await people.add('list-owner', {}, lists);
    const open = await teams.add('Open', [ann], { under: lists, attributes: { description: 'managed' } });
    await teams.add('Closed', [ann], { under: lists, attributes: { description: 'own' } });
    await teams.add('Elsewhere', [ann], { under: staff, attributes: { description: 'managed' } });
    const unit = house.spelling.unitAttribute;
    const rule = await story.liveRule({
      configuration: {
        USERS_RELATIVE_DN: `${unit}=Staff`,
        GROUPS_RELATIVE_DN: `${unit}=Lists`,
        GROUPS_LDAP_FILTER: '(description=MANAGED)',
      },
    });
    expect([...(await story.users()).keys()]).toEqual(['ann']);
    expect(await story.membership()).toEqual({ Open: ['ann'] });
    await people.replace(open, { description: 'own' });
    await story.membershipBecomes({});
    await people.replace(teams.dnOf('Closed', lists), { description: 'managed' });
    await story.membershipBecomes({ Closed: ['ann'] });
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('of the identity store that bear the name already are taken over with who is in them', async () => {
    const story = await house.story('matching');
    const { people, teams, environmentId } = story;
    const { id } = await house.api.groups.create({ environmentId, body: { name: 'sales' } });
    const local = await house.api.users.create({ environmentId, body: { username: 'local' } });
    await house.api.memberships.create({ environmentId, userId: local.id, body: { id } });
    await teams.add('Sales', [await people.add('ann')]);
    const rule = await story.liveRule();
    expect(await story.membership()).toEqual({ Sales: ['ann', 'local'] });
    const { body } = await story.group('Sales');
    expect(body.id).toBe(id);
    expect(body.sourceType).toBeUndefined();
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('are followed by two rules of one gateway at a time, as by one after the other', async () => {
    const story = await house.story('two rules');
    const { people, teams } = story;
    const parts = await Promise.all(
      ['north', 'south'].map(async (part) => {
        const base = await people.addUnit(part);
        const logins = Array.from({ length: 8 }, (_, at) => `${part}${at}`);
        const dns = await people.addMany(logins, {}, base);
        const group = await teams.add(`${part} team`, dns.slice(0, 4), { under: base });
        return { part, base, dns, group };
      }),
    );
    const rules: SyncedRule[] = [];
    for (const { base } of parts) rules.push(await story.liveRule({ base }));
    expect((await story.users()).size).toBe(16);
    const names = (part: string, from: number) => [0, 1, 2, 3].map((at) => `${part}${from + at}`);
    expect(await story.membership()).toEqual({
      'north team': names('north', 0),
      'south team': names('south', 0),
    });
    await Promise.all(
      parts.map(({ dns, group }) =>
        people.ldif([
          teams.record.join(group, ...dns.slice(4)),
          teams.record.leave(group, ...dns.slice(0, 4)),
        ]),
      ),
    );
    await story.membershipBecomes({ 'north team': names('north', 4), 'south team': names('south', 4) });
    expect(await Promise.all(rules.map((rule) => rule.leftForAFullRun()))).toEqual([[], []]);
  });
});
