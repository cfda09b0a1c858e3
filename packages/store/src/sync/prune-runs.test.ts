import { newUuid, type RunStatus, type RunType, type Uuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { journalEntry, linkWrite, runProgress } from '../testing/sync-values.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

const never = new AbortController().signal;

async function addRun(
  store: Store,
  environmentId: Uuid,
  ruleId: Uuid,
  endedAt: number,
  more: { readonly status?: RunStatus; readonly type?: RunType; readonly lines?: number } = {},
): Promise<Uuid> {
  const runId = newUuid();
  const { status = 'completed', type = 'delta', lines = 1 } = more;
  await store.syncState(environmentId, ruleId, undefined).transaction(async (tx) => {
    await tx.saveRun(
      runProgress(runId, { type, status, ...(status === 'running' ? {} : { endedAt }), startedAt: endedAt }),
    );
    await tx.appendJournal(
      runId,
      Array.from({ length: lines }, (_, index) => journalEntry(`k${index}`, { at: endedAt })),
    );
  });
  return runId;
}

async function idsOf(store: Store, environmentId: Uuid, ruleId: Uuid): Promise<readonly string[]> {
  return (await store.runs.list(environmentId, { ruleId, limit: 100 })).items.map(({ runId }) => runId);
}

test('runs go by age and by number, with their lines and nobody else’s', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [ruleId, other] = [newUuid(), newUuid()];
  const old = await addRun(store, environmentId, ruleId, 1000, { lines: 2500 });
  const elsewhere = await addRun(store, environmentId, other, 1000, { lines: 3 });
  const full = await addRun(store, environmentId, ruleId, 2000, { type: 'full' });
  const later = [];
  for (let at = 0; at < 6; at += 1) later.push(await addRun(store, environmentId, ruleId, 5000 + at));
  expect(await store.runs.prune(environmentId, ruleId, { endedBefore: 4000, keep: 100 }, never)).toBe(1);
  expect(await idsOf(store, environmentId, ruleId)).not.toContain(old);
  expect((await store.journal.list(environmentId, { ruleId, limit: 10 })).count).toBe(7);
  expect((await store.journal.list(environmentId, { runId: elsewhere, limit: 10 })).count).toBe(3);
  expect(await store.runs.prune(environmentId, ruleId, { endedBefore: 0, keep: 2 }, never)).toBe(4);
  // The full run is the newest of its kind: a restarted server looks at it.
  expect(await idsOf(store, environmentId, ruleId)).toEqual([...later.slice(-2).reverse(), full]);
  expect((await store.journal.list(environmentId, { ruleId, limit: 10 })).count).toBe(3);
});

test('a run whose removals wait, of objects or of memberships, is never touched, nor one that goes on', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  const state = store.syncState(environmentId, ruleId, undefined);
  const objects = await addRun(store, environmentId, ruleId, 1000, { status: 'held' });
  const members = await addRun(store, environmentId, ruleId, 1001, { status: 'held' });
  const decided = await addRun(store, environmentId, ruleId, 1002, { status: 'held' });
  const running = await addRun(store, environmentId, ruleId, 1003, { status: 'running' });
  await state.transaction(async (tx) => {
    const [user, group] = await tx.saveLinks([
      linkWrite('a', { presence: 'deleted', status: 'HELD' }),
      linkWrite('g', { objectType: 'group', status: 'HELD' }),
    ]);
    if (user === undefined || group === undefined) throw new Error('two links were saved');
    await tx.saveHeld(objects, 'user', [
      {
        linkNumber: user,
        objectType: 'user',
        sourceKey: 'a',
        place: 'CN=a',
        label: 'ann',
        how: 'deleted',
        detail: '',
        firstRunId: objects,
      },
    ]);
    await tx.saveHeldMembers(
      members,
      [group],
      ['m1', 'm2', 'm3'].map((id) => ({
        groupLink: group,
        member: { objectType: 'user', id },
        label: `member ${id}`,
        kept: id === 'm3',
      })),
    );
  });
  await addRun(store, environmentId, ruleId, 9000, { type: 'full' });
  await store.runs.prune(environmentId, ruleId, { endedBefore: 8000, keep: 1 }, never);
  const left = await idsOf(store, environmentId, ruleId);
  expect(left).toEqual(expect.arrayContaining([objects, members, running]));
  expect(left).not.toContain(decided);
  expect(await store.held.count(environmentId, ruleId)).toEqual({
    users: 1,
    groups: 0,
    memberships: 2,
    runIds: [objects, members],
  });
  expect(await store.held.count(environmentId, ruleId, members)).toEqual({
    users: 0,
    groups: 0,
    memberships: 2,
    runIds: [members],
  });
  const first = await store.held.listMembers(environmentId, { ruleId, runId: members, limit: 1 });
  expect(first).toMatchObject({
    count: 2,
    items: [{ label: 'member m1', member: { id: 'm1' }, group: { sourceKey: 'g', place: 'CN=g,DC=corp' } }],
  });
  const second = await store.held.listMembers(environmentId, {
    ruleId,
    runId: members,
    limit: 1,
    cursor: first.nextCursor,
  });
  expect(second.items.map(({ label }) => label)).toEqual(['member m2']);
  expect(second.nextCursor).toBeUndefined();
  expect((await store.held.list(environmentId, { ruleId, runId: members, limit: 10 })).count).toBe(0);
});

test('old activities go, oldest first, and newer ones stay', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const before = (await store.activities.list(environmentId, { limit: 1 })).count;
  await store.activities.append(
    Array.from({ length: 1200 }, (_, at) => ({
      environmentId,
      at,
      actor: { type: 'APPLICATION', id: at % 2 === 0 ? 'even' : 'odd', name: undefined },
      action: 'RULES.CREATE',
      resource: { type: 'RULES', id: `r${at}`, name: undefined },
      detail: {},
    })),
  );
  expect(await store.activities.prune(1100, never)).toBe(1100);
  expect((await store.activities.list(environmentId, { limit: 1 })).count).toBe(before + 100);
  expect((await store.activities.list(environmentId, { limit: 1, actorId: 'odd' })).count).toBe(50);
});
