import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEach, GROUP_SERVERS } from '../house/directory-kind.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';
import type { SyncedRule } from '../house/synced-rule.ts';

describeOnEach(GROUP_SERVERS, 'memberships of', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  /** Three people, two of them in `Sales`, and all of it loaded. */
  async function sales(name: string) {
    const story = await house.story(name);
    const { people, teams } = story;
    const [ann, bob, cid] = await people.addMany(['ann', 'bob', 'cid']);
    if (ann === undefined || bob === undefined || cid === undefined) throw new Error('three were added');
    const group = await teams.add('Sales', [ann, bob]);
    const rule = await story.liveRule({ configuration: { MAX_REMOVALS_PERCENT: 100 } });
    expect(await story.membership()).toEqual({ Sales: ['ann', 'bob'] });
    return { story, people, teams, rule, ann, bob, cid, group };
  }

  test('change at once when nothing but the members change, without polling and without a run by hand', async () => {
    const { story, teams, rule, ann, cid, group } = await sales('push');
    const before = await story.users();
    await teams.join(group, cid);
    await story.membershipBecomes({ Sales: ['ann', 'bob', 'cid'] });
    await teams.leave(group, ann);
    await story.membershipBecomes({ Sales: ['bob', 'cid'] });
    const woken = (await rule.runs()).filter(({ type, status }) => type === 'delta' && status !== 'running');
    expect(woken.map(({ counts }) => counts.failed + counts.conflict)).toEqual(woken.map(() => 0));
    expect(await story.users()).toEqual(before);
    expect((await rule.status()).groups).toMatchObject({ impacted: 1, success: 1, failed: 0 });
  });

  test('are told in the journal by the names of who came and who went', async () => {
    const { teams, people, rule, ann, cid, group } = await sales('journal');
    await people.ldif([teams.record.join(group, cid), teams.record.leave(group, ann)]);
    const news = await rule.sync('delta');
    const lines = news.changes.filter(({ label }) => label === 'Sales');
    expect(lines.flatMap(({ changes }) => changes.flatMap(({ before }) => before))).toEqual(['ann']);
    expect(lines.flatMap(({ changes }) => changes.flatMap(({ after }) => after))).toEqual(['cid']);
    expect(new Set(lines.map(({ objectType, outcome }) => `${objectType} ${outcome}`))).toEqual(
      new Set(['group updated']),
    );
  });

  test('that come and go between two looks leave nothing behind', async () => {
    const { story, people, teams, rule, bob, cid, group } = await sales('to and fro');
    await story.setActive(rule, false);
    await teams.join(group, cid);
    await teams.leave(group, cid);
    await teams.leave(group, bob);
    await teams.join(group, bob);
    const dora = await people.add('dora');
    await teams.join(group, dora);
    await teams.leave(group, dora);
    await teams.join(group, dora);
    await story.setActive(rule, true);
    await story.membershipBecomes({ Sales: ['ann', 'bob', 'dora'] });
    expect(await rule.leftForAFullRun()).toEqual([]);
  });

  test('stay with people who are renamed, moved and given another login name', async () => {
    const { story, people, rule, ann, bob } = await sales('renamed people');
    const { id } = await story.user('ann');
    const renamed = await people.rename(ann, 'ann-married');
    if (house.spelling.isActiveDirectory) await people.replace(renamed, { sAMAccountName: 'ann-married' });
    await story.membershipBecomes({ Sales: ['ann-married', 'bob'] });
    expect(await story.user('ann-married')).toMatchObject({ id });
    const office = await people.addUnit('Office');
    await people.move(renamed, office);
    await people.move(bob, office);
    await story.membershipBecomes({ Sales: ['ann-married', 'bob'] });
    await rule.sync('full');
    expect(await story.membership()).toEqual({ Sales: ['ann-married', 'bob'] });
    expect(await pendingOf(story, rule, 'Sales')).toBe(house.spelling.groupsNeedMember ? 1 : 0);
  });

  test('end with a person who is deleted, and do not come back with a namesake', async () => {
    const { story, people, rule, ann } = await sales('deleted people');
    await people.remove(ann);
    await rule.sync('delta');
    const { username, enabled } = await story.user('ann');
    expect({ username, enabled }).toEqual({ username: 'ann', enabled: false });
    await people.add('ann', { sn: 'Namesake' });
    await rule.sync('delta');
    await rule.sync('full');
    const { Sales } = await story.membership();
    expect(Sales).not.toContain('ann');
    expect(Sales).toContain('bob');
  });

  test('arrive whichever of group and person comes first', async () => {
    const story = await house.story('order');
    const { people, teams } = story;
    const inside = await people.addUnit('Inside');
    const outside = await people.addUnit('Outside');
    const eve = await people.add('eve', {}, outside);
    const fay = await people.add('fay', {}, inside);
    await teams.add('Pilots', [eve, fay], { under: inside });
    const rule = await story.liveRule({ base: inside, configuration: { MAX_REMOVALS_PERCENT: 100 } });
    expect(await story.membership()).toEqual({ Pilots: ['fay'] });
    const [group] = await rule
      .objects('SUCCESS')
      .then((all) => all.filter(({ place }) => /pilots/i.test(place)));
    expect(group).toMatchObject({ objectType: 'group', status: 'SUCCESS' });
    expect(await pendingOf(story, rule, 'Pilots')).toBe(house.spelling.groupsNeedMember ? 2 : 1);
    // The directory itself gives the group the new name of its member, most of them without a word about the group.
    await people.move(eve, inside);
    await rule.sync('delta');
    await rule.sync('delta');
    await story.membershipBecomes({ Pilots: ['eve', 'fay'] });
    expect(await rule.leftForAFullRun()).toEqual([]);
    expect(await pendingOf(story, rule, 'Pilots')).toBe(house.spelling.groupsNeedMember ? 1 : 0);
  });

  test('wait without error for a member that no rule can bring in', async () => {
    const { story, people, teams, rule, group } = await sales('strangers');
    const outside = await people.addUnit('Elsewhere', house.directory.baseDn);
    try {
      const gil = await people.add('gil', {}, outside);
      await teams.join(group, gil);
      const news = await rule.sync('delta');
      expect(news.last).toMatchObject({ status: 'completed' });
      expect(await story.membership()).toEqual({ Sales: ['ann', 'bob'] });
      expect((await rule.status()).groups).toMatchObject({ impacted: 1, success: 1, failed: 0 });
      expect(await pendingOf(story, rule, 'Sales')).toBe(house.spelling.groupsNeedMember ? 2 : 1);
      await people.move(gil, story.root);
      await story.membershipBecomes({ Sales: ['ann', 'bob', 'gil'] });
    } finally {
      await people.removeTree(outside);
    }
  });

  test('of groups in groups stay what they are, in circles too', async () => {
    const { story, teams, rule, cid, group } = await sales('nested');
    const field = await teams.add('Field', [cid]);
    await teams.join(group, field);
    await story.membershipBecomes({ Sales: ['ann', 'bob', 'Field'], Field: ['cid'] });
    await teams.join(field, group);
    await story.membershipBecomes({ Sales: ['ann', 'bob', 'Field'], Field: ['cid', 'Sales'] });
    const { id } = (await story.group('Sales')).body;
    const query = { include: 'totalMemberCounts' };
    const whole = await house.api.groups.read({ environmentId: story.environmentId, groupId: id, query });
    expect(whole.totalMemberCounts).toEqual({ users: 3 });
    const { last } = await rule.sync('full');
    expect(last.counts).toMatchObject({ unchanged: 5, updated: 0, failed: 0 });
    await teams.leave(group, field);
    await story.membershipBecomes({ Sales: ['ann', 'bob'], Field: ['cid', 'Sales'] });
  });

  test('of groups in groups become those of everybody below where the rule flattens them', async () => {
    const story = await house.story('flattened');
    const { people, teams } = story;
    const [ann, bob, cid] = await people.addMany(['ann', 'bob', 'cid']);
    const low = await teams.add('Low', [cid ?? '']);
    const middle = await teams.add('Middle', [bob ?? '', low]);
    await teams.add('High', [ann ?? '', middle]);
    await story.liveRule({ configuration: { NESTED_GROUPS: 'Flattened' } });
    expect(await story.membership()).toEqual({
      High: ['ann', 'bob', 'cid'],
      Middle: ['bob', 'cid'],
      Low: ['cid'],
    });
    const dan = await people.add('dan');
    await teams.join(low, dan);
    const after = { High: ['ann', 'bob', 'cid', 'dan'], Middle: ['bob', 'cid', 'dan'], Low: ['cid', 'dan'] };
    await story.membershipBecomes(after);
    await teams.leave(middle, low);
    await story.membershipBecomes({ ...after, High: ['ann', 'bob'], Middle: ['bob'] });
  });
});

async function pendingOf(story: Story, rule: SyncedRule, name: string): Promise<number> {
  const { id } = (await story.group(name)).body;
  return (await rule.syncedGroup(id)).pendingMembers;
}
