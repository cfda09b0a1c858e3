import {
  type ChangelogBatchEntry,
  EXTENDED_OID,
  expandCompactAttributes,
  parseChangedAttributes,
  parseChangedModifications,
  parseDeletedAttributes,
} from '@sallyport/ldap';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ana,
  base,
  batch,
  bert,
  closeHouses,
  nothing,
  octetsOf,
  people,
  read,
  search,
  start,
  textOf,
  token,
  told,
} from './test/ping-house.ts';

afterEach(closeHouses);

describe('the changelog of the in-memory PingDirectory', () => {
  it('holds what was changed after the directory was filled, in the forms the product writes', async () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const { directory, client } = await start(
      { maxBeforeAfterValues: 2, keyAttributes: ['uid'] },
      { now: () => now },
    );
    const uuid = directory.edit.get(ana)?.attributes.entryUUID?.[0] ?? '';
    directory.edit.modify(ana, { replace: { title: 'Chief' }, add: { mail: ['a@x', 'b@x', 'c@x'] } });
    const all = await search(client, '(changeNumber>=1)', {
      base: 'cn=changelog',
      scope: 'one',
      attributes: ['*', '+'],
      pageSize: 0,
    });
    expect(all.map((entry) => entry.first('changeNumber'))).toEqual(all.map((_, index) => String(index + 1)));
    const [added] = all.filter((entry) => entry.first('targetDN') === ana);
    const attributes = expandCompactAttributes(
      parseChangedAttributes(Buffer.from(added?.bytes('changes') ?? '')),
    );
    const first = (name: string) => attributes.find(({ type }) => type === name)?.values[0]?.toString();
    expect([first('entryUUID'), first('createTimestamp'), first('uid')]).toEqual([
      uuid,
      '20260102030405.678Z',
      'ana',
    ]);
    expect(first('userPassword')).toMatch(/^\{SSHA256\}/);
    const modified = all.at(-1);
    const changes = Buffer.from(modified?.bytes('changes') ?? '');
    expect(changes.at(-1)).toBe(0);
    expect(parseChangedModifications(changes).map(({ operation, type }) => `${operation} ${type}`)).toEqual([
      'add mail',
      'replace title',
      'replace modifiersName',
      'replace ds-update-time',
    ]);
    expect(modified?.first('targetUniqueID')).toBe(uuid);
    expect(modified?.first('changeTime')).toBe('20260102030405Z');
    expect(modified?.first('localCSN')).toMatch(/^0000019B7C[0-9A-F]{6}3030[0-9A-F]{8}$/);
    expect(modified?.first('ds-changelog-after-values')).toContain('title: Chief\n');
    expect(modified?.first('ds-changelog-after-values')).not.toContain('mail');
    expect(modified?.first('ds-changelog-attr-exceeded-max-values-count')).toBe(
      'attr=mail,beforeCount=0,afterCount=3',
    );
    expect(modified?.first('ds-changelog-entry-key-attr-values')).toBe('uid: ana\n');
    // Keys and times are operational: who does not name them does not get them.
    const [bare] = await search(client, '(changeNumber=1)', { base: 'cn=changelog', attributes: [] });
    expect([bare?.has('changeType'), bare?.has('targetUniqueID'), bare?.has('changeTime')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('does not hold what was loaded, and says so in the root DSE', async () => {
    const { directory, client } = await start({}, { people: 20 });
    const root = await read(client, '', ['+']);
    expect(Number(root?.first('lastChangeNumber'))).toBeLessThan(10);
    expect(root?.first('firstChangeNumber')).toBe('1');
    expect(root?.first('changelog')).toBe('cn=changelog');
    expect(root?.first('vendorName')).toContain('Ping Identity');
    expect(root?.values('supportedExtension')).toContain(EXTENDED_OID.getChangelogBatch);
    directory.edit.trimChangelog();
    const after = await read(client, '', ['firstChangeNumber', 'lastChangeNumber']);
    expect(Number(after?.first('firstChangeNumber'))).toBe(Number(after?.first('lastChangeNumber')) + 1);
  });

  it('is not there for who may not read it: no entries, no numbers, no batches', async () => {
    const { as } = await start();
    const [plain, follower] = [as('plain'), as('follower')];
    const inLog = { base: 'cn=changelog', scope: 'sub' } as const;
    expect(await search(plain, '(objectClass=*)', inLog)).toEqual([]);
    expect((await search(follower, '(objectClass=*)', inLog)).length).toBeGreaterThan(3);
    const [hidden, shown] = [await read(plain, '', ['+']), await read(follower, '', ['+'])];
    expect([hidden?.has('changelog'), hidden?.has('lastChangeNumber')]).toEqual([false, false]);
    expect([shown?.has('changelog'), shown?.has('lastChangeNumber')]).toEqual([true, true]);
    await expect(batch(plain)).rejects.toMatchObject({ code: 'LDAP_INSUFFICIENT_ACCESS_RIGHTS' });
    expect((await batch(follower)).entries.length).toBeGreaterThan(2);
  });

  it('is not there at all where the backend is off', async () => {
    const { client } = await start({ changelog: false });
    expect(await search(client, '(objectClass=*)', { base: 'cn=changelog' })).toEqual([]);
    await expect(batch(client)).rejects.toMatchObject({ code: 'LDAP_UNWILLING_TO_PERFORM' });
    expect((await read(client, '', ['supportedExtension']))?.values('supportedExtension')).not.toContain(
      EXTENDED_OID.getChangelogBatch,
    );
  });

  it('tells a rename of a container once, and every group that follows it', async () => {
    const { directory, client } = await start();
    const group = `cn=All,${base}`;
    directory.edit.add(group, {
      objectClass: ['top', 'groupOfUniqueNames'],
      cn: 'All',
      uniqueMember: [ana, bert],
    });
    const { result } = await batch(client);
    const staff = `ou=Staff,${base}`;
    directory.edit.rename(people, 'ou=Staff');
    const { entries } = await batch(client, token(result));
    expect(told(entries)).toEqual([`modrdn ${people}`, `modify ${group}`, `modify ${group}`]);
    expect(textOf(entries[0] ?? nothing, 'newRDN')).toBe('ou=Staff');
    expect(textOf(entries[0] ?? nothing, 'deleteOldRDN')).toBe('TRUE');
    expect(textOf(entries[1] ?? nothing, 'modifiersName')).toContain('Internal Client');
    const [all] = await search(client, '(cn=All)');
    expect(all?.values('uniqueMember').toSorted()).toEqual([`uid=ana,${staff}`, `uid=bert,${staff}`]);
    expect((await search(client, `(isMemberOf=${group})`)).map(({ dn }) => dn).toSorted()).toEqual(
      all?.values('uniqueMember').toSorted(),
    );
  });

  it('tells a tree delete by its top entry, or by each, as it is set up', async () => {
    for (const treeDeletesLogged of ['top', 'each'] as const) {
      const { directory, client } = await start({ treeDeletesLogged });
      const group = `cn=All,${base}`;
      directory.edit.add(group, {
        objectClass: ['top', 'groupOfNames'],
        cn: 'All',
        member: [ana, `uid=x,${base}`],
      });
      const { result } = await batch(client);
      directory.edit.remove(people, { tree: true });
      const expected = treeDeletesLogged === 'top' ? [] : [`delete ${bert}`, `delete ${ana}`];
      expect(told((await batch(client, token(result))).entries)).toEqual([
        ...expected,
        `delete ${people}`,
        `modify ${group}`,
      ]);
      expect(await search(client, '(objectClass=person)')).toEqual([]);
    }
  });

  it('keeps of a deleted entry what it is configured to keep', async () => {
    const usual = await start();
    const uuid = usual.directory.edit.get(ana)?.attributes.entryUUID?.[0];
    usual.directory.edit.remove(ana);
    const last = (await batch(usual.client)).entries.at(-1) ?? nothing;
    expect(textOf(last, 'targetUniqueID')).toBe(uuid);
    const kept = (entry: ChangelogBatchEntry) =>
      parseDeletedAttributes(Buffer.from(octetsOf(entry, 'deletedEntryAttrs') ?? '')).map(({ type }) => type);
    expect(kept(last)).toEqual(expect.arrayContaining(['objectClass', 'uid', 'cn', 'sn']));
    expect(kept(last)).not.toContain('entryUUID');
    const more = await start({ deletedEntryAttributes: ['uid', 'entryUUID'] });
    const other = more.directory.edit.get(bert)?.attributes.entryUUID?.[0];
    more.directory.edit.remove(bert);
    const entry = (await batch(more.client)).entries.at(-1) ?? nothing;
    expect(kept(entry).toSorted()).toEqual(['entryUUID', 'uid']);
    const attributes = parseDeletedAttributes(Buffer.from(octetsOf(entry, 'deletedEntryAttrs') ?? ''));
    expect(attributes.find(({ type }) => type === 'entryUUID')?.values.map(String)).toEqual([other]);
  });

  it('cannot be written by clients', async () => {
    const { client } = await start();
    await expect(client.delete('changeNumber=1,cn=changelog')).rejects.toMatchObject({
      code: 'LDAP_INSUFFICIENT_ACCESS_RIGHTS',
    });
  });
});
