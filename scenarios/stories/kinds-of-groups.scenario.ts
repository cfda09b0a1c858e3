import { waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEach, type Kind } from '../house/directory-kind.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

function stories(kinds: readonly Kind[], subject: string, tell: (house: () => StoryHouse) => void): void {
  describeOnEach(kinds, subject, (kind) => {
    let house: StoryHouse;
    beforeAll(async () => {
      house = await openHouse(kind);
    });
    afterAll(() => house?.close());
    tell(() => house);
  });
}

stories(['in-memory AD', 'Samba AD'], 'groups that only Active Directory has, on', (house) => {
  test('with 1,501 members arrive whole, and follow a change of one', async () => {
    const story = await house().story('many members');
    const { people, teams, environmentId } = story;
    const logins = Array.from({ length: 1501 }, (_, at) => `m${at}`);
    const dns = await people.addMany(logins);
    const group = await teams.add('Everybody', dns);
    await story.liveRule({ configuration: { MAX_REMOVALS_PERCENT: 100 } });
    const { groups } = (await house().api.groups.list({ environmentId }))._embedded;
    expect(groups.map(({ name, directMemberCounts }) => [name, directMemberCounts.users])).toEqual([
      ['Everybody', 1501],
    ]);
    const late = await people.add('late');
    await people.ldif([
      teams.record.join(group, late),
      teams.record.leave(group, dns[0] ?? '', dns[1500] ?? ''),
    ]);
    const count = async () =>
      (await house().api.groups.list({ environmentId }))._embedded.groups[0]?.directMemberCounts.users;
    await waitUntil(async () => (await count()) === 1500, 'one has come and two have gone');
  });

  test('with a member of another domain have it wait, without error', async () => {
    const { directory, kind } = house();
    const story = await house().story('another domain');
    const { people, teams } = story;
    const ann = await people.add('ann');
    const group = await teams.add('Partners', [ann]);
    // Somebody of a trusted domain stands here by number alone. Active Directory makes the entry when the number joins a group.
    const sid = 'S-1-5-21-1111111111-2222222222-3333333333-1105';
    const foreign = `CN=${sid},CN=ForeignSecurityPrincipals,${directory.baseDn}`;
    if (kind === 'Samba AD') await teams.join(group, `<SID=${sid}>`);
    else {
      await people.ldif([
        `dn: ${foreign}\nchangetype: add\nobjectClass: foreignSecurityPrincipal\n`,
        teams.record.join(group, foreign),
      ]);
    }
    const rule = await story.liveRule();
    expect(await story.membership()).toEqual({ Partners: ['ann'] });
    expect((await rule.status()).groups).toMatchObject({ impacted: 1, success: 1, failed: 0 });
    const bob = await people.add('bob');
    await teams.join(group, bob);
    await story.membershipBecomes({ Partners: ['ann', 'bob'] });
    await teams.leave(group, foreign);
    await rule.sync('delta');
    expect(await story.membership()).toEqual({ Partners: ['ann', 'bob'] });
    expect(await rule.leftForAFullRun()).toEqual([]);
    expect([...(await story.users()).keys()].sort()).toEqual(['ann', 'bob']);
  });

  // The last one: a group that is somebody's primary one cannot be cleared away.
  test('to whom people belong by their number alone, the primary ones', async () => {
    const story = await house().story('primary group');
    const { people, teams } = story;
    const [ann, bob] = await people.addMany(['ann', 'bob']);
    const staff = await teams.add('Staff', [ann ?? '', bob ?? '']);
    const [found] = await house().tools.search(staff, '(objectClass=group)', ['primaryGroupToken'], {
      scope: 'base',
    });
    const number = found?.attributes.primarygrouptoken?.[0] ?? '';
    expect(number).toMatch(/^\d+$/);
    await people.replace(ann ?? '', { primaryGroupID: number });
    // From here on no `member` value names ann.
    const rule = await story.liveRule({ configuration: { MAX_REMOVALS_PERCENT: 100 } });
    expect(await story.membership()).toEqual({ Staff: ['ann', 'bob'] });
    await people.replace(bob ?? '', { primaryGroupID: number });
    await rule.sync('delta');
    await story.membershipBecomes({ Staff: ['ann', 'bob'] });
    expect(await rule.leftForAFullRun()).toEqual([]);
  });
});

stories(
  ['OpenLDAP', '389-ds', 'OpenDJ', 'in-memory PingDirectory'],
  'groups by unique member, on',
  (house) => {
    test('are groups like others', async () => {
      const story = await house().story('uniqueMember');
      const { people, teams } = story;
      const [ann, bob] = await people.addMany(['ann', 'bob']);
      const dn = teams.dnOf('Unique');
      await people.ldif([
        `dn: ${dn}\nchangetype: add\nobjectClass: groupOfUniqueNames\ncn: Unique\nuniqueMember: ${ann}\n`,
      ]);
      const rule = await story.liveRule();
      expect(await story.membership()).toEqual({ Unique: ['ann'] });
      await people.ldif([`dn: ${dn}\nchangetype: modify\nadd: uniqueMember\nuniqueMember: ${bob}\n-\n`]);
      await story.membershipBecomes({ Unique: ['ann', 'bob'] });
      await people.ldif([`dn: ${dn}\nchangetype: modify\ndelete: uniqueMember\nuniqueMember: ${ann}\n-\n`]);
      await story.membershipBecomes({ Unique: ['bob'] });
      expect(await rule.leftForAFullRun()).toEqual([]);
    });
  },
);

stories(['OpenLDAP', '389-ds'], 'groups by login name, on', (house) => {
  test('are groups like others, and wait for people who are not there', async () => {
    const story = await house().story('memberUid');
    const { people, teams } = story;
    await people.addMany(['ann', 'bob']);
    const dn = teams.dnOf('posix');
    await people.ldif([
      `dn: ${dn}\nchangetype: add\nobjectClass: top\nobjectClass: posixGroup\ncn: posix\ngidNumber: 7\nmemberUid: ann\nmemberUid: eve\n`,
    ]);
    const rule = await story.liveRule();
    expect(await story.membership()).toEqual({ posix: ['ann'] });
    await people.ldif([`dn: ${dn}\nchangetype: modify\nadd: memberUid\nmemberUid: bob\n-\n`]);
    await story.membershipBecomes({ posix: ['ann', 'bob'] });
    await people.add('eve');
    await story.membershipBecomes({ posix: ['ann', 'bob', 'eve'] });
    await people.ldif([`dn: ${dn}\nchangetype: modify\ndelete: memberUid\nmemberUid: ann\n-\n`]);
    await story.membershipBecomes({ posix: ['bob', 'eve'] });
    expect(await rule.leftForAFullRun()).toEqual([]);
  });
});

stories(['in-memory PingDirectory', 'OpenDJ'], 'dynamic groups, on', (house) => {
  test('hold whoever their search finds, as people change', async () => {
    const story = await house().story('groupOfURLs');
    const { people, teams } = story;
    const ann = await people.add('ann', { title: 'Pilot' });
    await people.add('bob', { title: 'Cook' });
    await people.ldif([
      `dn: ${teams.dnOf('Pilots')}\nchangetype: add\nobjectClass: groupOfURLs\ncn: Pilots\nmemberURL: ldap:///${encodeURI(story.root)}??sub?(title=pilot)\n`,
    ]);
    const rule = await story.liveRule();
    expect(await story.membership()).toEqual({ Pilots: ['ann'] });
    await people.replace(people.dnOf('bob'), { title: 'Pilot' });
    await story.membershipBecomes({ Pilots: ['ann', 'bob'] });
    await people.replace(ann, { title: 'Cook' });
    await story.membershipBecomes({ Pilots: ['bob'] });
    expect(await rule.leftForAFullRun()).toEqual([]);
  });
});
