import {
  CONTROL_OID,
  findControl,
  type LdapClient,
  makeFlagControl,
  makeSoftDeleteControl,
  makeSoftDeletedEntryAccessControl,
  parseSoftDeleteResponseControl,
  type SearchRequest,
} from '@sallyport/ldap';
import { afterEach, describe, expect, it } from 'vitest';
import {
  addPerson,
  ana,
  base,
  batch,
  bert,
  closeHouses,
  nothing,
  people,
  read,
  search,
  start,
  textOf,
  token,
  told,
} from './test/ping-house.ts';

afterEach(closeHouses);

describe('soft deletes of the in-memory PingDirectory', () => {
  const controls = (access = { includeOthers: true, undeletedForm: false }) => [
    makeSoftDeletedEntryAccessControl(access),
  ];

  it('hide an entry under another name, out of its groups, until it is asked for by who may', async () => {
    const { directory, client, as } = await start();
    const team = `cn=Team,${base}`;
    directory.edit.add(team, { objectClass: ['top', 'groupOfNames'], cn: 'Team', member: [ana, bert] });
    const uuid = directory.edit.get(ana)?.attributes.entryUUID?.[0] ?? '';
    const { result } = await batch(client);
    const answer = await client.delete(ana, { controls: [makeSoftDeleteControl()] });
    const response = findControl(answer.controls, CONTROL_OID.softDeleteResponse);
    const hidden = response === undefined ? '' : parseSoftDeleteResponseControl(response);
    expect(hidden).toBe(`entryUUID=${uuid}+uid=ana,${people}`);
    const [logged, ofGroup] = (await batch(client, token(result))).entries;
    expect(told([logged ?? nothing, ofGroup ?? nothing])).toEqual([`delete ${ana}`, `modify ${team}`]);
    expect(textOf(logged ?? nothing, 'ds-soft-delete-entry-dn')).toBe(hidden);
    expect((await read(client, team, ['member']))?.values('member')).toEqual([bert]);

    expect(directory.edit.find('(uid=ana)')).toEqual([]);
    expect(directory.edit.find('(uid=ana)', { deleted: true }).map(({ dn }) => dn)).toEqual([hidden]);
    await expect(read(client, ana, ['uid'])).rejects.toMatchObject({ code: 'LDAP_NO_SUCH_OBJECT' });
    const uids = async (who: LdapClient, more: Partial<SearchRequest> = {}, filter = '(uid=ana)') =>
      (await search(who, filter, more)).map(({ dn }) => dn);
    expect(await uids(client)).toEqual([]);
    expect(await uids(client, { controls: controls() })).toEqual([hidden]);
    expect(await uids(client, { base: hidden, scope: 'base' })).toEqual([hidden]);
    expect(await uids(client, {}, '(objectClass=ds-soft-delete-entry)')).toEqual([hidden]);
    expect(await uids(as('plain'), { controls: controls() })).toEqual([]);
    expect(await uids(as('undertaker'), { controls: controls() })).toEqual([hidden]);
    const both = await uids(client, { controls: controls() }, '(objectClass=person)');
    const alone = await uids(
      client,
      { controls: controls({ includeOthers: false, undeletedForm: false }) },
      '(objectClass=person)',
    );
    expect([both.includes(bert), alone]).toEqual([true, [hidden]]);
    const [undeleted] = await search(client, '(uid=ana)', {
      attributes: ['*', '+'],
      controls: controls({ includeOthers: false, undeletedForm: true }),
    });
    expect([undeleted?.dn, undeleted?.has('ds-soft-delete-from-dn')]).toEqual([ana, false]);
    const entry = await read(client, hidden, ['+', 'objectClass']);
    expect(entry?.first('ds-soft-delete-from-dn')).toBe(ana);
    expect(entry?.first('ds-soft-delete-timestamp')).toMatch(/^\d{14}\.\d{3}Z$/);
    expect(entry?.values('objectClass')).toContain('ds-soft-delete-entry');
    const shown =
      entry === undefined ? undefined : findControl(entry.controls(), CONTROL_OID.softDeleteResponse);
    expect(shown === undefined ? '' : parseSoftDeleteResponseControl(shown)).toBe(hidden);
    await expect(client.checkPassword(hidden, 'Secret.42')).rejects.toMatchObject({ class: 'signOn' });
    await expect(client.delete(hidden, { controls: [makeSoftDeleteControl()] })).rejects.toMatchObject({
      code: 'LDAP_UNWILLING_TO_PERFORM',
    });
  });

  it('are undone by an undelete: the same entry under its key, without its groups', async () => {
    const { directory, client } = await start();
    const uuid = directory.edit.get(ana)?.attributes.entryUUID;
    await client.delete(ana, { controls: [makeSoftDeleteControl(false)] });
    const [{ dn: hidden } = { dn: '' }] = await search(client, '(uid=ana)', { controls: controls() });
    // Another Ana may have the name meanwhile.
    addPerson(directory, 'ana', 'Ana Other');
    const undelete = (dn: string) =>
      client.add(dn, [{ type: 'ds-undelete-from-dn', values: [hidden] }], {
        controls: [makeFlagControl('undelete')],
      });
    await expect(undelete(ana)).rejects.toMatchObject({ code: 'LDAP_ENTRY_ALREADY_EXISTS' });
    const { result } = await batch(client);
    const back = `uid=ana2,${people}`;
    await undelete(back);
    const [logged = nothing] = (await batch(client, token(result))).entries;
    expect([told([logged]), textOf(logged, 'ds-undelete-from-dn')]).toEqual([[`add ${back}`], hidden]);
    expect(directory.edit.get(back)?.attributes.entryUUID).toEqual(uuid);
    expect(directory.edit.get(back)?.attributes.objectClass).not.toContain('ds-soft-delete-entry');
    await client.checkPassword(back, 'Secret.42');
    await expect(undelete(`uid=ana3,${people}`)).rejects.toMatchObject({ code: 'LDAP_UNWILLING_TO_PERFORM' });
  });

  it('may be the policy, which a hard delete overrides; what happens to hidden entries is logged only if configured', async () => {
    for (const softDeletedEntryOperations of [[], ['modify', 'delete']] as const) {
      const { client } = await start({ softDeletePolicy: true, softDeletedEntryOperations });
      await client.delete(ana);
      const [{ dn: hidden } = { dn: '' }] = await search(client, '(uid=ana)', { controls: controls() });
      const { result } = await batch(client);
      const change = { operation: 'replace', type: 'title', values: ['Late'] } as const;
      await expect(client.modify(hidden, [change])).rejects.toMatchObject({ code: 'LDAP_NO_SUCH_OBJECT' });
      await client.modify(hidden, [change], { controls: controls() });
      await client.delete(hidden);
      await client.delete(bert, { controls: [makeFlagControl('hardDelete')] });
      const include = { includeSoftDeletedEntryMods: true, includeSoftDeletedEntryDeletes: true };
      const all = (await batch(client, { ...token(result), ...include })).entries;
      const some = (await batch(client, token(result))).entries;
      const isConfigured = softDeletedEntryOperations.length > 0;
      expect(told(all)).toEqual([
        ...(isConfigured ? [`modify ${hidden}`, `delete ${hidden}`] : []),
        `delete ${bert}`,
      ]);
      expect(told(some)).toEqual([`delete ${bert}`]);
      expect(await search(client, '(objectClass=person)', { controls: controls() })).toEqual([]);
    }
  });
});
