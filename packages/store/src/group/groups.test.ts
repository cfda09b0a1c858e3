import { newUuid, type Selection, type Uuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import { linkWrite } from '../testing/sync-values.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

const eq = (attribute: string, value: string): Selection => ({
  kind: 'compare',
  attribute,
  operator: 'eq',
  value,
});

test('a group is written whole, replaced and removed, and each write is in the feed', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const made = await store.groups.create({
    environmentId,
    profile: { name: 'Accounting', description: 'd', externalId: 'E1', customData: { owner: ['ana'] } },
  });
  expect(made).toEqual(await store.groups.get(environmentId, made.id));
  expect(made).toMatchObject({ populationId: undefined, source: undefined, directUsers: 0, sequence: 1 });
  const replaced = await store.groups.replace(environmentId, made.id, { name: 'ACCOUNTING' });
  expect(replaced).toMatchObject({ profile: { name: 'ACCOUNTING' }, sequence: 2 });
  expect(await store.groups.replace(environmentId, made.id, { name: 'ACCOUNTING' })).toEqual(replaced);
  await expect(
    store.groups.replace(environmentId, made.id, { name: '', description: '' }),
  ).rejects.toMatchObject({ code: 'INVALID_DATA', details: [{ target: 'name' }, { target: 'description' }] });
  expect(await store.groups.changesSince(environmentId, 0, 10)).toEqual([
    { kind: 'present', sequence: 2, group: replaced },
  ]);
  await store.groups.remove(environmentId, made.id);
  expect(await store.groups.get(environmentId, made.id)).toBeUndefined();
  expect(await store.groups.changesSince(environmentId, 2, 10)).toEqual([
    { kind: 'deleted', sequence: 3, id: made.id, name: 'ACCOUNTING' },
  ]);
  await expect(store.groups.remove(environmentId, made.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(store.groups.replace(environmentId, made.id, { name: 'x' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a name repeats across populations, and never between the environment and one of them', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [one, two] = [
    (await store.populations.create({ environmentId, name: 'one' })).id,
    (await store.populations.create({ environmentId, name: 'two' })).id,
  ];
  const create = (name: string, populationId?: Uuid) =>
    store.groups.create({ environmentId, populationId, profile: { name } });
  const first = await create('Staff', one);
  await create('staff', two);
  const taken = { code: 'UNIQUENESS_VIOLATION', details: [{ target: 'name' }] };
  await expect(create('STAFF', one)).rejects.toMatchObject(taken);
  await expect(create('staff')).rejects.toMatchObject(taken);
  const whole = await create('All');
  await expect(create('all', two)).rejects.toMatchObject(taken);
  await expect(store.groups.replace(environmentId, whole.id, { name: 'Staff' })).rejects.toMatchObject(taken);
  await expect(store.groups.replace(environmentId, first.id, { name: 'ALL' })).rejects.toMatchObject(taken);
  expect((await store.groups.replace(environmentId, first.id, { name: 'sTAFF' })).profile.name).toBe('sTAFF');
  await expect(create('x', newUuid())).rejects.toMatchObject({ details: [{ target: 'population.id' }] });
  expect((await store.groups.match(environmentId, 'name', ['STAFF'])).get('STAFF')?.length).toBe(2);
});

test('groups are listed by what is known of them, in pages that meet each one once', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const populationId = (await store.populations.create({ environmentId, name: 'one' })).id;
  const ids: Uuid[] = [];
  for (let index = 0; index < 25; index += 1)
    ids.push(
      (
        await store.groups.create({
          environmentId,
          populationId: index % 5 === 0 ? populationId : undefined,
          profile: {
            name: `Group ${index}`,
            externalId: `E${index}`,
            ...(index === 7 ? { customData: { owner: 'Ana' }, description: 'Seventh' } : {}),
          },
          source: index === 9 ? { type: 'GATEWAY', id: 'g1' } : undefined,
        })
      ).id,
    );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.groups.list(environmentId, { limit: 7, cursor });
    expect(page.count).toBe(25);
    seen.push(...page.items.map((group) => group.id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(ids);
  const found = async (selection: Selection): Promise<readonly number[]> =>
    (await store.groups.list(environmentId, { limit: 100, selection })).items.map(({ id }) =>
      ids.indexOf(id),
    );
  expect(await found(eq('name', 'GROUP 3'))).toEqual([3]);
  expect(await found(eq('externalId', 'E4'))).toEqual([4]);
  expect(await found(eq('externalId', 'e4'))).toEqual([]);
  expect(await found(eq('population.id', populationId))).toEqual([0, 5, 10, 15, 20]);
  expect(await found({ kind: 'not', of: { kind: 'present', attribute: 'population.id' } })).toHaveLength(20);
  expect(await found(eq('customData.owner', 'ana'))).toEqual([7]);
  expect(await found(eq('description', 'seventh'))).toEqual([7]);
  expect(await found(eq('sourceType', 'gateway'))).toEqual([9]);
  expect(await found(eq('displayName', 'group 1'))).toEqual([1]);
  expect(await found(eq('id', ids[2] ?? ''))).toEqual([2]);
  expect(
    await found({
      kind: 'and',
      of: [
        { kind: 'or', of: [eq('name', 'group 5'), eq('name', 'group 6')] },
        eq('population.id', populationId),
      ],
    }),
  ).toEqual([5]);
  await expect(found(eq('colour', 'red'))).rejects.toMatchObject({ code: 'UNKNOWN_ATTRIBUTE' });
});

test('external groups are read-only by hand unless that is said, and become ordinary when their rule leaves them', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const source = { type: 'GATEWAY', id: newUuid() } as const;
  const external = await store.groups.create({
    environmentId,
    profile: { name: 'AD', displayName: 'From AD' },
    source,
  });
  const matched = await store.groups.create({ environmentId, profile: { name: 'other' }, source });
  const user = await store.users.create({ environmentId, profile: { username: 'ana' } });
  const refused = { code: 'EXTERNAL_GROUP' };
  const edits = [
    () => store.groups.replace(environmentId, external.id, { name: 'x' }),
    () => store.groups.remove(environmentId, external.id),
    () => store.memberships.add(environmentId, user.id, external.id),
    () => store.memberships.remove(environmentId, user.id, external.id),
    () => store.nestings.add(environmentId, matched.id, external.id),
  ];
  for (const edit of edits) await expect(edit()).rejects.toMatchObject(refused);
  expect(await store.groups.get(environmentId, external.id)).toEqual(external);
  const allowed = await store.groups.replace(
    environmentId,
    external.id,
    { name: 'AD2' },
    { external: 'allow' },
  );
  expect(allowed).toMatchObject({ profile: { name: 'AD2', displayName: 'From AD' }, source });
  const ruleId = newUuid();
  await store.syncState(environmentId, ruleId, undefined).transaction(async (tx) => {
    await tx.saveLinks([
      linkWrite('a', { objectType: 'group', targetId: external.id, createdByRule: true }),
      linkWrite('b', { objectType: 'group', targetId: matched.id }),
    ]);
  });
  expect(await store.groups.makeOrdinary(environmentId, ruleId)).toBe(1);
  expect((await store.groups.get(environmentId, external.id))?.source).toBeUndefined();
  expect((await store.groups.get(environmentId, matched.id))?.source).toEqual(source);
  expect(await store.groups.makeOrdinary(environmentId, ruleId)).toBe(0);
  await store.memberships.add(environmentId, user.id, external.id);
});

test('an environment has as many groups as it may have, by hand and in bulk', async () => {
  await using temporary = await temporaryStore({ groupLimits: { maxGroups: 3 } });
  const { store, environmentId } = temporary;
  const write = (name: string) =>
    ({
      kind: 'create',
      id: newUuid(),
      populationId: undefined,
      profile: { name },
      source: undefined,
    }) as const;
  await store.groups.create({ environmentId, profile: { name: 'a' } });
  const results = await store.groups.writeMany(
    environmentId,
    [write('b'), write('c'), write('d')],
    undefined,
  );
  expect(results.map((result) => (result.ok ? 'ok' : result.code))).toEqual(['ok', 'ok', 'QUOTA_EXCEEDED']);
  await expect(store.groups.create({ environmentId, profile: { name: 'e' } })).rejects.toMatchObject({
    code: 'QUOTA_EXCEEDED',
    details: [{ innerError: { quotaLimit: 3 } }],
  });
  // Another environment has room of its own.
  const other = (await store.environments.create({ name: 'Other', type: 'SANDBOX', region: 'EU' })).id;
  await store.groups.create({ environmentId: other, profile: { name: 'a' } });
});

test('tenants never meet: the same names, ids of others, and an environment that is removed', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const other = (await store.environments.create({ name: 'Other', type: 'SANDBOX', region: 'EU' })).id;
  const [mine, theirs] = [
    await store.groups.create({ environmentId, profile: { name: 'staff', externalId: 'x' } }),
    await store.groups.create({ environmentId: other, profile: { name: 'staff', externalId: 'x' } }),
  ];
  const [ana, eva] = [
    await store.users.create({ environmentId, profile: { username: 'ana' } }),
    await store.users.create({ environmentId: other, profile: { username: 'eva' } }),
  ];
  await store.memberships.add(environmentId, ana.id, mine.id);
  await store.memberships.add(other, eva.id, theirs.id);
  const missing = { code: 'NOT_FOUND' };
  await expect(store.groups.replace(other, mine.id, { name: 'x' })).rejects.toMatchObject(missing);
  await expect(store.groups.remove(other, mine.id)).rejects.toMatchObject(missing);
  await expect(store.memberships.add(environmentId, eva.id, mine.id)).rejects.toMatchObject(missing);
  await expect(store.memberships.add(other, ana.id, mine.id)).rejects.toMatchObject(missing);
  await expect(store.memberships.users(other, mine.id, { limit: 10 })).rejects.toMatchObject(missing);
  await expect(store.nestings.add(environmentId, theirs.id, mine.id)).rejects.toMatchObject(missing);
  expect((await store.groups.match(other, 'externalId', ['x'])).get('x')?.map(({ id }) => id)).toEqual([
    theirs.id,
  ]);
  expect([...(await store.groups.versions(other, [mine.id, theirs.id])).keys()]).toEqual([theirs.id]);
  expect(await store.memberships.groupsOf(other, 'user', [ana.id])).toEqual(new Map());
  expect(await store.memberships.members(other, mine.id, 'user', '', 10)).toEqual([]);
  const [result] = await store.memberships.writeMany(
    other,
    [
      {
        groupId: theirs.id,
        added: [
          { objectType: 'user', id: ana.id },
          { objectType: 'group', id: mine.id },
        ],
        removed: [],
      },
    ],
    undefined,
  );
  expect(result).toMatchObject({
    ok: true,
    added: 0,
    refused: [{ code: 'NOT_FOUND' }, { code: 'NOT_FOUND' }],
  });
  await store.environments.remove(other);
  expect((await store.groups.list(other, { limit: 10 })).count).toBe(0);
  expect(await store.groups.totalUsers(environmentId, mine.id)).toBe(1);
});
