import { waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEach } from '../house/directory-kind.ts';
import type { RuleOptions } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

// What is decided without a look at the directory's kind: one of either family tells it.
describeOnEach(['OpenLDAP', 'in-memory AD'], 'what a rule may do with groups of', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  async function loaded(name: string, options: RuleOptions = {}, members = 2) {
    const story = await house.story(name);
    const { people, teams } = story;
    const logins = Array.from({ length: members }, (_, at) => `user${String(at + 1).padStart(2, '0')}`);
    const dns = await people.addMany(logins);
    const group = await teams.add('Sales', dns);
    const { rule, load } = await story.rule(options);
    return { story, people, teams, logins, dns, group, rule, load };
  }

  test('is not making them, if that is switched off, and counts them as unsynced', async () => {
    const { story, rule } = await loaded('no creation', { actions: { CREATE_GROUPS: false } });
    expect(await story.membership()).toEqual({});
    expect((await rule.status()).groups).toMatchObject({ impacted: 1, success: 0, unsynced: 1, failed: 0 });
    expect((await rule.status()).users).toMatchObject({ impacted: 2, success: 2 });
  });

  test('is not renaming them, if that is switched off; all else arrives', async () => {
    const { story, people, teams, rule, group, dns } = await loaded('no renaming', {
      actions: { RENAME_GROUPS: false },
    });
    const renamed = await teams.rename(group, 'Selling');
    await people.replace(renamed, { description: 'Sells' });
    await teams.leave(renamed, dns[0] ?? '');
    await rule.sync('delta');
    expect(await story.membership()).toEqual({ Sales: ['user02'] });
    expect((await story.group('Sales')).body.description).toBe('Sells');
    expect((await rule.status()).groups).toMatchObject({ impacted: 1, partialSynced: 1, failed: 0 });
  });

  test('is not deleting them, if that is switched off', async () => {
    const { story, people, rule, group } = await loaded('no deletion', { actions: { DELETE_GROUPS: false } });
    await people.remove(group);
    await rule.sync('delta');
    expect(Object.keys(await story.membership())).toEqual(['Sales']);
  });

  test('is not touching members, if that is switched off', async () => {
    const { story, teams, rule, group, dns } = await loaded('no members', {
      actions: { SYNC_MEMBERSHIPS: false },
    });
    expect(await story.membership()).toEqual({ Sales: [] });
    await teams.leave(group, dns[0] ?? '');
    await rule.sync('delta');
    expect(await story.membership()).toEqual({ Sales: [] });
    expect((await rule.status()).groups).toMatchObject({ impacted: 1, success: 1 });
  });

  test.each([
    [true, []],
    [false, ['Sales']],
  ])('ends with the rule: groups it made are deleted with it: %s', async (deletes, left) => {
    const { story, rule } = await loaded(`rule deleted ${deletes}`, {
      actions: { DELETE_GROUPS_ON_RULE_DELETION: deletes },
    });
    const { environmentId } = story;
    await house.api.groups.create({ environmentId, body: { name: 'By hand' } });
    await house.api.rules.remove({ environmentId, ruleId: rule.ruleId });
    await story.revision();
    const expected = ['By hand', ...left];
    await waitUntil(
      async () =>
        Object.keys(await story.membership())
          .sort()
          .join() === expected.join(),
      `the groups are ${expected.join()}`,
    );
    for (const { body } of (await story.groups()).values()) expect(body.sourceType).toBeUndefined();
  });

  test('stops at losing many members at once, until a person lets them go', async () => {
    const { story, people, teams, rule, group, dns, logins } = await loaded('members held', {}, 40);
    const fresh = await people.add('fresh');
    await people.ldif([teams.record.leave(group, ...dns.slice(0, 30)), teams.record.join(group, fresh)]);
    const { last } = await rule.sync('full');
    expect(last).toMatchObject({ status: 'held', error: { code: 'REMOVALS_HELD' } });
    expect((await story.membership()).Sales).toEqual(['fresh', ...logins]);
    const status = await rule.status();
    expect(status.state).toBe('HELD');
    expect(status.groups).toMatchObject({ impacted: 1, held: 1 });
    expect(status.users).toMatchObject({ impacted: 41, success: 41, held: 0 });
    expect((await rule.removals(last.id)).length).toBe(30);
    await rule.release(last.id);
    await story.membershipBecomes({ Sales: ['fresh', ...logins.slice(30)] });
    await rule.sync('full');
    expect((await rule.status()).groups).toMatchObject({ impacted: 1, success: 1, held: 0 });
  });

  test('keeps members that a person does not let go', async () => {
    const { story, teams, rule, group, dns, logins } = await loaded('members kept', {}, 40);
    await teams.leave(group, ...dns.slice(0, 30));
    const { last } = await rule.sync('full');
    expect(last.status).toBe('held');
    await rule.discard(last.id);
    expect((await rule.sync('full')).last.status).toBe('completed');
    expect((await story.membership()).Sales).toEqual(logins);
    expect((await rule.status()).groups.held).toBe(0);
  });

  test('is not left to hands: external groups refuse to be edited', async () => {
    const { story } = await loaded('external');
    const { environmentId } = story;
    const groupId = (await story.group('Sales')).body.id;
    const userId = (await story.user('user01')).id;
    const other = await house.api.groups.create({ environmentId, body: { name: 'Other' } });
    const refused = expect.objectContaining({
      details: [expect.objectContaining({ code: 'EXTERNAL_GROUP' })],
    });
    const { groups, memberships } = house.api;
    const body = { name: 'Mine' };
    await expect(groups.replace({ environmentId, groupId, body })).rejects.toEqual(refused);
    await expect(groups.remove({ environmentId, groupId })).rejects.toEqual(refused);
    await expect(memberships.remove({ environmentId, userId, groupId })).rejects.toEqual(refused);
    const into = { environmentId, groupId: other.id, body: { id: groupId } };
    await expect(groups.addNesting(into)).rejects.toEqual(refused);
    await memberships.create({ environmentId, userId, body: { id: other.id } });
    expect(await story.membership()).toEqual({ Sales: ['user01', 'user02'], Other: ['user01'] });
  });

  test('counts a group apart from its people: two groups of people who fail succeed', async () => {
    const story = await house.story('counters');
    const { people, teams } = story;
    // An address that the store refuses.
    const [ann, bob] = await people.addMany(['ann', 'bob'], { mail: 'nowhere' });
    await teams.add('One', [ann ?? '']);
    await teams.add('Two', [bob ?? '']);
    const { rule } = await story.rule();
    const { users, groups } = await rule.status();
    expect(users).toMatchObject({ impacted: 2, success: 0, failed: 2 });
    expect(groups).toMatchObject({ impacted: 2, success: 2, failed: 0 });
  });

  test('counts people who may not be made, and people who may not be updated', async () => {
    const story = await house.story('counters of users');
    const { people } = story;
    const logins = ['a1', 'a2', 'a3', 'a4', 'a5'];
    const [first] = await people.addMany(logins);
    const noCreation = await story.rule({ actions: { CREATE_USERS: false } });
    expect((await noCreation.rule.status()).users).toMatchObject({ impacted: 5, success: 0, unsynced: 5 });
    const second = await house.story('counters of updates');
    const [one] = await second.people.addMany(logins);
    const { rule } = await second.rule({ actions: { UPDATE_USERS: false } });
    expect((await rule.status()).users).toMatchObject({ impacted: 5, success: 5, partialSynced: 0 });
    await second.people.replace(one ?? first ?? '', { sn: 'Changed' });
    await rule.sync('delta');
    expect((await rule.status()).users).toMatchObject({ impacted: 5, success: 5, partialSynced: 1 });
  });
});
