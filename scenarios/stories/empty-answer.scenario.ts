import { startInMemoryDirectory, startOpenLdap, waitUntil } from '@sallyport/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { ldapTools } from '../house/ldap-tools.ts';
import { makeReader } from '../house/reader-account.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

const TEAM = ['ada', 'bo', 'cy', 'di', 'ed'];
/** The guard must not be what saves them. */
const UNGUARDED = {
  configuration: { MAX_REMOVALS_PERCENT: 100 },
  actions: { REMOVE_ACTION: 'Delete' },
} as const;

/** [MS-ADTS] 3.1.1.3.4.1.3: an answer without its control is no answer, and fails for that alone. */
const DIR_SYNC = '1.2.840.113556.1.4.841';

describe('an answer without entries', () => {
  let house: StoryHouse | undefined;
  afterEach(() => house?.close());

  test.each(['activeDirectory', 'openLdap'] as const)(
    'of a server in the manner of %s that says success removes nobody',
    async (manner) => {
      const directory = await startInMemoryDirectory({ manner });
      house = await openHouse(manner === 'activeDirectory' ? 'in-memory AD' : 'in-memory OpenLDAP', {
        directory,
      });
      const story = await house.story('empty success');
      await story.people.addMany(TEAM);
      const { rule } = await story.rule(UNGUARDED);
      const before = await story.users();
      expect(before.size).toBe(5);
      const fault = directory.faults.inject({
        effect: { kind: 'emptySuccess' },
        on: 'searchRequest',
        when: (request, controls) =>
          request.kind === 'searchRequest' &&
          request.scope !== 'base' &&
          controls.every(({ oid }) => oid !== DIR_SYNC),
      });
      const { last } = await rule.sync('full');
      expect(fault.strikes).toBeGreaterThan(0);
      expect(last).toMatchObject({ status: 'held', read: 0, error: { code: 'EMPTY_READ' } });
      expect(last.error?.message).toContain('0');
      await rule.sync('delta');
      expect(await story.users()).toEqual(before);
      fault.remove();
      const healed = await rule.sync('full');
      expect(healed.last).toMatchObject({ status: 'completed', counts: { unchanged: 5, deleted: 0 } });
      expect((await rule.status()).state).toBe('ACTIVE');
      expect(await story.users()).toEqual(before);
    },
  );

  test('of an account that has lost its right to read the people removes nobody', async () => {
    const directory = await startInMemoryDirectory({
      accounts: [{ name: 'reader', password: 'Passw0rd.2' }],
    });
    house = await openHouse('in-memory AD', { directory });
    const account = directory.accounts.reader;
    if (account === undefined) throw new Error('the directory has no reader');
    const story = await house.story('rights lost', { account });
    await story.people.addMany(TEAM);
    const { rule } = await story.rule(UNGUARDED);
    const before = await story.users();
    expect(before.size).toBe(5);
    directory.edit.grant(account.bindDn, {
      read: false,
      write: false,
      readDeleted: false,
      replicate: false,
    });
    // Rights are looked at when an account signs on.
    await directory.restart();
    const delta = await rule.sync('delta');
    expect(delta.last.counts).toMatchObject({ deleted: 0, disabled: 0 });
    const full = await waitUntil(async () => {
      const { last } = await rule.sync('full');
      // The gateway takes a moment to sign on again.
      return !/^LDAP_(HOST_UNREACHABLE|CONNECTION_LOST)$/.test(last.error?.code ?? '') && last;
    }, 'the directory is reached again');
    expect(full.counts).toMatchObject({ deleted: 0, disabled: 0 });
    expect(['failed', 'held']).toContain(full.status);
    expect(full.error?.code).toMatch(/^(EMPTY_READ|BASE_DN_NOT_FOUND|LDAP_INSUFFICIENT_ACCESS_RIGHTS)$/);
    expect(await story.users()).toEqual(before);
  });

  test('of OpenLDAP, whose administrator has hidden the people from the account, removes nobody', async () => {
    const directory = await startOpenLdap();
    house = await openHouse('OpenLDAP', { directory });
    const account = await makeReader(house, 'reader');
    const story = await house.story('access rule', { account });
    await story.people.addMany(TEAM);
    const { rule } = await story.rule(UNGUARDED);
    const before = await story.users();
    expect(before.size).toBe(5);
    const config = ldapTools(directory, {
      bindDn: 'cn=admin,cn=config',
      bindPassword: directory.bindPassword,
    });
    const [database] = await config.search('cn=config', `(olcSuffix=${directory.baseDn})`, ['dn']);
    // People are hidden; the OU itself can still be read, so that only the emptiness of the answer tells.
    await config.modify(
      `dn: ${database?.dn}\nchangetype: modify\nadd: olcAccess\nolcAccess: {0}to filter=(objectClass=inetOrgPerson) by * none\n-\n`,
    );
    const full = await rule.sync('full');
    expect(full.last).toMatchObject({ status: 'held', read: 0, error: { code: 'EMPTY_READ' } });
    const delta = await rule.sync('delta');
    expect(delta.last.counts.deleted).toBe(0);
    expect(await story.users()).toEqual(before);
    await config.modify(`dn: ${database?.dn}\nchangetype: modify\ndelete: olcAccess\nolcAccess: {0}\n-\n`);
    const healed = await rule.sync('full');
    expect(healed.last).toMatchObject({ status: 'completed', counts: { unchanged: 5 } });
    expect(await story.users()).toEqual(before);
  });
});
