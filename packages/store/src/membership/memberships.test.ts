import { newUuid, type Selection, type Uuid } from '@sallyport/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Membership } from '../record/group-records.ts';
import type { Page } from '../record/page.ts';
import { openReader } from '../sqlite/open-connection.ts';
import type { Store } from '../store.ts';
import { type TemporaryStore, temporaryStore } from '../testing/temporary-store.ts';

async function makeUsers({ store, environmentId }: TemporaryStore, count: number): Promise<readonly Uuid[]> {
  const ids = Array.from({ length: count }, () => newUuid());
  await store.users.writeMany(
    environmentId,
    ids.map((id, index) => ({
      kind: 'create',
      id,
      populationId: undefined,
      enabled: true,
      profile: { username: `u${index}` },
    })),
    undefined,
  );
  return ids;
}

async function makeGroups(
  { store, environmentId }: TemporaryStore,
  ...names: readonly string[]
): Promise<readonly Uuid[]> {
  const made = [];
  for (const name of names) made.push((await store.groups.create({ environmentId, profile: { name } })).id);
  return made;
}

const told = (page: Page<Membership>) => page.items.map(({ name, type }) => `${name} ${type}`);

const memberOf = (groupId: string): Selection => ({
  kind: 'compare',
  attribute: 'memberOfGroups.id',
  operator: 'eq',
  value: groupId,
});

async function usersIn(store: Store, environmentId: Uuid, groupId: Uuid): Promise<readonly string[]> {
  return (await store.users.list(environmentId, { limit: 1000, selection: memberOf(groupId) })).items.map(
    (user) => user.id,
  );
}

test('a user is in a group directly, indirectly or both, and only what is direct can be removed', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [ana = newUuid(), eva = newUuid()] = await makeUsers(temporary, 2);
  const [team = newUuid(), unit = newUuid(), firm = newUuid()] = await makeGroups(
    temporary,
    'team',
    'unit',
    'firm',
  );
  const added = await store.memberships.add(environmentId, ana, team);
  expect(added).toMatchObject({ groupId: team, name: 'team', type: 'DIRECT', group: { directUsers: 1 } });
  expect(await store.memberships.add(environmentId, ana, team)).toEqual(added);
  await store.nestings.add(environmentId, team, unit);
  await store.nestings.add(environmentId, unit, firm);
  await store.memberships.add(environmentId, ana, firm);
  await store.memberships.add(environmentId, eva, unit);
  const ofUser = async (type?: Membership['type']) =>
    told(await store.memberships.ofUser(environmentId, ana, { limit: 10, type }));
  expect(await ofUser()).toEqual(['team DIRECT', 'unit INDIRECT', 'firm DIRECT']);
  expect(await ofUser('DIRECT')).toEqual(['team DIRECT', 'firm DIRECT']);
  expect(await ofUser('INDIRECT')).toEqual(['unit INDIRECT']);
  expect(
    told(
      await store.memberships.ofUser(environmentId, ana, {
        limit: 10,
        selection: { kind: 'compare', attribute: 'name', operator: 'sw', value: 'F' },
      }),
    ),
  ).toEqual(['firm DIRECT']);
  const pages = [];
  let cursor: string | undefined;
  do {
    const page = await store.memberships.ofUser(environmentId, ana, { limit: 1, cursor });
    expect(page.count).toBe(3);
    pages.push(...told(page));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(pages).toEqual(await ofUser());
  expect(told(await store.nestings.ofGroup(environmentId, team, { limit: 10 }))).toEqual([
    'unit DIRECT',
    'firm INDIRECT',
  ]);
  expect(
    (await store.nestings.children(environmentId, firm, { limit: 10 })).items.map(({ id }) => id),
  ).toEqual([unit]);
  expect((await store.memberships.get(environmentId, ana, unit))?.type).toBe('INDIRECT');
  expect(await store.memberships.get(environmentId, eva, team)).toBeUndefined();
  expect(await store.groups.totalUsers(environmentId, firm)).toBe(2);
  expect((await store.groups.get(environmentId, firm))?.directUsers).toBe(1);
  expect(await usersIn(store, environmentId, firm)).toEqual([ana, eva]);
  expect(await usersIn(store, environmentId, team)).toEqual([ana]);
  expect(
    (await store.memberships.users(environmentId, unit, { limit: 10 })).items.map(({ id }) => id),
  ).toEqual([eva]);

  const notDirect = { code: 'CONSTRAINT_VIOLATION', message: expect.stringContaining('by way of another') };
  await expect(store.memberships.remove(environmentId, ana, unit)).rejects.toMatchObject(notDirect);
  await expect(store.nestings.remove(environmentId, team, firm)).rejects.toMatchObject(notDirect);
  await store.memberships.remove(environmentId, ana, firm);
  expect(await ofUser()).toEqual(['team DIRECT', 'unit INDIRECT', 'firm INDIRECT']);
  await store.nestings.remove(environmentId, team, unit);
  expect(await ofUser()).toEqual(['team DIRECT']);
  await expect(store.memberships.remove(environmentId, ana, firm)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(store.memberships.ofUser(environmentId, newUuid(), { limit: 1 })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('circles are refused by hand, kept from a rule, and every question ends in them', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [ana = newUuid()] = await makeUsers(temporary, 1);
  const [a = newUuid(), b = newUuid(), c = newUuid()] = await makeGroups(temporary, 'a', 'b', 'c');
  await store.nestings.add(environmentId, a, b);
  await store.nestings.add(environmentId, b, c);
  const refused = { code: 'CONSTRAINT_VIOLATION' };
  await expect(store.nestings.add(environmentId, c, a)).rejects.toMatchObject(refused);
  await expect(store.nestings.add(environmentId, a, a)).rejects.toMatchObject(refused);
  const nest = (groupId: Uuid, id: Uuid) => ({
    groupId,
    added: [{ objectType: 'group' as const, id }],
    removed: [],
  });
  const results = await store.memberships.writeMany(environmentId, [nest(a, c), nest(a, a)], undefined);
  expect(results.map((result) => result.ok && result.added)).toEqual([1, 1]);
  await store.memberships.add(environmentId, ana, b);
  expect(told(await store.memberships.ofUser(environmentId, ana, { limit: 10 }))).toEqual([
    'a INDIRECT',
    'b DIRECT',
    'c INDIRECT',
  ]);
  expect(told(await store.nestings.ofGroup(environmentId, a, { limit: 10 }))).toEqual([
    'b DIRECT',
    'c INDIRECT',
  ]);
  for (const id of [a, b, c]) {
    expect(await store.groups.totalUsers(environmentId, id)).toBe(1);
    expect(await usersIn(store, environmentId, id)).toEqual([ana]);
  }
  // Nobody is asked to break a circle before adding what closes none.
  await store.nestings.add(environmentId, (await makeGroups(temporary, 'd'))[0] ?? newUuid(), a);
});

test('memberships answer as a naive evaluation does, whatever was written', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const users = await makeUsers(temporary, 6);
  const groups = await makeGroups(temporary, ...Array.from({ length: 6 }, (_, index) => `g${index}`));
  const members = new Map(groups.map((id) => [id, new Set<string>()]));
  const children = new Map(groups.map((id) => [id, new Set<string>()]));
  const below = (id: string, met = new Set<string>()): ReadonlySet<string> => {
    if (!met.has(id)) {
      met.add(id);
      for (const child of children.get(id as Uuid) ?? []) below(child, met);
    }
    return met;
  };
  const change = fc.record({ group: fc.nat(5), nested: fc.boolean(), member: fc.nat(5), add: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 15 }), async (changes) => {
      // One write for each group, as the engine makes them; what is both added and removed there is left out.
      const writes = [...Map.groupBy(changes, ({ group }) => groups[group] ?? newUuid())].map(
        ([groupId, some]) => {
          const ids = (add: boolean) => {
            const key = (one: (typeof some)[number]): string => `${one.nested}${one.member}`;
            const against = new Set(some.filter((one) => one.add !== add).map(key));
            return some
              .filter((one) => one.add === add && !against.has(key(one)))
              .map(({ nested, member }) =>
                nested
                  ? { objectType: 'group' as const, id: groups[member] ?? newUuid() }
                  : { objectType: 'user' as const, id: users[member] ?? newUuid() },
              );
          };
          return { groupId, added: ids(true), removed: ids(false) };
        },
      );
      const versions = await store.groups.versions(environmentId, groups);
      const results = await store.memberships.writeMany(environmentId, writes, undefined);
      const after = await store.groups.versions(environmentId, groups);
      for (const [index, { groupId, added, removed }] of writes.entries()) {
        const of = (objectType: 'user' | 'group') =>
          (objectType === 'user' ? members : children).get(groupId) ?? new Set<string>();
        const result = results[index];
        if (result?.ok !== true) throw new Error('refused');
        const news = new Set(added.filter((one) => !of(one.objectType).has(one.id)).map((one) => one.id))
          .size;
        const gone = new Set(removed.filter((one) => of(one.objectType).has(one.id)).map((one) => one.id))
          .size;
        for (const one of removed) of(one.objectType).delete(one.id);
        for (const one of added) of(one.objectType).add(one.id);
        expect([result.added, result.removed]).toEqual([news, gone]);
        expect(result.version).toBe(after.get(groupId));
        expect(result.version > (versions.get(groupId) ?? 0)).toBe(news + gone > 0);
      }
      for (const id of groups) {
        const total = new Set([...below(id)].flatMap((one) => [...(members.get(one as Uuid) ?? [])]));
        expect(await store.groups.totalUsers(environmentId, id)).toBe(total.size);
        expect(await usersIn(store, environmentId, id)).toEqual([...total].sort());
        const direct = [...(members.get(id) ?? [])].sort();
        expect(await store.memberships.members(environmentId, id, 'user', '', 100)).toEqual(direct);
        expect(await store.memberships.members(environmentId, id, 'user', direct[0] ?? '', 2)).toEqual(
          direct.slice(1, 3),
        );
        expect(await store.memberships.members(environmentId, id, 'group', '', 100)).toEqual(
          [...(children.get(id) ?? [])].sort(),
        );
        const asked = [
          ...users.map((one) => ({ objectType: 'user' as const, id: one })),
          ...groups.map((one) => ({ objectType: 'group' as const, id: one })),
        ];
        const among = await store.memberships.membersAmong(environmentId, id, asked);
        expect(new Set(among.map(({ objectType, id: one }) => `${objectType} ${one}`))).toEqual(
          new Set([
            ...[...(members.get(id) ?? [])].map((one) => `user ${one}`),
            ...[...(children.get(id) ?? [])].map((one) => `group ${one}`),
          ]),
        );
      }
      for (const user of users) {
        const expected = groups
          .filter((id) => [...below(id)].some((one) => members.get(one as Uuid)?.has(user)))
          .map((id) => [id, members.get(id)?.has(user) ? 'DIRECT' : 'INDIRECT']);
        const found = await store.memberships.ofUser(environmentId, user, { limit: 100 });
        expect(found.items.map(({ groupId, type }) => [groupId, type])).toEqual(expected);
        expect(found.count).toBe(expected.length);
      }
      const of = await store.memberships.groupsOf(environmentId, 'user', users);
      expect(users.map((user) => [...(of.get(user) ?? [])].sort())).toEqual(
        users.map((user) => groups.filter((id) => members.get(id)?.has(user))),
      );
    }),
    { numRuns: 25 },
  );
});

test('nobody is in two groups of one name, whichever way it would come about', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [ana = newUuid(), eva = newUuid()] = await makeUsers(temporary, 2);
  const groups: Uuid[] = [];
  for (const name of ['one', 'two', 'three']) {
    const { id: populationId } = await store.populations.create({ environmentId, name });
    groups.push(
      (
        await store.groups.create({
          environmentId,
          populationId,
          profile: { name: name === 'three' ? 'Other' : 'Staff' },
        })
      ).id,
    );
  }
  const [one = newUuid(), two = newUuid(), three = newUuid()] = groups;
  const refused = { code: 'CONSTRAINT_VIOLATION' };
  await store.memberships.add(environmentId, ana, one);
  await expect(store.memberships.add(environmentId, ana, two)).rejects.toMatchObject(refused);
  const user = (id: Uuid) => ({ objectType: 'user' as const, id });
  const results = await store.memberships.writeMany(
    environmentId,
    [
      { groupId: one, added: [user(eva)], removed: [user(ana)] },
      { groupId: two, added: [user(ana), user(eva)], removed: [] },
    ],
    undefined,
  );
  // Eva comes into the first group by the same batch.
  expect(results).toMatchObject([
    { added: 1, removed: 1, refused: [] },
    { added: 1, refused: [{ member: user(eva), code: 'CONSTRAINT_VIOLATION' }] },
  ]);
  await store.memberships.add(environmentId, ana, three);
  await expect(store.groups.replace(environmentId, three, { name: 'STAFF' })).rejects.toMatchObject(refused);
  const [renamed] = await store.groups.writeMany(
    environmentId,
    [{ kind: 'update', id: three, changes: [{ attribute: 'name', before: [], after: ['staff'] }] }],
    undefined,
  );
  expect(renamed).toMatchObject({ ok: false, ...refused });
  await store.memberships.remove(environmentId, ana, three);
  await store.groups.replace(environmentId, three, { name: 'STAFF' });
});

test('limits hold by hand and in bulk, and count what is there and no more', async () => {
  await using temporary = await temporaryStore({
    groupLimits: { maxNestedGroups: 2, maxMembershipsPerUser: 3 },
  });
  const { store, environmentId } = temporary;
  const [ana = newUuid(), eva = newUuid()] = await makeUsers(temporary, 2);
  const groups = await makeGroups(temporary, 'a', 'b', 'c', 'd', 'e', 'f');
  const write = (ids: readonly Uuid[], added: readonly Uuid[], removed: readonly Uuid[] = []) =>
    store.memberships.writeMany(
      environmentId,
      ids.map((groupId) => ({
        groupId,
        added: added.map((id) => ({ objectType: 'user', id })),
        removed: removed.map((id) => ({ objectType: 'user', id })),
      })),
      undefined,
    );
  await write(groups.slice(0, 2), [ana]);
  // What is there already counts once, however often it is written.
  expect(
    (await write([...groups.slice(0, 3), ...groups.slice(0, 3)], [ana])).every(
      (result) => result.ok && result.refused.length === 0,
    ),
  ).toBe(true);
  expect(await write(groups.slice(2, 5), [ana, eva])).toMatchObject([
    { added: 1, refused: [] },
    { added: 1, refused: [{ member: { id: ana }, code: 'QUOTA_EXCEEDED' }] },
    { added: 1, refused: [{ member: { id: ana }, code: 'QUOTA_EXCEEDED' }] },
  ]);
  await expect(store.memberships.add(environmentId, ana, groups[5] ?? newUuid())).rejects.toMatchObject({
    code: 'QUOTA_EXCEEDED',
  });
  // Who leaves one in the same batch has room for another.
  const moved = await store.memberships.writeMany(
    environmentId,
    [
      { groupId: groups[5] ?? '', added: [{ objectType: 'user', id: ana }], removed: [] },
      { groupId: groups[0] ?? '', added: [], removed: [{ objectType: 'user', id: ana }] },
    ],
    undefined,
  );
  expect(moved).toMatchObject([{ added: 1, refused: [] }, { removed: 1 }]);
  const [a = newUuid(), b = newUuid(), c = newUuid(), d = newUuid()] = groups;
  await store.nestings.add(environmentId, b, a);
  await store.nestings.add(environmentId, c, a);
  await store.nestings.add(environmentId, c, a);
  await expect(store.nestings.add(environmentId, d, a)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
});

test('who goes leaves its groups and raises them: users, populations left, nested groups, populations and all', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId, path } = temporary;
  const [ana = newUuid(), eva = newUuid(), rui = newUuid()] = await makeUsers(temporary, 3);
  const population = (await store.populations.create({ environmentId, name: 'p' })).id;
  const [whole = newUuid(), parent = newUuid(), idle = newUuid()] = await makeGroups(
    temporary,
    'whole',
    'parent',
    'idle',
  );
  const own = (
    await store.groups.create({ environmentId, populationId: population, profile: { name: 'own' } })
  ).id;
  await store.users.setPopulation(environmentId, rui, population);
  for (const groupId of [whole, own])
    for (const user of [ana, eva, rui]) await store.memberships.add(environmentId, user, groupId);
  await store.nestings.add(environmentId, own, parent);
  const versions = () => store.groups.versions(environmentId, [whole, parent, idle, own]);
  /** Which of the four groups got a new version, and whether the feed tells exactly these. */
  const raisedBy = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    const before = await versions();
    const sequence = (await store.environments.get(environmentId))?.sequence ?? 0;
    await work();
    const after = await versions();
    const raised = [...after].filter(([id, version]) => version > (before.get(id) ?? 0)).map(([id]) => id);
    const feed = await store.groups.changesSince(environmentId, sequence, 100);
    expect(feed.flatMap((entry) => (entry.kind === 'present' ? [entry.group.id] : [])).sort()).toEqual(
      [...raised].sort(),
    );
    return raised.sort();
  };
  const sorted = (...ids: readonly string[]) => [...ids].sort();
  expect(await raisedBy(() => store.users.remove(environmentId, ana))).toEqual(sorted(whole, own));
  expect(
    await raisedBy(() => store.users.writeMany(environmentId, [{ kind: 'delete', id: eva }], undefined)),
  ).toEqual(sorted(whole, own));
  const home = await store.populations.default(environmentId);
  expect(await raisedBy(() => store.users.setPopulation(environmentId, rui, home?.id ?? newUuid()))).toEqual([
    own,
  ]);
  expect(told(await store.memberships.ofUser(environmentId, rui, { limit: 10 }))).toEqual(['whole DIRECT']);
  await store.memberships.add(environmentId, rui, own);
  expect(await raisedBy(() => store.populations.remove(environmentId, population))).toEqual([parent]);
  expect(await store.groups.get(environmentId, own)).toBeUndefined();
  expect(told(await store.memberships.ofUser(environmentId, rui, { limit: 10 }))).toEqual(['whole DIRECT']);
  await store.nestings.add(environmentId, whole, parent);
  expect(
    await raisedBy(() => store.groups.writeMany(environmentId, [{ kind: 'delete', id: whole }], undefined)),
  ).toEqual([parent]);
  const reader = openReader(path);
  expect(
    reader.rows('SELECT count(*) FROM memberships UNION ALL SELECT count(*) FROM group_nestings', []),
  ).toEqual([[0], [0]]);
  await store.memberships.add(environmentId, rui, idle);
  await store.environments.remove(environmentId);
  for (const table of ['groups', 'memberships', 'group_nestings', 'group_tombstones'])
    expect(reader.rows(`SELECT count(*) FROM ${table}`, [])).toEqual([[0]]);
  expect(reader.rows('PRAGMA foreign_key_check', [])).toEqual([]);
  reader.close();
});

test('a large group is paged in the order of ids by either way of finding its members', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const users = await makeUsers(temporary, 400);
  const shuffled = users.toSorted((one, other) => one.slice(-6).localeCompare(other.slice(-6)));
  for (const [name, size] of [
    ['few', 12],
    ['most', 390],
  ] as const) {
    const [groupId = newUuid()] = await makeGroups(temporary, name);
    const members = shuffled.slice(0, size);
    await store.memberships.writeMany(
      environmentId,
      [{ groupId, added: members.map((id) => ({ objectType: 'user', id })), removed: [] }],
      undefined,
    );
    const seen: string[] = [];
    for (;;) {
      const page = await store.memberships.members(environmentId, groupId, 'user', seen.at(-1) ?? '', 25);
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(seen).toEqual(members.toSorted());
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.memberships.users(environmentId, groupId, { limit: 30, cursor });
      expect(page.count).toBe(size);
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(listed).toEqual(seen);
  }
});

test('members are written in the transaction of a sync state, or not at all', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [ana = newUuid()] = await makeUsers(temporary, 1);
  const state = store.syncState(environmentId, newUuid(), undefined);
  const groupId = newUuid();
  const work = (fail: boolean) =>
    state.transaction(async (tx) => {
      await store.groups.writeMany(
        environmentId,
        [{ kind: 'create', id: groupId, populationId: undefined, profile: { name: 'g' }, source: undefined }],
        tx,
      );
      const results = await store.memberships.writeMany(
        environmentId,
        [
          { groupId, added: [{ objectType: 'user', id: ana }], removed: [] },
          { groupId: newUuid(), added: [], removed: [] },
        ],
        tx,
      );
      expect(results).toMatchObject([
        { ok: true, added: 1 },
        { ok: false, code: 'NOT_FOUND' },
      ]);
      expect(await store.memberships.members(environmentId, groupId, 'user', '', 10)).toEqual([]);
      if (fail) throw new Error('in the middle');
    });
  await expect(work(true)).rejects.toThrow('in the middle');
  expect((await store.groups.list(environmentId, { limit: 10 })).count).toBe(0);
  await work(false);
  expect(await store.memberships.members(environmentId, groupId, 'user', '', 10)).toEqual([ana]);
});
