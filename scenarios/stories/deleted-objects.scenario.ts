import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeReader } from '../house/reader-account.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

const SHOW_DELETED = '!1.2.840.113556.1.4.417';

describe.each(['Samba AD', 'in-memory AD'] as const)('deleted objects of %s', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  test('that an administrator restores come back as the same user', async () => {
    const story = await house.story('restored');
    const { people } = story;
    const dn = await people.add('vera');
    await people.addMany(['viktor', 'viola']);
    const { rule } = await story.rule({ configuration: { MAX_REMOVALS_PERCENT: 100 } });
    const { id } = await story.user('vera');
    await people.remove(dn);
    expect((await rule.sync('delta')).outcomesOf('vera')).toEqual(['disabled']);

    const deletedBase = `CN=Deleted Objects,${house.directory.baseDn}`;
    const [tombstone] = await house.tools.search(deletedBase, '(sAMAccountName=vera)', ['objectGUID'], {
      controls: [SHOW_DELETED],
      scope: 'one',
    });
    expect(tombstone).toBeDefined();
    await house.tools.modify(
      `dn: ${tombstone?.dn}\nchangetype: modify\ndelete: isDeleted\n-\nreplace: distinguishedName\ndistinguishedName: ${dn}\n-\n`,
      { controls: [SHOW_DELETED] },
    );
    // A tombstone has lost most attributes and comes back disabled: the administrator fills them in again.
    await people.replace(dn, { givenName: 'Vera', sn: 'Silva', mail: 'vera@corp.example' });
    await people.enable(dn);
    await rule.sync('delta');
    expect(await story.user('vera')).toMatchObject({ id, enabled: true, name: { family: 'Silva' } });
    expect((await story.users()).size).toBe(3);
  });

  test('that the account may not read are warned of, and a full run finds the deletions', async () => {
    const account = await makeReader(house, 'plain-reader');
    const story = await house.story('unreadable', { account });
    const { people } = story;
    await people.addMany(['willa', 'wim', 'wanda']);
    const { rule } = await story.rule({
      configuration: { MAX_REMOVALS_PERCENT: 100 },
      actions: { REMOVE_ACTION: 'Delete' },
    });
    expect((await story.users()).size).toBe(3);
    const check = await house.api.stores.checkConnection({
      environmentId: story.environmentId,
      body: {
        type: 'LdapGateway',
        configuration: { LDAP_TYPE: house.spelling.vendor, GATEWAY_ID: story.gateway.gatewayId },
        baseDn: story.root,
      },
    });
    const warnings = check.checks.filter(({ status }) => status === 'WARNING').map(({ message }) => message);
    expect(warnings.join('\n')).toContain('Deleted Objects');
    expect((await rule.status()).warnings.join('\n')).toContain('Deleted Objects');

    await people.remove(people.dnOf('willa'));
    const delta = await rule.sync('delta');
    expect(delta.last.status).toBe('completed');
    expect((await story.users()).has('willa')).toBe(true);
    const full = await rule.sync('full');
    expect(full.outcomesOf('willa')).toEqual(['deleted']);
    expect([...(await story.users()).keys()].sort()).toEqual(['wanda', 'wim']);
  });
});
