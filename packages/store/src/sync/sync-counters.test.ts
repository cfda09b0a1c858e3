import { newUuid, type Uuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import type { LinkWrite } from '../record/sync-records.ts';
import type { Store } from '../store.ts';
import { linkWrite } from '../testing/sync-values.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

async function save(
  store: Store,
  environmentId: Uuid,
  ruleId: Uuid,
  links: readonly LinkWrite[],
): Promise<void> {
  await store.syncState(environmentId, ruleId, undefined).transaction(async (tx) => {
    await tx.saveLinks(links);
  });
}

const five = ['a', 'b', 'c', 'd', 'e'];

test('two users that fail at the target: impacted 2, failed 2; their groups succeed', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  await save(store, environmentId, ruleId, [
    ...['a', 'b'].map((key) => linkWrite(key, { status: 'FAILED', outcome: 'failed', targetId: undefined })),
    ...['g', 'h'].map((key) => linkWrite(key, { objectType: 'group' })),
  ]);
  expect(await store.links.counters(environmentId, ruleId, 'user')).toMatchObject({
    impacted: 2,
    success: 0,
    unsynced: 0,
    partialSynced: 0,
    failed: 2,
  });
  expect(await store.links.counters(environmentId, ruleId, 'group')).toMatchObject({
    impacted: 2,
    success: 2,
    failed: 0,
  });
});

test('five groups of which one failed with a membership: success 4, failed 1', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  await save(
    store,
    environmentId,
    ruleId,
    five.map((key, index) =>
      linkWrite(key, { objectType: 'group', ...(index === 0 ? { status: 'FAILED' } : {}) }),
    ),
  );
  expect(await store.links.counters(environmentId, ruleId, 'group')).toMatchObject({
    impacted: 5,
    success: 4,
    failed: 1,
  });
});

test('five users whose creation is not allowed: unsynced 5', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  await save(
    store,
    environmentId,
    ruleId,
    five.map((key) => linkWrite(key, { status: 'UNSYNCED', outcome: 'skipped', targetId: undefined })),
  );
  expect(await store.links.counters(environmentId, ruleId, 'user')).toMatchObject({
    impacted: 5,
    success: 0,
    unsynced: 5,
  });
});

test('five users synced, then one changes and updates are off: success stays 5 beside partial synced 1', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  await save(
    store,
    environmentId,
    ruleId,
    five.map((key) => linkWrite(key)),
  );
  await save(store, environmentId, ruleId, [
    linkWrite('c', { number: 3, status: 'PARTIAL_SYNCED', outcome: 'skipped', lastSyncAt: 2000 }),
  ]);
  expect(await store.links.counters(environmentId, ruleId, 'user')).toMatchObject({
    impacted: 5,
    success: 5,
    partialSynced: 1,
    states: { SUCCESS: 4, PARTIAL_SYNCED: 1 },
  });
  const [line] = (await store.links.list(environmentId, ruleId, { limit: 10, status: 'PARTIAL_SYNCED' }))
    .items;
  expect(line).toMatchObject({ number: 3, lastSyncAt: 2000, lastSuccessAt: 1000 });
  // One that was never in step has not succeeded.
  await save(store, environmentId, ruleId, [linkWrite('f', { status: 'PARTIAL_SYNCED' })]);
  expect(await store.links.counters(environmentId, ruleId, 'user')).toMatchObject({
    impacted: 6,
    success: 5,
    partialSynced: 2,
  });
});

test('what is gone counts until it is settled, and removals that were refused by themselves', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  await save(store, environmentId, ruleId, [
    linkWrite('a'),
    linkWrite('b', { presence: 'deleted', status: 'HELD', outcome: 'held' }),
    linkWrite('c', { presence: 'outOfScope', status: 'SUCCESS', outcome: 'disabled' }),
    linkWrite('d', { presence: 'deleted', status: 'FAILED', outcome: 'failed' }),
    linkWrite('e', { presence: 'kept', status: 'UNSYNCED' }),
    linkWrite('f', { status: 'CONFLICT', outcome: 'conflict', targetId: undefined }),
  ]);
  expect(await store.links.counters(environmentId, ruleId, 'user')).toMatchObject({
    impacted: 4,
    inScope: 2,
    success: 1,
    held: 1,
    failed: 2,
    failedDeprovision: 1,
    conflict: 1,
    unsynced: 0,
    states: {
      SUCCESS: 1,
      HELD: 1,
      FAILED: 1,
      UNSYNCED: 0,
      CONFLICT: 1,
      PARTIAL_SYNCED: 0,
      REMOVED: 1,
      KEPT: 1,
    },
  });
  // Each state lists what it counts.
  for (const [status, keys] of [
    ['SUCCESS', ['a']],
    ['REMOVED', ['c']],
    ['KEPT', ['e']],
    ['UNSYNCED', []],
    ['HELD', ['b']],
  ] as const)
    expect(
      (await store.links.list(environmentId, ruleId, { limit: 10, status })).items.map(
        (one) => one.sourceKey,
      ),
      status,
    ).toEqual(keys);
  // A removal that was refused before the last revision is that revision's no more.
  expect((await store.links.counters(environmentId, ruleId, 'user', 1000)).failedDeprovision).toBe(1);
  expect((await store.links.counters(environmentId, ruleId, 'user', 1001)).failedDeprovision).toBe(0);
});

test('a group whose membership removals are held was synced and may be out of date', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  await save(store, environmentId, ruleId, [linkWrite('g', { objectType: 'group' })]);
  await save(store, environmentId, ruleId, [
    linkWrite('g', { objectType: 'group', number: 1, status: 'HELD' }),
  ]);
  expect(await store.links.counters(environmentId, ruleId, 'group')).toMatchObject({
    impacted: 1,
    success: 1,
    partialSynced: 1,
    held: 1,
    failed: 0,
    states: { SUCCESS: 0, HELD: 1 },
  });
});

test('links are found by a part of the place, of the username and of the group name, in any letter case', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  const user = await store.users.create({ environmentId, profile: { username: 'Ärmel_50%' } });
  const group = await store.groups.create({ environmentId, profile: { name: 'Night Watch' } });
  await save(store, environmentId, ruleId, [
    linkWrite('a', { targetId: user.id }),
    linkWrite('b', { objectType: 'group', targetId: group.id }),
    linkWrite('c', { place: 'CN=Öl_Platform,DC=corp' }),
  ]);
  const found = async (contains: string): Promise<readonly string[]> =>
    (await store.links.list(environmentId, ruleId, { limit: 10, contains })).items.map(
      (one) => one.sourceKey,
    );
  expect(await found('ärmel_50%')).toEqual(['a']);
  expect(await found('t wATc')).toEqual(['b']);
  expect(await found('öl_p')).toEqual(['c']);
  expect(await found('_')).toEqual(['a', 'c']);
  expect(await found('corp')).toEqual(['a', 'b', 'c']);
});

test('links are listed by status in pages, and the rules of a user are found', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [one, two] = [newUuid(), newUuid()];
  await save(
    store,
    environmentId,
    one,
    Array.from({ length: 25 }, (_, index) =>
      linkWrite(`k${index}`, index % 2 === 0 ? {} : { status: 'FAILED' }),
    ),
  );
  await save(store, environmentId, two, [linkWrite('other', { targetId: 'target-k3', status: 'UNSYNCED' })]);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.links.list(environmentId, one, { limit: 5, status: 'FAILED', cursor });
    expect(page.count).toBe(12);
    seen.push(...page.items.map((link) => link.sourceKey));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => `k${index * 2 + 1}`));
  expect(
    (await store.links.list(environmentId, one, { limit: 100, status: 'SUCCESS', objectType: 'user' })).count,
  ).toBe(13);
  expect(
    (await store.links.syncedRules(environmentId, 'user', 'target-k3')).map(({ ruleId, link }) => [
      ruleId,
      link.status,
    ]),
  ).toEqual([
    [one, 'FAILED'],
    [two, 'UNSYNCED'],
  ]);
});
