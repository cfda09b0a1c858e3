import { LdapError, parseDn } from '@sallyport/ldap';
import { expect, it } from 'vitest';
import { at, GROUPS_NEED, keyAt, membersAt, normal, type SourceStage } from './source-stage.ts';

const signal = new AbortController().signal;

/** Groups that name their members in other ways than by `member`, and what schemas differ in. */
export function registerGroupKindCases(stage: SourceStage): void {
  const { isAd } = stage;

  it.skipIf(isAd)('reads unique members, with and without an identifier', async () => {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'));
    const rui = await stage.person(base, stage.name('rui'));
    const name = stage.name('Unique');
    const group = await stage.add(`CN=${name},${base}`, {
      objectClass: 'groupOfUniqueNames',
      cn: name,
      uniqueMember: [ana, `${rui}#'0101'B`],
    });
    const read = await stage.readAll(await stage.reader(base));
    expect(membersAt(read, group)).toEqual(normal(ana, rui));
  });

  it.skipIf(isAd)('finds members by login name, and lets those who are missing arrive', async ({ skip }) => {
    const base = await stage.unit();
    const login = stage.name('Ana');
    const ghost = stage.name('Ghost');
    const ana = await stage.person(base, login);
    const name = stage.name('Unix');
    const group = `CN=${name},${base}`;
    const unix = { cn: name, gidNumber: '4711', memberUid: [login.toLowerCase(), ghost] };
    // Structural by RFC 2307, auxiliary by its successor.
    await stage
      .add(group, { objectClass: 'posixGroup', ...unix })
      .catch(() =>
        orSkip(skip, () => stage.add(group, { objectClass: ['groupOfNames', 'posixGroup'], ...unix })),
      );
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    expect(membersAt(before, group)).toEqual([...normal(ana), `uid:${ghost.toLowerCase()}`].sort());
    const late = await stage.person(base, ghost);
    const after = await stage.follow(source, before);
    expect(at(after, late)?.references).toContain(`uid:${ghost.toLowerCase()}`);
    expect(membersAt(await stage.readAll(source), group)).toEqual(normal(ana, late));
  });

  it.skipIf(isAd)('follows people whose login changed, by which groups name them', async ({ skip }) => {
    const base = await stage.unit();
    const [oldLogin, newLogin] = [stage.name('old'), stage.name('new')];
    // Named by something else, so that the DN stays.
    const ana = `cn=${stage.name('ana')},${base}`;
    await stage.add(ana, {
      objectClass: 'inetOrgPerson',
      cn: parseDn(ana).rdn?.toString().slice(3) ?? '',
      sn: 'Silva',
      uid: oldLogin,
    });
    const unix = (name: string, login: string) => {
      const values = { cn: name, gidNumber: '4711', memberUid: login };
      const dn = `CN=${name},${base}`;
      return stage
        .add(dn, { objectClass: 'posixGroup', ...values })
        .catch(() =>
          orSkip(skip, () => stage.add(dn, { objectClass: ['groupOfNames', 'posixGroup'], ...values })),
        );
    };
    const left = await unix(stage.name('Left'), oldLogin);
    const joined = await unix(stage.name('Joined'), newLogin);
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    expect(membersAt(before, left)).toEqual(normal(ana));
    await stage.replace(ana, 'uid', newLogin);
    const after = await stage.follow(source, before);
    expect(membersAt(after, left)).toEqual([`uid:${oldLogin}`]);
    expect(membersAt(after, joined)).toEqual(normal(ana));
    await stage.replace(ana, 'uid', oldLogin);
    const back = await stage.follow(source, after);
    expect(membersAt(back, left)).toEqual(normal(ana));
    expect(membersAt(back, joined)).toEqual([`uid:${newLogin}`]);
  });

  it.skipIf(isAd)('finds the members of dynamic groups, and follows the people', async ({ skip }) => {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'), { title: 'Manager' });
    const rui = await stage.person(base, stage.name('rui'), { title: 'Clerk' });
    const name = stage.name('Managers');
    const group = `CN=${name},${base}`;
    const memberURL = `ldap:///${encodeURIComponent(base)}??sub?(title=Manager)`;
    await orSkip(skip, () => stage.add(group, { objectClass: 'groupOfURLs', cn: name, memberURL }));
    const badName = stage.name('Bad');
    const bad = `CN=${badName},${base}`;
    const badURL = `ldap:///${base}??below?(title=Manager)`;
    // Some servers look at the URL themselves.
    const isAccepted = await stage
      .add(bad, { objectClass: 'groupOfURLs', cn: badName, memberURL: badURL })
      .then(() => true)
      .catch(() => false);
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    expect(membersAt(before, group)).toEqual(normal(ana));
    if (isAccepted) expect(at(before, bad)?.fault).toBe('GROUP_MEMBERS_UNREADABLE');

    await stage.replace(ana, 'title', 'Clerk');
    await stage.replace(rui, 'title', 'Manager');
    const after = await stage.follow(source, before);
    expect(membersAt(after, group)).toEqual(normal(rui));
  });

  it.skipIf(isAd)('shows the members of the group that a virtual one is made of', async ({ skip }) => {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'));
    const rui = await stage.person(base, stage.name('rui'));
    const target = await stage.group(base, stage.name('Target'), [ana]);
    const name = stage.name('Virtual');
    const virtual = `CN=${name},${base}`;
    await orSkip(skip, () =>
      stage.add(virtual, {
        objectClass: ['groupOfNames', 'ds-virtual-static-group'],
        cn: name,
        'ds-target-group-dn': target,
      }),
    );
    const foreign = await stage.group(await stage.unit(), stage.name('Foreign'), [rui]);
    const otherName = stage.name('Other');
    const other = await stage.add(`CN=${otherName},${base}`, {
      objectClass: ['groupOfNames', 'ds-virtual-static-group'],
      cn: otherName,
      'ds-target-group-dn': foreign,
    });
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    expect(membersAt(before, virtual)).toEqual(normal(ana));
    expect(membersAt(before, other)).toEqual(normal(rui));
    await stage.join(target, rui);
    const after = await stage.follow(source, before);
    expect(membersAt(after, target)).toEqual(normal(ana, rui));
    expect(membersAt(after, virtual)).toEqual(normal(ana, rui));
    // Outside the scope of the rule.
    await stage.join(foreign, ana);
    expect(membersAt(await stage.follow(source, after), other)).toEqual(normal(ana, rui));
  });

  it.skipIf(isAd)('reports what is a person and a group at once', async ({ skip }) => {
    const base = await stage.unit();
    const both = `uid=${stage.name('both')},${base}`;
    await stage.person(base, stage.name('plain'));
    await orSkip(skip, () =>
      stage.add(both, {
        objectClass: ['inetOrgPerson', 'posixGroup'],
        uid: parseDn(both).rdn?.toString().slice(4) ?? '',
        cn: 'Both',
        sn: 'Both',
        gidNumber: '4712',
      }),
    );
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    expect(at(before, both)).toMatchObject({ objectType: 'user', fault: 'OBJECT_IS_USER_AND_GROUP' });
    expect(before.objects.size).toBe(2);
    // Asked for as either it is there: a group that became a person too is not removed.
    for (const type of ['user', 'group'] as const) {
      const [answer] = await source.readByKeys(type, [keyAt(before, both)], GROUPS_NEED, signal);
      expect(answer?.found === 'inScope' ? answer.object.fault?.code : answer?.found).toBe(
        'OBJECT_IS_USER_AND_GROUP',
      );
    }
    await stage.replace(both, 'sn', 'Neither');
    const after = await stage.follow(source, before);
    expect(at(after, both)).toMatchObject({ objectType: 'user', fault: 'OBJECT_IS_USER_AND_GROUP' });
  });

  it('compares numbers in filters as numbers, in searches and in changes', async ({ skip }) => {
    const base = await stage.unit();
    const attribute = isAd ? 'countryCode' : 'uidNumber';
    const numbered = (value: string) => ({
      [attribute]: value,
      ...(isAd
        ? {}
        : {
            objectClass: ['inetOrgPerson', 'posixAccount'],
            gidNumber: '1',
            homeDirectory: '/home/somebody',
          }),
    });
    const thousand = await orSkip(skip, () => stage.person(base, stage.name('n'), numbered('1000')));
    const small = await stage.person(base, stage.name('n'), numbered('99'));
    const source = await stage.reader(base, { USERS_LDAP_FILTER: `(${attribute}>=100)` });
    const before = await stage.readAll(source);
    expect([...before.objects.values()].map(({ place }) => parseDn(place).normal)).toEqual(normal(thousand));
    const key = keyAt(before, thousand);
    await stage.replace(thousand, attribute, '98');
    await stage.replace(small, attribute, '2000');
    const after = await stage.follow(source, before);
    expect([...after.objects.values()].map(({ place }) => parseDn(place).normal)).toEqual(normal(small));
    const [answer] = await source.readByKeys('user', [key], GROUPS_NEED, signal);
    expect(answer?.found).toBe('outOfScope');
  });

  it('reads any attribute of the schema', async () => {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'), { roomNumber: 'B 4', employeeType: 'intern' });
    const source = await stage.reader(base);
    const need = { attributes: ['roomNumber', 'EMPLOYEETYPE'] };
    const found = await source.find(ana, need, signal);
    expect(found?.object.values('roomnumber')).toEqual(['B 4']);
    expect(found?.object.values('employeeType')).toEqual(['intern']);
  });
}

/** Leaves the case out where the server's schema lacks the class or forbids the combination. */
async function orSkip<T>(skip: (note?: string) => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isSchema = error instanceof LdapError && [16, 17, 21, 53, 65, 69].includes(error.resultCode ?? -1);
    if (!isSchema) throw error;
    skip(`the schema of this server refuses it: ${error.message}`);
    throw error;
  }
}
