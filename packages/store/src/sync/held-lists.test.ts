import { join } from 'node:path';
import { newUuid, type Uuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import { migrate } from '../migration/migrate.ts';
import { MIGRATIONS } from '../migration/migrations.ts';
import { openStore } from '../open-store.ts';
import type { HeldRemoval } from '../record/sync-records.ts';
import { openReader, openWriter } from '../sqlite/open-connection.ts';
import type { Store } from '../store.ts';
import { runProgress } from '../testing/sync-values.ts';
import { temporaryFolder, temporaryStore } from '../testing/temporary-store.ts';

function removal(linkNumber: number, firstRunId: string, change: Partial<HeldRemoval> = {}): HeldRemoval {
  const name = `p${linkNumber}`;
  return {
    linkNumber,
    objectType: 'user',
    sourceKey: name,
    place: `CN=${name}`,
    label: name,
    how: 'deleted',
    detail: '',
    firstRunId,
    ...change,
  };
}

/** What the list of a run shows, as it is listed and as it is counted. */
async function shown(
  store: Store,
  environmentId: Uuid,
  ruleId: Uuid,
  runId: Uuid,
): Promise<readonly string[]> {
  const { items, count } = await store.held.list(environmentId, { ruleId, runId, limit: 100 });
  const counted = await store.held.count(environmentId, ruleId, runId);
  expect([count, counted.users + counted.groups]).toEqual([items.length, items.length]);
  return items.map(({ label }) => label);
}

test('the list of a run shows what it or one before it listed first, of the types of which it made a list', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId, path } = temporary;
  const ruleId = newUuid();
  const state = store.syncState(environmentId, ruleId, undefined);
  // The order is that of the lists: a clock set back gives a later run a smaller id.
  const [last, first, between, groups] = [newUuid(), newUuid(), newUuid(), newUuid()];
  const group = removal(9, groups, { objectType: 'group' });
  await state.transaction((tx) => tx.saveHeld(first, 'user', [removal(1, first), removal(2, first)]));
  await state.transaction((tx) => tx.saveHeld(groups, 'group', [group]));
  await state.transaction((tx) => tx.saveHeld(between, 'user', [removal(1, first), removal(2, first)]));
  await state.transaction((tx) =>
    tx.saveHeld(last, 'user', [removal(1, first), removal(2, last, { how: 'outOfScope' }), removal(3, last)]),
  );
  expect(await state.held('user')).toMatchObject({ runId: last, listedBy: [first, between, last] });
  expect((await state.held('user'))?.removals.map(({ firstRunId }) => firstRunId)).toEqual([
    first,
    last,
    last,
  ]);
  expect(await state.held('group')).toEqual({ runId: groups, listedBy: [groups], removals: [group] });
  const of = (runId: Uuid): Promise<readonly string[]> => shown(store, environmentId, ruleId, runId);
  expect([await of(first), await of(between), await of(last), await of(groups), await of(newUuid())]).toEqual(
    [['p1'], ['p1'], ['p1', 'p2', 'p3'], ['p9'], []],
  );
  expect(await store.held.count(environmentId, ruleId)).toMatchObject({
    users: 3,
    groups: 1,
    runIds: [last, groups],
  });

  // Decided about by the first run's name: the rest goes on waiting under the last one's.
  await state.transaction((tx) => tx.saveHeld(last, 'user', [removal(2, last), removal(3, last)]));
  expect((await state.held('user'))?.listedBy).toEqual([first, between, last]);
  expect([await of(first), await of(last)]).toEqual([[], ['p2', 'p3']]);
  await state.transaction((tx) => tx.saveHeld(last, 'user', []));
  await state.transaction((tx) => tx.clearHeld('group'));
  expect([await state.held('user'), await state.held('group')]).toEqual([undefined, undefined]);
  await state.transaction((tx) => tx.saveHeld(first, 'user', [removal(1, first)]));
  expect((await state.held('user'))?.listedBy).toEqual([first]);
  const reader = openReader(path);
  const rows = (): number => Number(reader.row('SELECT count(*) FROM held_lists', [])?.[0]);
  expect(rows()).toBe(1);
  await store.environments.remove(environmentId);
  expect(rows()).toBe(0);
  reader.close();
});

test('runs are read by their ids, oldest first, and only those of the rule', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const state = store.syncState(environmentId, newUuid(), undefined);
  const [one, two, other] = [newUuid(), newUuid(), newUuid()];
  const held = runProgress(one, {
    status: 'held',
    errorCode: 'REMOVALS_HELD',
    errorMessage: 'four',
    endedAt: 9,
  });
  await state.transaction(async (tx) => {
    await tx.saveRun(held);
    await tx.saveRun(runProgress(two));
  });
  await store
    .syncState(environmentId, newUuid(), undefined)
    .transaction((tx) => tx.saveRun(runProgress(other)));
  const read = await state.runs([two, other, one, newUuid()]);
  expect(read).toMatchObject([held, runProgress(two)]);
  expect(read).toHaveLength(2);
  expect(await state.runs([])).toEqual([]);
});

test('a run that is pruned is forgotten with its list, without changing what the lists of others show', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ruleId = newUuid();
  const state = store.syncState(environmentId, ruleId, undefined);
  const [full, added, again, last] = [newUuid(), newUuid(), newUuid(), newUuid()];
  const lists: readonly [Uuid, 'full' | 'delta', readonly HeldRemoval[]][] = [
    [full, 'full', [removal(1, full)]],
    [added, 'delta', [removal(1, full), removal(2, added)]],
    [again, 'delta', [removal(1, full), removal(2, added)]],
    [last, 'delta', [removal(1, full), removal(2, added), removal(3, last)]],
  ];
  for (const [runId, type, removals] of lists)
    await state.transaction(async (tx) => {
      await tx.saveRun(runProgress(runId, { type, status: 'held', endedAt: 10 }));
      await tx.saveHeld(runId, 'user', removals);
    });
  const never = new AbortController().signal;
  // The newest full run and the last one stay, whatever their age.
  expect(await store.runs.prune(environmentId, ruleId, { endedBefore: 1000, keep: 100 }, never)).toBe(2);
  expect((await state.held('user'))?.listedBy).toEqual([full, added, last]);
  expect(await shown(store, environmentId, ruleId, full)).toEqual(['p1']);
  expect(await shown(store, environmentId, ruleId, last)).toEqual(['p1', 'p2', 'p3']);
});

test('a list from before is taken for listed by the run whose list it is', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const before = openWriter(path);
  migrate(before, MIGRATIONS.slice(0, 5));
  const [environmentId, ruleId, runId] = [newUuid(), newUuid(), newUuid()];
  before.exec(`
    INSERT INTO environments (number, id, name, type, region, status, created_at, updated_at)
      VALUES (1, '${environmentId}', 'Corp', 'SANDBOX', 'EU', 'ACTIVE', 0, 0);
    INSERT INTO rule_syncs (number, environment_no, rule_id, last_link_number) VALUES (1, 1, '${ruleId}', 2);
    INSERT INTO held_removals (environment_no, rule_no, object_type, link_number, run_id, source_key, place, label, how, detail)
      VALUES (1, 1, 0, 1, '${runId}', 'p1', 'CN=p1', 'p1', 'deleted', ''), (1, 1, 0, 2, '${runId}', 'p2', 'CN=p2', 'p2', 'deleted', '');`);
  before.close();
  const store = await openStore({ url: `sqlite:${path}` });
  expect(await store.syncState(environmentId, ruleId, undefined).held('user')).toEqual({
    runId,
    listedBy: [runId],
    removals: [removal(1, runId), removal(2, runId)],
  });
  expect(await shown(store, environmentId, ruleId, runId)).toEqual(['p1', 'p2']);
  await store.close();
});
