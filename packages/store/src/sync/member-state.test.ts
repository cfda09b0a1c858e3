import { newUuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import type { SyncState } from '../record/sync-records.ts';
import { textHash } from '../schema/text-hash.ts';
import { openReader } from '../sqlite/open-connection.ts';
import { linkWrite } from '../testing/sync-values.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

/** Two texts with one hash. */
function collision(): readonly [string, string] {
  const pair = ['dn:cn=nx1g82m,dc=corp', 'dn:cn=13y6db,dc=corp'] as const;
  expect(textHash(pair[0])).toBe(textHash(pair[1]));
  return pair;
}

const names = (found: Awaited<ReturnType<SyncState['linksByReferences']>>, reference: string) =>
  found.get(reference)?.map((link) => link.sourceKey);

test('links are found by the hash of their reference, which moves with them and outlives writes that do not name it', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const state = store.syncState(environmentId, newUuid(), undefined);
  const other = store.syncState(environmentId, newUuid(), undefined);
  const [one, two] = collision();
  await state.transaction(async (tx) => {
    await tx.saveLinks([
      linkWrite('a', { reference: one, createdByRule: true }),
      linkWrite('g', { reference: two, objectType: 'group' }),
      linkWrite('gone', { reference: 'dn:gone', presence: 'deleted' }),
      linkWrite('out', { reference: 'dn:out', presence: 'outOfScope', targetId: undefined }),
      linkWrite('silent'),
    ]);
  });
  await other.transaction(async (tx) => {
    await tx.saveLinks([linkWrite('theirs', { reference: one })]);
  });
  const found = await state.linksByReferences([one, 'dn:gone', 'dn:out', 'dn:nobody', one]);
  // Whoever shares the hash is answered too: the engine asks the source whose reference it is.
  expect(names(found, one)?.sort()).toEqual(['a', 'g']);
  expect([...found.keys()].sort()).toEqual(['dn:out', one].sort());
  expect(found.get(one)?.find((link) => link.sourceKey === 'g')).toEqual({
    number: 2,
    objectType: 'group',
    sourceKey: 'g',
    place: 'CN=g,DC=corp',
    targetId: 'target-g',
  });
  expect((await state.linksByKeys('user', ['a'])).get('a')?.createdByRule).toBe(true);
  await state.transaction(async (tx) => {
    await tx.saveLinks([
      linkWrite('a', { number: 1, place: 'elsewhere' }),
      linkWrite('g', { number: 2, objectType: 'group', reference: 'dn:new' }),
    ]);
  });
  const after = await state.linksByReferences([one, 'dn:new']);
  expect([names(after, one), names(after, 'dn:new')]).toEqual([['a'], ['g']]);
  expect((await state.linksByKeys('user', ['a'])).get('a')?.createdByRule).toBe(false);
});

test('other references are kept as texts: found without their hash being believed, replaced as a whole', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const state = store.syncState(environmentId, newUuid(), undefined);
  const [one, two] = collision();
  const write = (otherReferences: readonly string[] | undefined, number: number | undefined = 1) =>
    state.transaction((tx) => tx.saveLinks([linkWrite('a', { number, reference: 'dn:a', otherReferences })]));
  await state.transaction(async (tx) => {
    await tx.saveLinks([
      linkWrite('a', { reference: 'dn:a', otherReferences: [one, 'uid:a', one] }),
      linkWrite('b', { reference: 'dn:b', otherReferences: [] }),
      linkWrite('own', { reference: 'uid:a' }),
      linkWrite('gone', { otherReferences: ['uid:gone'], presence: 'deleted' }),
      linkWrite('g', { objectType: 'group' }),
    ]);
    await tx.addPending([one, two].map((reference) => ({ groupLink: 5, reference })));
  });
  const told = async (reference: string) =>
    (await state.linksByReferences([reference]))
      .get(reference)
      ?.map(({ sourceKey, byOther }) => [sourceKey, byOther]);
  expect(await told(one)).toEqual([['a', true]]);
  expect(await told(two)).toBeUndefined();
  expect(await told('uid:a')).toEqual([
    ['a', true],
    ['own', undefined],
  ]);
  expect(await told('uid:gone')).toBeUndefined();
  expect((await state.pendingWithLinks(0, 10)).pending).toEqual([{ groupLink: 5, reference: one }]);
  await write(undefined);
  expect(await told(one)).toEqual([['a', true]]);
  await write(['uid:b', 'dn:a']);
  expect([await told(one), await told('uid:b'), await told('dn:a')]).toEqual([
    undefined,
    [['a', true]],
    [['a', true]],
  ]);
  await write([]);
  expect([await told('uid:b'), await told('dn:a')]).toEqual([undefined, [['a', undefined]]]);
  await write(['uid:c']);
  await state.transaction((tx) => tx.removeLinks([1]));
  expect(await told('uid:c')).toBeUndefined();
});

test('what waits for its member waits once, is found by member and by group, and goes with its group', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const state = store.syncState(environmentId, newUuid(), undefined);
  const other = store.syncState(environmentId, newUuid(), undefined);
  const [one, two] = collision();
  for (const each of [state, other])
    await each.transaction(async (tx) => {
      await tx.saveLinks([linkWrite('g', { objectType: 'group' }), linkWrite('h', { objectType: 'group' })]);
    });
  const wait = (groupLink: number, reference: string) => ({ groupLink, reference });
  await state.transaction(async (tx) => {
    await tx.addPending([wait(1, one), wait(1, two), wait(2, one), wait(1, one), wait(2, 'dn:x')]);
    await tx.addPending([wait(1, one), wait(1, 'dn:a')]);
  });
  await other.transaction((tx) => tx.addPending([wait(1, one)]));
  expect(await state.pendingByReferences([one, 'dn:nobody'])).toEqual([wait(1, one), wait(2, one)]);
  expect(await state.pendingByReferences([])).toEqual([]);
  expect(await state.countPending([1, 2, 3])).toEqual(
    new Map([
      [1, 3],
      [2, 2],
    ]),
  );
  const sorted = [one, two, 'dn:a'].sort();
  expect(await state.pendingOf(1, '', 10)).toEqual(sorted);
  expect(await state.pendingOf(1, sorted[0] ?? '', 1)).toEqual([sorted[1]]);
  // Only the one of two texts that share a hash.
  await state.transaction((tx) => tx.removePending([wait(1, two), wait(2, 'dn:nobody'), wait(9, one)]));
  expect(await state.pendingOf(1, '', 10)).toEqual([one, 'dn:a'].sort());
  await state.transaction((tx) => tx.clearPending([1]));
  expect(await state.countPending([1, 2])).toEqual(new Map([[2, 2]]));
  await state.transaction((tx) => tx.removeLinks([2]));
  expect(await state.countPending([1, 2])).toEqual(new Map());
  expect(await other.countPending([1])).toEqual(new Map([[1, 1]]));
});

test('a sweep meets everything that something is linked for by now, while it takes away what it has met', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const noise = store.syncState(environmentId, newUuid(), undefined);
  const state = store.syncState(environmentId, newUuid(), undefined);
  for (const each of [noise, state])
    await each.transaction(async (tx) => {
      await tx.saveLinks([
        linkWrite('g', { objectType: 'group' }),
        ...Array.from({ length: 50 }, (_, index) => linkWrite(`m${index}`, { reference: `dn:${index}` })),
        linkWrite('none', { reference: 'dn:none', targetId: undefined }),
        linkWrite('gone', { reference: 'dn:gone', presence: 'deleted' }),
      ]);
      await tx.addPending(
        Array.from({ length: 120 }, (_, index) => ({ groupLink: 1, reference: `dn:${index}` })),
      );
      await tx.addPending(['dn:none', 'dn:gone'].map((reference) => ({ groupLink: 1, reference })));
    });
  const met: string[] = [];
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page = await state.pendingWithLinks(after, 7);
    expect(page.pending.length).toBeLessThanOrEqual(7);
    met.push(...page.pending.map(({ reference }) => reference));
    after = page.next;
    await state.transaction((tx) => tx.removePending(page.pending));
  }
  expect(met).toEqual(Array.from({ length: 50 }, (_, index) => `dn:${index}`));
  expect(await state.pendingWithLinks(0, 100)).toEqual({ pending: [], next: undefined });
  expect(await state.countPending([1])).toEqual(new Map([[1, 72]]));
});

test('held removals of memberships are one list of the last run that added to it, group by group', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  const state = store.syncState(environmentId, ruleId, undefined);
  const held = (groupLink: number, id: string, objectType: 'user' | 'group' = 'user') => ({
    groupLink,
    member: { objectType, id },
    label: `label ${id}`,
    kept: id === 'b',
  });
  expect(await state.heldMembers()).toBeUndefined();
  await state.transaction(async (tx) => {
    await tx.saveLinks([linkWrite('g', { objectType: 'group' }), linkWrite('h', { objectType: 'group' })]);
    await tx.saveHeldMembers('run-1', [1], [held(1, 'a'), held(1, 'b'), held(1, 'a', 'group')]);
  });
  await state.transaction((tx) => tx.saveHeldMembers('run-2', [2], [held(2, 'c')]));
  expect(await state.heldMembers()).toEqual({
    runId: 'run-2',
    members: [held(1, 'a'), held(1, 'b'), held(1, 'a', 'group'), held(2, 'c')],
  });
  await state.transaction((tx) => tx.saveHeldMembers('run-3', [1], []));
  expect(await state.heldMembers()).toEqual({ runId: 'run-2', members: [held(2, 'c')] });
  await state.transaction((tx) => tx.addPending([{ groupLink: 2, reference: 'dn:x' }]));
  await store.ruleSyncs.remove(environmentId, ruleId);
  const reader = openReader(temporary.path);
  expect(
    reader.rows('SELECT count(*) FROM held_members UNION ALL SELECT count(*) FROM pending_members', []),
  ).toEqual([[0], [0]]);
  reader.close();
  expect(await state.heldMembers()).toBeUndefined();
});

test('who else holds an object: another rule that is active, by its name, and nobody of another tenant', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const plan = await store.plans.create({ environmentId, name: 'Plan' });
  const makeStore = (name: string, type: 'LdapGateway' | 'PingOne') =>
    store.stores.create({ environmentId, name, type, configuration: {} });
  const [source, target] = [await makeStore('AD', 'LdapGateway'), await makeStore('Directory', 'PingOne')];
  const makeRule = async (name: string, active: boolean) => {
    const { id } = await store.rules.create({
      environmentId,
      name,
      active,
      planId: plan.id,
      sourceStoreId: source.id,
      targetStoreId: target.id,
      configuration: {},
    });
    await store.syncState(environmentId, id, undefined).transaction(async (tx) => {
      await tx.saveLinks([
        linkWrite('a', { objectType: 'group', targetId: `only ${name}` }),
        linkWrite('b', { objectType: 'group', targetId: 'shared' }),
      ]);
    });
    return id;
  };
  const [first] = [
    await makeRule('first', true),
    await makeRule('second', true),
    await makeRule('idle', false),
  ];
  const asked = ['only first', 'only second', 'only idle', 'shared', 'nobody'];
  const expected = new Map([
    ['only second', 'second'],
    ['shared', 'second'],
  ]);
  expect(await store.links.heldByOthers(environmentId, first, 'group', asked)).toEqual(expected);
  expect(await store.links.heldByOthers(environmentId, first, 'user', asked)).toEqual(new Map());
  const other = (await store.environments.create({ name: 'Other', type: 'SANDBOX', region: 'EU' })).id;
  expect(await store.links.heldByOthers(other, first, 'group', asked)).toEqual(new Map());
});

test('what groups lost is summed over a window and forgotten with the group', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId, path } = temporary;
  const state = store.syncState(environmentId, newUuid(), undefined);
  const hour = 3_600_000;
  const now = 100 * hour;
  await state.transaction(async (tx) => {
    await tx.saveLinks([linkWrite('g', { objectType: 'group' }), linkWrite('h', { objectType: 'group' })]);
    await tx.recordMemberRemovals(now - 30 * hour, [{ groupLink: 1, count: 7 }]);
    await tx.recordMemberRemovals(now - hour, [{ groupLink: 1, count: 5 }]);
  });
  for (const at of [now - 90_000, now, now])
    await state.transaction((tx) =>
      tx.recordMemberRemovals(at, [
        { groupLink: 1, count: 2 },
        { groupLink: 2, count: 1 },
      ]),
    );
  expect(await state.membersRemovedSince([1, 2, 3], now - hour)).toEqual(
    new Map([
      [1, 11],
      [2, 3],
    ]),
  );
  expect(await state.membersRemovedSince([1], now - hour + 60_000)).toEqual(new Map([[1, 6]]));
  expect(await state.membersRemovedSince([], 0)).toEqual(new Map());
  const rows = () => {
    const reader = openReader(path);
    const [row] = reader.rows('SELECT count(*) FROM member_removals', []);
    reader.close();
    return row?.[0];
  };
  // The minutes of a day, and no more: 30 hours ago is forgotten.
  expect(rows()).toBe(5);
  await state.transaction((tx) => tx.removeLinks([1]));
  expect(rows()).toBe(2);
});
