import { PositionLost } from '@sallyport/engine';
import { parseDn } from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';
import { expect, it } from 'vitest';
import { GROUPS_NEED, keyAt, normal, type SeenRead, type SourceStage } from './source-stage.ts';

const signal = new AbortController().signal;
const PEOPLE = { attributes: ['mail'] };

/** Rules about the members of one group. */
export function registerSourceGroupCases(stage: SourceStage): void {
  const { isAd, strategy } = stage;

  const placesOf = (read: SeenRead): readonly string[] =>
    [...read.objects.values()]
      .filter(({ objectType }) => objectType === 'user')
      .map(({ place }) => parseDn(place).normal)
      .sort();

  async function company(): Promise<{
    readonly base: string;
    readonly ana: string;
    readonly rui: string;
    readonly eva: string;
    readonly inner: string;
    readonly staff: string;
  }> {
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'), { title: 'Manager' });
    const rui = await stage.person(base, stage.name('rui'), { title: 'Manager' });
    const eva = await stage.person(base, stage.name('eva'), { title: 'Clerk' });
    const inner = await stage.group(base, stage.name('Inner'), [rui, eva]);
    const staff = await stage.group(base, stage.name('Staff (all of us)'), [ana, inner]);
    return { base, ana, rui, eva, inner, staff };
  }

  it('reads the members of a group, nested ones if asked, and the filter besides', async () => {
    const { base, ana, rui, eva, staff } = await company();
    const read = async (more: Readonly<Record<string, string>>) =>
      placesOf(await stage.readAll(await stage.reader(base, { SOURCE_GROUP_DN: staff, ...more }), PEOPLE));
    expect(await read({})).toEqual(normal(ana));
    expect(await read({ NESTED_GROUP_SEARCH: 'true' })).toEqual(normal(ana, rui, eva));
    expect(await read({ NESTED_GROUP_SEARCH: 'true', USERS_LDAP_FILTER: '(title=manager)' })).toEqual(
      normal(ana, rui),
    );
  });

  it('judges one person by the group, in changes and by key', async () => {
    const { base, ana, eva, staff } = await company();
    const source = await stage.reader(base, { SOURCE_GROUP_DN: staff });
    const everybody = await stage.readAll(await stage.reader(base), PEOPLE);
    const keys = [ana, eva].map((dn) => keyAt(everybody, dn));
    const answers = await source.readByKeys('user', keys, PEOPLE, signal);
    expect(answers.map(({ found }) => found)).toEqual(['inScope', 'outOfScope']);
    expect((await source.find(eva, PEOPLE, signal))?.scope.inScope).toBe(false);

    const before = await stage.readAll(source, PEOPLE);
    await stage.replace(ana, 'mail', 'changed@corp.example');
    await stage.replace(eva, 'mail', 'outside@corp.example');
    const after = await stage.follow(source, before, PEOPLE);
    expect(placesOf(after)).toEqual(normal(ana));
    expect([...after.objects.values()][0]?.mail).toBe('changed@corp.example');
  });

  it('notices who joins and who leaves, however fast one follows the other', async () => {
    const { base, ana, rui, eva, inner, staff } = await company();
    const source = await stage.reader(base, { SOURCE_GROUP_DN: staff, NESTED_GROUP_SEARCH: 'true' });
    const first = await stage.readAll(source, PEOPLE);
    const quiet = await stage.follow(source, first, PEOPLE);
    if (strategy !== 'timestamp') expect(quiet.told).toEqual([]);
    expect(placesOf(quiet)).toEqual(normal(ana, rui, eva));

    await stage.leave(inner, eva);
    const second = await stage.follow(source, quiet, PEOPLE);
    expect(placesOf(second)).toEqual(normal(ana, rui));
    // Within the same second as the change before.
    await stage.leave(staff, ana);
    const third = await stage.follow(source, second, PEOPLE);
    expect(placesOf(third)).toEqual(normal(rui));
    await stage.join(staff, eva);
    const fourth = await stage.follow(source, third, PEOPLE);
    expect(placesOf(fourth)).toEqual(normal(rui, eva));
    // Whoever stays is not read again, and one who comes and goes unseen is nobody's business.
    const told = [...fourth.keys].filter((key) => fourth.objects.has(key));
    if (strategy !== 'timestamp') expect(told).toEqual([keyAt(fourth, eva)]);
    await stage.join(staff, ana);
    await stage.leave(staff, ana, inner);
    const last = await stage.follow(source, fourth, PEOPLE);
    expect(placesOf(last)).toEqual(normal(eva));
    expect(placesOf(await stage.readAll(source, PEOPLE))).toEqual(normal(eva));
  });

  it('asks for a full read when the group changed and nobody remembers who was in it', async () => {
    const { base, eva, inner, staff } = await company();
    const configuration = { SOURCE_GROUP_DN: staff, NESTED_GROUP_SEARCH: 'true' };
    const before = await stage.readAll(await stage.reader(base, configuration), PEOPLE);
    const restarted = await stage.reader(base, configuration);
    if (strategy !== 'timestamp') expect((await stage.follow(restarted, before, PEOPLE)).told).toEqual([]);
    await stage.leave(inner, eva);
    const another = await stage.reader(base, configuration);
    const lost = stage.follow(another, before, PEOPLE);
    await expect(lost).rejects.toBeInstanceOf(PositionLost);
    await expect(lost).rejects.toThrow('members of the source group changed');
  });

  it('keeps a member who is renamed or moved where the group keeps them', async () => {
    const { base, ana, rui, staff } = await company();
    const elsewhere = await stage.unit(base);
    const source = await stage.reader(base, { SOURCE_GROUP_DN: staff, NESTED_GROUP_SEARCH: 'true' });
    const before = await stage.readAll(source, PEOPLE);
    const renamed = await stage.rename(ana, `${isAd ? 'CN' : 'uid'}=${stage.name('renamed')}`);
    const moved = await stage.move(rui, elsewhere);
    const after = await stage.follow(source, before, PEOPLE);
    // What another rule without a memory reads.
    const now = await stage.readAll(
      await stage.reader(base, { SOURCE_GROUP_DN: staff, NESTED_GROUP_SEARCH: 'true' }),
      PEOPLE,
    );
    expect(placesOf(after)).toEqual(placesOf(now));
    if (stage.keepsReferences)
      expect(placesOf(after)).toEqual(expect.arrayContaining([...normal(renamed, moved)]));
    expect(placesOf(await stage.readAll(source, PEOPLE))).toEqual(placesOf(now));
    expect(placesOf(await stage.follow(source, after, PEOPLE))).toEqual(placesOf(now));
  });

  it.skipIf(strategy === 'timestamp')('notices at once that a member was deleted', async () => {
    const { base, ana, staff, inner, rui, eva } = await company();
    const source = await stage.reader(base, { SOURCE_GROUP_DN: staff, NESTED_GROUP_SEARCH: 'true' });
    const before = await stage.readAll(source, GROUPS_NEED);
    await stage.admin.delete(ana);
    const after = await stage.follow(source, before, GROUPS_NEED);
    expect(placesOf(after)).toEqual(normal(rui, eva));
    expect(after.objects.has(keyAt(before, inner))).toBe(true);
  });

  it('refuses a group that is not there or no group, and takes neither for an empty one', async () => {
    const { base, ana, staff } = await company();
    const missing = stage.reader(base, { SOURCE_GROUP_DN: `CN=Nobody,${base}` });
    await expect(missing).rejects.toBeInstanceOf(CodedError);
    await expect(missing).rejects.toMatchObject({ code: 'SOURCE_GROUP_NOT_FOUND' });
    await expect(stage.reader(base, { SOURCE_GROUP_DN: ana })).rejects.toMatchObject({
      code: 'SOURCE_GROUP_NOT_FOUND',
      message: expect.stringContaining('that it is a group'),
    });
    const source = await stage.reader(base, { SOURCE_GROUP_DN: staff });
    const before = await stage.readAll(source, PEOPLE);
    await stage.admin.delete(staff);
    await expect(stage.follow(source, before, PEOPLE)).rejects.toMatchObject({
      code: 'SOURCE_GROUP_NOT_FOUND',
    });
  });

  it.runIf(isAd)('counts those whose primary group it is', async () => {
    const { baseDn } = stage.directory;
    const base = await stage.unit();
    const ana = await stage.person(base, stage.name('ana'));
    const configuration = { SOURCE_GROUP_DN: `CN=Domain Users,CN=Users,${baseDn}` };
    expect(placesOf(await stage.readAll(await stage.reader(base, configuration), PEOPLE))).toEqual(
      normal(ana),
    );
    const without = await stage.reader(base, { ...configuration, PRIMARY_GROUP_MEMBERSHIPS: 'false' });
    expect(placesOf(await stage.readAll(without, PEOPLE))).toEqual([]);
  });
}
