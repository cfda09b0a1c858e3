import { CONTROL_OID, parseDn, printSid } from '@sallyport/ldap';
import { expect, it } from 'vitest';
import { readEntries } from '../read-entries.ts';
import {
  at,
  GROUPS_NEED,
  keyAt,
  membersAt,
  normal,
  type SeenRead,
  type SourceStage,
} from './source-stage.ts';

const signal = new AbortController().signal;

/** Groups and their members, as every directory has to give them. */
export function registerGroupCases(stage: SourceStage): void {
  const { isAd, strategy } = stage;
  const deletionsSeen = strategy !== 'timestamp';

  it('reads users, then groups with their members, the same each time', async () => {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'));
    const rui = await stage.person(base, isAd ? `Silva\\, Rui ${stage.name('r')}` : stage.name('rui'), {
      ...(isAd ? { sAMAccountName: stage.name('rui') } : {}),
    });
    const sales = await stage.group(base, stage.name('Sales'), [ana, rui], { description: 'Sells' });
    const source = await stage.reader(base);
    const first = await stage.readAll(source);
    expect([...first.objects.values()].map(({ objectType }) => objectType)).toEqual([
      'user',
      'user',
      'group',
    ]);
    expect(membersAt(first, sales)).toEqual(normal(ana, rui));
    expect(at(first, ana)?.references[0]).toBe(source.referenceOf(ana.toUpperCase()));
    expect(first.basesRead).toEqual(normal(base));
    expect([...(await stage.readAll(source)).objects]).toEqual([...first.objects]);
    expect([...first.objects.values()].every(({ fingerprint }) => fingerprint.length === 22)).toBe(true);

    const withoutGroups = await stage.readAll(source, { attributes: ['mail'] });
    expect(withoutGroups.objects.size).toBe(2);
    const withoutMembers = await stage.readAll(source, {
      attributes: [],
      groups: { attributes: ['cn'], members: false },
    });
    expect(at(withoutMembers, sales)?.members).toBeUndefined();

    const [answer] = await source.readByKeys('group', [keyAt(first, sales)], GROUPS_NEED, signal);
    expect(answer?.found === 'inScope' ? [...(answer.object.members ?? [])] : []).toHaveLength(2);
    const [asUser] = await source.readByKeys('user', [keyAt(first, sales)], GROUPS_NEED, signal);
    expect(asUser?.found).toBe('outOfScope');
    const found = await source.find(parseDn(sales).rdn?.toString().slice(3) ?? '', GROUPS_NEED, signal);
    expect(found?.object).toMatchObject({ objectType: 'group', key: keyAt(first, sales) });
    expect(found?.scope.inScope).toBe(true);
  });

  it('keeps to the place and filter of groups', async () => {
    const base = await stage.unit();
    const teams = await stage.unit(base, 'Teams');
    const others = await stage.unit(base, 'Others');
    const ana = await stage.person(others, stage.name('ana'));
    const inside = await stage.group(teams, stage.name('In'), [ana], { description: 'Managed' });
    const unmanaged = await stage.group(teams, stage.name('Off'), [ana], { description: 'Own' });
    await stage.group(others, stage.name('Out'), [ana], { description: 'Managed' });
    const source = await stage.reader(base, {
      USERS_RELATIVE_DN: 'OU=Others',
      GROUPS_RELATIVE_DN: 'OU=Teams',
      GROUPS_LDAP_FILTER: '(description=managed)',
    });
    const before = await stage.readAll(source);
    expect(before.objects.size).toBe(2);
    expect(membersAt(before, inside)).toEqual(normal(ana));
    expect(before.basesRead).toEqual([parseDn(others).normal, parseDn(teams).normal]);

    await stage.replace(unmanaged, 'description', 'MANAGED');
    await stage.replace(inside, 'description', 'Own');
    const key = keyAt(before, inside);
    const filtered = await stage.follow(source, before);
    expect(filtered.objects.has(key)).toBe(false);
    expect(membersAt(filtered, unmanaged)).toEqual(normal(ana));
    const [answer] = await source.readByKeys('group', [key], GROUPS_NEED, signal);
    expect(answer?.found).toBe('outOfScope');

    const away = await stage.move(unmanaged, others);
    const gone = await stage.follow(source, filtered);
    expect(at(gone, away)).toBeUndefined();
    expect(gone.objects.size).toBe(1);
    const back = await stage.move(away, teams);
    const returned = await stage.follow(source, gone);
    expect(keyAt(returned, back)).toBe(keyAt(filtered, unmanaged));
  });

  it('refuses a place of groups that is not there, if groups are wanted', async () => {
    const base = await stage.unit();
    const source = await stage.reader(base, { GROUPS_RELATIVE_DN: 'OU=Nowhere' });
    await expect(stage.readAll(source)).rejects.toMatchObject({
      code: 'BASE_DN_NOT_FOUND',
      message: expect.stringContaining('GROUPS_RELATIVE_DN'),
    });
    expect((await stage.readAll(source, { attributes: [] })).objects.size).toBe(0);
  });

  it('tells of a change of members and of nothing else', async () => {
    const base = await stage.unit();
    const [ana, rui, eva] = [
      await stage.person(base, stage.name('ana')),
      await stage.person(base, stage.name('rui')),
      await stage.person(base, stage.name('eva')),
    ];
    const sales = await stage.group(base, stage.name('Sales'), [ana, rui]);
    await stage.group(base, stage.name('Other'), [ana]);
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    await stage.join(sales, eva);
    await stage.leave(sales, ana);
    const after = await stage.follow(source, before);
    expect(membersAt(after, sales)).toEqual(normal(rui, eva));
    if (strategy === 'timestamp') return;
    // Some servers write on the people too which groups they are in.
    const groups = [...after.keys].filter((key) => after.objects.get(key)?.objectType === 'group');
    expect(groups).toEqual([keyAt(before, sales)]);
    expect((await stage.follow(source, after)).told).toEqual([]);

    // The same value twice in one look: only its last word counts.
    await stage.join(sales, ana);
    await stage.leave(sales, ana);
    await stage.leave(sales, rui);
    await stage.join(sales, rui);
    const settled = await stage.follow(source, after);
    expect(membersAt(settled, sales)).toEqual(normal(rui, eva));
  });

  it('tells of groups created, renamed and described anew, and keeps their keys', async () => {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'));
    const sales = await stage.group(base, stage.name('Sales'), [ana]);
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    const renamed = await stage.rename(sales, `CN=${stage.name('Selling')}`);
    const made = await stage.group(base, stage.name('Made'), [ana, renamed]);
    const late = await stage.person(base, stage.name('late'));
    await stage.join(made, late);
    const after = await stage.follow(source, before);
    expect(keyAt(after, renamed)).toBe(keyAt(before, sales));
    expect(membersAt(after, made)).toEqual(normal(ana, renamed, late));
    expect(at(after, late)?.objectType).toBe('user');
  });

  it.runIf(deletionsSeen)('tells a deleted group from a new one of the same name', async () => {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'));
    const rui = await stage.person(base, stage.name('rui'));
    const name = stage.name('Sales');
    const sales = await stage.group(base, name, [ana]);
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    await stage.admin.delete(sales);
    await stage.group(base, name, [rui]);
    const after = await stage.follow(source, before);
    expect(after.objects.has(keyAt(before, sales))).toBe(false);
    expect(membersAt(after, sales)).toEqual(normal(rui));
  });

  it.runIf(deletionsSeen)('tells of the groups and people of a deleted unit', async () => {
    const base = await stage.unit();
    const doomed = await stage.unit(base);
    const people = [await stage.person(doomed, stage.name('x')), await stage.person(doomed, stage.name('x'))];
    const group = await stage.group(doomed, stage.name('Doomed'), people);
    const kept = await stage.person(base, stage.name('kept'));
    const outer = await stage.group(base, stage.name('Outer'), [...people, kept]);
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    if (isAd)
      await stage.admin.delete(doomed, { controls: [{ oid: CONTROL_OID.treeDelete, critical: true }] });
    else for (const dn of [group, ...people, doomed]) await stage.admin.delete(dn);
    const after = await stage.follow(source, before);
    expect([...after.objects.values()].map(({ place }) => parseDn(place).normal).sort()).toEqual(
      normal(kept, outer),
    );
  });

  it('sees groups through a renamed unit, one moved out of the base and one moved back', async () => {
    const base = await stage.unit();
    const outside = await stage.unit();
    const team = await stage.unit(base);
    const ana = await stage.person(base, stage.name('ana'));
    const group = await stage.group(team, stage.name('Inner'), [ana]);
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    const key = keyAt(before, group);

    const renamedTeam = await stage.rename(team, `OU=${stage.name('renamed')}`);
    const renamed = await stage.follow(source, before);
    expect(parseDn(renamed.objects.get(key)?.place ?? '').parent?.normal).toBe(parseDn(renamedTeam).normal);
    const movedTeam = await stage.move(renamedTeam, outside);
    const away = await stage.follow(source, renamed);
    expect(away.objects.has(key)).toBe(false);
    await stage.move(movedTeam, base);
    const back = await stage.follow(source, away);
    expect([...(back.objects.get(key)?.members ?? [])]).toEqual([source.referenceOf(ana)]);
  });

  it('adds to their groups the people and groups that come into scope, alone or with their unit', async () => {
    const base = await stage.unit();
    const outside = await stage.unit();
    const team = await stage.unit(outside);
    const alone = await stage.person(outside, stage.name('alone'));
    const withUnit = await stage.person(team, stage.name('unit'));
    const filtered = await stage.person(base, stage.name('filtered'), { title: 'Guest' });
    const stranger = await stage.person(outside, stage.name('stranger'));
    const inner = await stage.group(outside, stage.name('Inner'), [stranger]);
    const sales = await stage.group(base, stage.name('Sales'), [alone, withUnit, filtered]);
    const staff = await stage.group(base, stage.name('Staff'), [alone, inner, stranger]);
    const foreign = await stage.group(outside, stage.name('Foreign'), [alone, withUnit]);
    const source = await stage.reader(base, { USERS_LDAP_FILTER: '(!(title=Guest))' });
    const before = await stage.readAll(source);
    expect(before.objects.size).toBe(2);

    await stage.move(alone, base);
    await stage.move(inner, base);
    await stage.move(team, base);
    await stage.replace(filtered, 'title', 'Clerk');
    const after = await stage.follow(source, before);
    const now = await stage.readAll(source);
    expect(now.objects.size).toBe(6);
    // Names of nobody in scope are left out: what a group calls somebody who went is known to nobody in time.
    const places = new Set([...now.objects.values()].map(({ place }) => parseDn(place).normal));
    const known = (read: SeenRead, dn: string) => membersAt(read, dn).filter((name) => places.has(name));
    expect(known(after, sales)).toEqual(known(now, sales));
    expect(known(after, staff)).toEqual(known(now, staff));
    expect(after.objects.has(foreign)).toBe(false);
    if (stage.keepsReferences) {
      expect(known(now, sales)).toHaveLength(3);
      expect(known(now, staff)).toHaveLength(2);
    }
  });

  it('adds somebody who comes into scope to the flattened groups around', async () => {
    const base = await stage.unit();
    const outside = await stage.unit();
    const newcomer = await stage.person(outside, stage.name('newcomer'));
    const deepest = await stage.group(outside, stage.name('Deepest'), [newcomer]);
    const between = await stage.group(outside, stage.name('Between'), [deepest]);
    await stage.join(deepest, between);
    const outer = await stage.group(base, stage.name('Outer'), [between]);
    const source = await stage.reader(base, { NESTED_GROUPS: 'Flattened' });
    const before = await stage.readAll(source);
    const moved = await stage.move(newcomer, base);
    const after = await stage.follow(source, before);
    if (stage.keepsReferences)
      expect(membersAt(after, outer)).toEqual(expect.arrayContaining([...normal(moved)]));
    const places = normal(moved);
    const known = (read: SeenRead) => membersAt(read, outer).filter((name) => places.includes(name));
    expect(known(after)).toEqual(known(await stage.readAll(source)));
  });

  it('keeps a group in a group as such, in circles too', async () => {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'));
    const inner = await stage.group(base, stage.name('Inner'), [ana]);
    const outer = await stage.group(base, stage.name('Outer'), [inner]);
    await stage.join(inner, outer);
    const read = await stage.readAll(await stage.reader(base));
    expect(membersAt(read, outer)).toEqual(normal(inner));
    expect(membersAt(read, inner)).toEqual(normal(ana, outer));
  });

  it('flattens groups through others outside the scope, and follows what happens inside', async () => {
    const base = await stage.unit();
    const teams = await stage.unit(base, 'Teams');
    const elsewhere = await stage.unit();
    const [ana, rui, eva] = [
      await stage.person(base, stage.name('ana')),
      await stage.person(base, stage.name('rui')),
      await stage.person(base, stage.name('eva')),
    ];
    const deepest = await stage.group(elsewhere, stage.name('Deepest'), [rui]);
    const between = await stage.group(elsewhere, stage.name('Between'), [deepest]);
    const outer = await stage.group(teams, stage.name('Outer'), [ana, between]);
    const plain = await stage.group(teams, stage.name('Plain'), [eva]);
    await stage.join(deepest, outer);
    const source = await stage.reader(base, { GROUPS_RELATIVE_DN: 'OU=Teams', NESTED_GROUPS: 'Flattened' });
    const before = await stage.readAll(source);
    expect(membersAt(before, outer)).toEqual(normal(ana, rui));
    expect(membersAt(before, plain)).toEqual(normal(eva));
    const again = await stage.readAll(source);
    expect(at(again, outer)?.fingerprint).toBe(at(before, outer)?.fingerprint);

    await stage.join(deepest, eva);
    const joined = await stage.follow(source, before);
    expect(membersAt(joined, outer)).toEqual(normal(ana, rui, eva));
    await stage.leave(deepest, rui);
    const left = await stage.follow(source, joined);
    expect(membersAt(left, outer)).toEqual(normal(ana, eva));
    expect(at(await stage.readAll(source), outer)?.fingerprint).not.toBe(at(before, outer)?.fingerprint);
    if (!deletionsSeen) return;
    await stage.admin.delete(between);
    const after = await stage.follow(source, left);
    expect(membersAt(after, outer)).toEqual(normal(ana));
  });

  it.runIf(isAd)('counts primary groups, unless told not to', async () => {
    const { baseDn } = stage.directory;
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'));
    const everyone = `CN=Domain Users,CN=Users,${baseDn}`;
    const configuration = {
      USERS_RELATIVE_DN: parseDn(base).rdn?.toString() ?? '',
      GROUPS_LDAP_FILTER: `(|(cn=Domain Users)(cn=Primary*))`,
    };
    const source = await stage.reader(baseDn, configuration);
    const before = await stage.readAll(source);
    expect(membersAt(before, everyone)).toEqual(normal(ana));
    expect(at(before, ana)?.memberOf).toEqual([source.referenceOf(everyone)]);

    const without = await stage.reader(baseDn, { ...configuration, PRIMARY_GROUP_MEMBERSHIPS: 'false' });
    const plain = await stage.readAll(without);
    expect(membersAt(plain, everyone)).toEqual([]);
    expect(at(plain, ana)?.memberOf).toBeUndefined();

    // The new primary group has to hold the person before; the server then swaps the two lists.
    const primary = await stage.group(baseDn, stage.name('Primary'), [ana]);
    const { entries } = await readEntries(
      stage.admin,
      {
        base: primary,
        scope: 'base',
        filter: { kind: 'present', attribute: 'objectClass' },
        attributes: ['objectSid'],
      },
      signal,
    );
    const sid = printSid(entries[0]?.bytes('objectSid') ?? Buffer.alloc(0));
    await stage.replace(ana, 'primaryGroupID', sid.slice(sid.lastIndexOf('-') + 1));
    const after = await stage.follow(source, before);
    expect(membersAt(after, primary)).toEqual(normal(ana));
    expect(membersAt(after, everyone)).toEqual(normal(ana));
    expect(at(after, ana)?.memberOf).toEqual([source.referenceOf(primary)]);

    await stage.leave(everyone, ana);
    const left = await stage.follow(source, after);
    expect(membersAt(left, everyone)).toEqual([]);
    expect(membersAt(left, primary)).toEqual(normal(ana));
  });
}
