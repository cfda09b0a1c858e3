import { makeFlagControl } from '@sallyport/ldap';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ana,
  base,
  batch,
  bert,
  closeHouses,
  people,
  read,
  search,
  start,
  token,
  told,
} from './test/ping-house.ts';

afterEach(closeHouses);

describe('groups of the in-memory PingDirectory', () => {
  it('are all behind isMemberOf: static, nested, dynamic and virtual; only the named ones behind isDirectMemberOf', async () => {
    const { directory, client } = await start();
    const { edit } = directory;
    const dn = (cn: string) => `cn=${cn},${base}`;
    const group = (cn: string, type: string, values: Record<string, string | string[]>) =>
      edit.add(dn(cn), { objectClass: ['top', type], cn, ...values });
    group('Team', 'groupOfNames', { member: [ana] });
    group('Company', 'groupOfUniqueNames', { uniqueMember: [dn('Team')] });
    group('Empty', 'groupOfEntries', {});
    group('Silvas', 'groupOfURLs', { memberURL: `ldap:///${people}??sub?(sn=Silva)` });
    group('Around', 'groupOfNames', { member: [dn('Silvas')] });
    group('Broken', 'groupOfURLs', {
      memberURL: [
        'http://x',
        'ldap:///%zz??sub?(sn=Silva)',
        `ldap:///${base}??sub?(isMemberOf=${dn('Team')})`,
      ],
    });
    edit.add(dn('Mirror'), {
      objectClass: ['top', 'groupOfNames', 'ds-virtual-static-group'],
      cn: 'Mirror',
      'ds-target-group-dn': dn('Silvas'),
    });
    const groupsOf = async (name: string) => {
      const entry = await read(client, name, ['isMemberOf', 'isDirectMemberOf']);
      return [entry?.values('isMemberOf').toSorted() ?? [], entry?.values('isDirectMemberOf') ?? []];
    };
    const anas = ['Around', 'Company', 'Mirror', 'Silvas', 'Team'].map(dn);
    expect(await groupsOf(ana)).toEqual([anas, [dn('Team')]]);
    expect(await groupsOf(bert)).toEqual([[], []]);
    // Computed: not part of what a search gives unasked, nor of the real attributes.
    expect((await read(client, ana, ['*']))?.has('isMemberOf')).toBe(false);
    const real = [makeFlagControl('realAttributesOnly')];
    expect((await read(client, ana, ['*', 'isMemberOf'], real))?.has('isMemberOf')).toBe(false);
    const namesOf = async (filter: string) =>
      (await search(client, filter)).map((entry) => entry.dn).toSorted();
    expect(await namesOf(`(&(isMemberOf=${dn('Company')})(objectClass=person))`)).toEqual([ana]);
    expect(await namesOf(`(&(isMemberOf=${dn('Mirror').toUpperCase()})(objectClass=person))`)).toEqual([ana]);
    expect(await namesOf(`(&(objectClass=person)(!(isMemberOf=${dn('Silvas')})))`)).toEqual([bert]);
    expect(await namesOf(`(member=${ana})`)).toEqual([dn('Team')]);
    expect((await read(client, dn('Mirror'), ['member']))?.has('member')).toBe(false);
    // A dynamic group changes without being written.
    const { result } = await batch(client);
    edit.modify(bert, { replace: { sn: 'Silva' } });
    expect((await groupsOf(bert))[0]).toEqual(['Around', 'Mirror', 'Silvas'].map(dn));
    expect(told((await batch(client, token(result))).entries)).toEqual([`modify ${bert}`]);
    edit.remove(dn('Silvas'));
    expect((await groupsOf(bert))[0]).toEqual([]);
  });

  it('lose deleted members, and may be left empty', async () => {
    const { directory, client } = await start();
    directory.edit.add(`cn=Team,${base}`, {
      objectClass: ['top', 'groupOfNames'],
      cn: 'Team',
      member: [ana],
    });
    directory.edit.remove(ana);
    expect((await read(client, `cn=Team,${base}`, ['*']))?.has('member')).toBe(false);
  });

  it('keep dangling members where referential integrity is off, and show virtual members where that is on', async () => {
    const { directory, client } = await start({ referentialIntegrity: false, showVirtualMembers: true });
    const [team, mirror] = [`cn=Team,${base}`, `cn=Mirror,${base}`];
    directory.edit.add(team, { objectClass: ['top', 'groupOfNames'], cn: 'Team', member: [ana, bert] });
    directory.edit.add(mirror, {
      objectClass: ['top', 'groupOfNames', 'ds-virtual-static-group'],
      cn: 'Mirror',
      'ds-target-group-dn': team,
    });
    directory.edit.remove(ana);
    expect((await read(client, team, ['member']))?.values('member')).toEqual([ana, bert]);
    expect((await read(client, mirror, ['member']))?.values('member')).toEqual([bert]);
    expect((await search(client, `(member=${bert})`)).map(({ dn }) => dn)).toEqual([team, mirror]);
  });
});
