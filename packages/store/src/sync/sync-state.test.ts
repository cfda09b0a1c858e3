import { newUuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import type { SyncState } from '../record/sync-records.ts';
import { openReader } from '../sqlite/open-connection.ts';
import { journalEntry, linkWrite, runProgress } from '../testing/sync-values.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

test('a rule that never ran reads as empty', async () => {
  await using temporary = await temporaryStore();
  const state = temporary.store.syncState(temporary.environmentId, newUuid(), undefined);
  expect([
    await state.linksByKeys('user', ['a']),
    await state.linksByTargets('user', ['a']),
    await state.scanLinks('user', 0, 10),
    await state.linkNumbers('user', 0, 10),
    await state.linksByNumbers([1]),
    await state.countLinked('user'),
    await state.dueDeletions('user', 1e15, 10),
    await state.position(),
    await state.lastFullRead('user'),
    await state.held('user'),
    await state.runs(['a']),
    await state.removedSince('user', 0),
    await state.appliedDigest(),
    await state.linksByReferences(['a']),
    await state.pendingByReferences(['a']),
    await state.countPending([1]),
    await state.pendingOf(1, '', 10),
    await state.pendingWithLinks(0, 10),
    await state.heldMembers(),
  ]).toEqual([
    new Map(),
    new Map(),
    [],
    [],
    [],
    0,
    [],
    undefined,
    undefined,
    undefined,
    [],
    0,
    undefined,
    new Map(),
    [],
    new Map(),
    [],
    { pending: [], next: undefined },
    undefined,
  ]);
});

test('everything that is saved is read back, each kind of object and each rule apart', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [one, two] = [newUuid(), newUuid()];
  const state = store.syncState(environmentId, one, undefined);
  const other = store.syncState(environmentId, two, undefined);
  const runId = newUuid();
  const full = {
    objectType: 'user',
    presence: 'outOfScope',
    status: 'FAILED',
    outcome: 'failed',
    reason: 'refused: é "quoted"',
    errorCode: 'X',
    disabledByRule: true,
    deleteAfter: 5000,
    targetId: undefined,
  } as const;
  await state.transaction(async (tx) => {
    expect(await tx.saveLinks([linkWrite('a'), linkWrite('b', full)])).toEqual([1, 2]);
    expect(await tx.saveLinks([linkWrite('a', { objectType: 'group' })])).toEqual([3]);
    await tx.savePosition({ strategy: 'usn', value: '{"usn":12}' });
    await tx.saveLastFullRead('user', { objects: 2, basesRead: ['dc=corp'], endedAt: 9 }, 'digest-1');
    await tx.saveHeld(runId, 'user', [
      {
        linkNumber: 2,
        objectType: 'user',
        sourceKey: 'b',
        place: 'p',
        label: 'b',
        how: 'deleted',
        detail: 'd',
        firstRunId: runId,
      },
    ]);
  });
  await other.transaction(async (tx) => {
    expect(await tx.saveLinks([linkWrite('a')])).toEqual([1]);
  });
  const { number: _, reference: __, ...b } = linkWrite('b', full);
  expect((await state.linksByKeys('user', ['a', 'b', 'c'])).get('b')).toEqual({ number: 2, ...b });
  expect([...(await state.linksByTargets('user', ['target-a', 'target-b'])).keys()]).toEqual(['target-a']);
  expect((await state.scanLinks('user', 1, 10)).map((link) => link.sourceKey)).toEqual(['b']);
  expect(await state.linkNumbers('user', 0, 10)).toEqual([1, 2]);
  expect(await state.linkNumbers('user', 0, 1)).toEqual([1]);
  expect((await state.linksByNumbers([3, 1, 9])).map((link) => [link.number, link.objectType])).toEqual([
    [1, 'user'],
    [3, 'group'],
  ]);
  expect([
    await state.countLinked('user'),
    await state.countLinked('group'),
    await other.countLinked('group'),
  ]).toEqual([1, 1, 0]);
  expect((await state.dueDeletions('user', 5001, 10)).map((link) => link.sourceKey)).toEqual(['b']);
  expect(await state.dueDeletions('user', 5000, 10)).toEqual([]);
  expect(await state.position()).toEqual({ strategy: 'usn', value: '{"usn":12}' });
  expect(await other.position()).toBeUndefined();
  expect(await state.lastFullRead('user')).toEqual({ objects: 2, basesRead: ['dc=corp'], endedAt: 9 });
  expect(await state.lastFullRead('group')).toBeUndefined();
  expect(await state.appliedDigest()).toBe('digest-1');
  expect(await state.held('user')).toMatchObject({ runId, removals: [{ linkNumber: 2, how: 'deleted' }] });
  await state.transaction(async (tx) => {
    expect(await tx.saveLinks([linkWrite('b', { number: 2, place: 'moved' })])).toEqual([2]);
    await tx.removeLinks([1]);
    await tx.clearHeld('user');
    await tx.savePosition(undefined);
  });
  expect((await state.scanLinks('user', 0, 10)).map((link) => [link.number, link.place])).toEqual([
    [2, 'moved'],
  ]);
  expect([await state.held('user'), await state.position()]).toEqual([undefined, undefined]);
  // Numbers are never used again.
  await state.transaction(async (tx) => {
    expect(await tx.saveLinks([linkWrite('a')])).toEqual([4]);
  });
});

test('a transaction is all or nothing, and readers see nothing of it before its end', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const state = store.syncState(environmentId, newUuid(), undefined);
  const id = newUuid();
  const work = async (tx: Parameters<Parameters<SyncState['transaction']>[0]>[0]): Promise<void> => {
    await tx.saveLinks([linkWrite('a')]);
    const [result] = await store.users.writeMany(
      environmentId,
      [{ kind: 'create', id, populationId: undefined, enabled: true, profile: { username: 'ana' } }],
      tx,
    );
    expect(result?.ok).toBe(true);
    expect(await state.linksByKeys('user', ['a'])).toEqual(new Map());
    expect((await store.users.versions(environmentId, [id])).size).toBe(0);
  };
  await expect(
    state.transaction(async (tx) => {
      await work(tx);
      throw new Error('in the middle');
    }),
  ).rejects.toThrow('in the middle');
  expect([
    (await state.linksByKeys('user', ['a'])).size,
    (await store.users.versions(environmentId, [id])).size,
  ]).toEqual([0, 0]);
  await state.transaction(work);
  expect([
    (await state.linksByKeys('user', ['a'])).size,
    (await store.users.versions(environmentId, [id])).size,
  ]).toEqual([1, 1]);
});

test('a write inside a transaction that forgets to pass it on is refused instead of waiting for ever', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const state = store.syncState(environmentId, newUuid(), undefined);
  let kept: object | undefined;
  await expect(
    state.transaction(async (tx) => {
      kept = tx;
      await store.users.create({ environmentId, profile: { username: 'x' } });
    }),
  ).rejects.toMatchObject({ code: 'STORE_NESTED_WRITE' });
  await expect(store.users.writeMany(environmentId, [], kept)).rejects.toMatchObject({
    code: 'STORE_TRANSACTION_OVER',
  });
  await store.users.create({ environmentId, profile: { username: 'x' } });
});

test('the journal is listed by rule, run, target, outcome and time, newest first, in pages', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [one, two] = [newUuid(), newUuid()];
  const [run1, run2] = [newUuid(), newUuid()];
  const hour = 3_600_000;
  const masked = { attribute: 'password', before: ['old'], after: ['secret'], masked: true };
  await store.syncState(environmentId, one, undefined).transaction(async (tx) => {
    await tx.saveRun(runProgress(run1));
    await tx.appendJournal(run1, [
      journalEntry('a', { at: 10 * hour, changes: [masked] }),
      journalEntry('b', { at: 20 * hour }),
    ]);
  });
  await store.syncState(environmentId, two, undefined).transaction(async (tx) => {
    await tx.appendJournal(run2, [journalEntry('a', { at: 30 * hour, outcome: 'updated' })]);
    await tx.saveRun(runProgress(run2, { type: 'delta', status: 'completed', endedAt: 31 * hour }));
  });
  await store.syncState(environmentId, one, undefined).transaction(async (tx) => {
    await tx.appendJournal(run1, [journalEntry('c', { at: 40 * hour })]);
  });
  const labels = async (request: object): Promise<readonly string[]> =>
    (await store.journal.list(environmentId, { limit: 10, ...request })).items.map((line) => line.label);
  expect(await labels({})).toEqual(['c', 'a', 'b', 'a']);
  expect(await labels({ ruleId: one })).toEqual(['c', 'b', 'a']);
  expect(await labels({ runId: run2 })).toEqual(['a']);
  expect(await labels({ runId: run1 })).toEqual(['c', 'b', 'a']);
  expect(await labels({ targetId: 'target-a' })).toEqual(['a', 'a']);
  expect(await labels({ outcome: 'updated' })).toEqual(['a']);
  expect(await labels({ from: 20 * hour, until: 40 * hour })).toEqual(['a', 'b']);
  const first = await store.journal.list(environmentId, { limit: 3 });
  const second = await store.journal.list(environmentId, { limit: 3, cursor: first.nextCursor });
  expect([first.count, second.items.map((line) => line.label), second.nextCursor]).toEqual([
    4,
    ['a'],
    undefined,
  ]);
  expect(second.items[0]?.changes).toEqual([{ attribute: 'password', before: [], after: [], masked: true }]);
  const stored = JSON.stringify((await store.journal.list(environmentId, { limit: 10 })).items);
  expect(stored).not.toContain('secret');
  const runs = await store.runs.list(environmentId, { limit: 10 });
  expect(runs.items.map((run) => [run.runId, run.ruleId, run.type, run.status])).toEqual([
    [run2, two, 'delta', 'completed'],
    [run1, one, 'full', 'running'],
  ]);
});

test('removals add up by rule, kind of object and time, only with the rest of their transaction, and old ones are dropped', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId, path } = temporary;
  const rules = [newUuid(), newUuid()] as const;
  const [state, other] = [
    store.syncState(environmentId, rules[0], undefined),
    store.syncState(environmentId, rules[1], undefined),
  ];
  const day = 86_400_000;
  await state.transaction(async (tx) => {
    await tx.recordRemovals('user', day, 3);
    await tx.recordRemovals('user', day, 4);
    await tx.recordRemovals('user', day + 10, 5);
    await tx.recordRemovals('group', day, 100);
  });
  await other.transaction((tx) => tx.recordRemovals('user', day, 1000));
  await expect(
    state.transaction(async (tx) => {
      await tx.recordRemovals('user', day, 50);
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');
  expect(
    await Promise.all([day, day + 1, day + 10, day + 11].map((at) => state.removedSince('user', at))),
  ).toEqual([12, 5, 5, 0]);
  expect([await state.removedSince('group', 0), await other.removedSince('user', 0)]).toEqual([100, 1000]);
  await state.transaction((tx) => tx.recordRemovals('user', 2 * day + 5, 1));
  expect(await state.removedSince('user', 0)).toBe(6);
  expect([await state.removedSince('group', 0), await other.removedSince('user', 0)]).toEqual([100, 1000]);
  const reader = openReader(path);
  const rows = () => reader.row('SELECT count(*) FROM removals', [])?.[0];
  await store.ruleSyncs.remove(environmentId, rules[0]);
  expect([await state.removedSince('user', 0), await other.removedSince('user', 0), Number(rows())]).toEqual([
    0, 1000, 1,
  ]);
  await store.environments.remove(environmentId);
  expect(Number(rows())).toBe(0);
  reader.close();
});

test('a rule that is forgotten leaves nothing behind and another rule alone', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [gone, kept] = [newUuid(), newUuid()];
  for (const ruleId of [gone, kept])
    await store.syncState(environmentId, ruleId, undefined).transaction(async (tx) => {
      await tx.saveLinks([linkWrite('a'), linkWrite('b')]);
      await tx.appendJournal(newUuid(), [journalEntry('a')]);
    });
  await store.ruleSyncs.remove(environmentId, gone);
  expect((await store.journal.list(environmentId, { limit: 10 })).items.map((line) => line.ruleId)).toEqual([
    kept,
  ]);
  expect((await store.links.list(environmentId, gone, { limit: 10 })).count).toBe(0);
  expect((await store.links.list(environmentId, kept, { limit: 10 })).count).toBe(2);
  expect(await store.ruleSyncs.get(environmentId, gone)).toBeUndefined();
});
