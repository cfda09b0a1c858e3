import { newUuid, type User, type Uuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import { temporaryStore } from '../testing/temporary-store.ts';

test('a user is written whole, replaced, patched, moved, disabled and removed, and each write is in the feed', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const made = await store.users.create({
    environmentId,
    profile: {
      username: 'Ana',
      email: 'Ana@Corp.example',
      name: { given: 'Ana', family: 'Silva' },
      badge: { deep: [1] },
    },
    state: { mfaEnabled: true },
  });
  expect(made).toEqual(await store.users.get(environmentId, made.id));
  expect(made).toMatchObject({
    enabled: true,
    sequence: 1,
    state: { mfaEnabled: true },
    profile: { badge: { deep: [1] } },
  });

  const patched = await store.users.patch(environmentId, made.id, {
    name: { given: null, middle: 'M' },
    title: 'Dr',
    badge: null,
  });
  expect(patched.profile).toEqual({
    username: 'Ana',
    email: 'Ana@Corp.example',
    name: { family: 'Silva', middle: 'M' },
    title: 'Dr',
  });
  const replaced = await store.users.replace(environmentId, made.id, { username: 'ana' });
  expect(replaced.profile).toEqual({ username: 'ana' });
  const unchanged = await store.users.replace(environmentId, made.id, { username: 'ana' });
  expect(unchanged).toEqual(replaced);
  const population = await store.populations.create({ environmentId, name: 'Staff' });
  expect((await store.users.setPopulation(environmentId, made.id, population.id)).populationId).toBe(
    population.id,
  );
  expect((await store.users.setEnabled(environmentId, made.id, false)).enabled).toBe(false);
  const unlocked = await store.users.setState(environmentId, made.id, {
    mfaEnabled: undefined,
    verifyStatus: 'ENABLED',
  });
  expect(unlocked.state).toEqual({ verifyStatus: 'ENABLED' });
  expect(unlocked.sequence).toBe(6);
  expect(await store.users.changesSince(environmentId, 0, 10)).toEqual([
    { kind: 'present', sequence: 6, user: unlocked },
  ]);
  await store.users.remove(environmentId, made.id);
  expect(await store.users.changesSince(environmentId, 6, 10)).toEqual([
    { kind: 'deleted', sequence: 7, id: made.id, username: 'ana' },
  ]);
  await expect(store.users.remove(environmentId, made.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('refusals say what is wrong: every fault, the taken name, the population that is not there', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  await expect(
    store.users.create({
      environmentId,
      profile: { username: '', email: 'nobody', address: { countryCode: 'Portugal' } },
    }),
  ).rejects.toMatchObject({
    code: 'INVALID_DATA',
    details: [{ target: 'username' }, { target: 'email' }, { target: 'address.countryCode' }],
  });
  await store.users.create({ environmentId, profile: { username: 'Straße' } });
  const ana = await store.users.create({ environmentId, profile: { username: 'ana' } });
  const taken = {
    code: 'UNIQUENESS_VIOLATION',
    details: [{ code: 'UNIQUENESS_VIOLATION', target: 'username' }],
  };
  await expect(store.users.create({ environmentId, profile: { username: 'ANA' } })).rejects.toMatchObject(
    taken,
  );
  await expect(store.users.patch(environmentId, ana.id, { username: 'STRAßE' })).rejects.toMatchObject(taken);
  await expect(store.users.patch(environmentId, ana.id, { username: null })).rejects.toMatchObject({
    details: [{ code: 'REQUIRED_VALUE', target: 'username' }],
  });
  await expect(store.users.setPopulation(environmentId, ana.id, newUuid())).rejects.toMatchObject({
    details: [{ target: 'population.id' }],
  });
  await expect(store.users.get(environmentId, newUuid())).resolves.toBeUndefined();
  expect((await store.users.get(environmentId, ana.id))?.sequence).toBe(2);
});

async function walk(
  list: (
    cursor: string | undefined,
  ) => ReturnType<Awaited<ReturnType<typeof temporaryStore>>['store']['users']['list']>,
  between: () => Promise<unknown>,
): Promise<readonly User[]> {
  const met: User[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    met.push(...page.items);
    cursor = page.nextCursor;
    await between();
  } while (cursor !== undefined);
  return met;
}

test('paging meets everyone who was there exactly once while others come, change and go', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const there: Uuid[] = [];
  for (let index = 0; index < 95; index += 1)
    there.push((await store.users.create({ environmentId, profile: { username: `u${index}` } })).id);
  let step = 0;
  const met = await walk(
    (cursor) => store.users.list(environmentId, { limit: 10, cursor }),
    async () => {
      step += 1;
      if (step > 8) return;
      await store.users.create({ environmentId, profile: { username: `late${step}` } });
      await store.users.patch(environmentId, there[step * 10] ?? newUuid(), { title: `changed ${step}` });
      const { id } = await store.users.create({ environmentId, profile: { username: `brief${step}` } });
      await store.users.remove(environmentId, id);
    },
  );
  const ids = met.map((user) => user.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(there.filter((id) => !ids.includes(id))).toEqual([]);
  await expect(store.users.list(environmentId, { limit: 10, cursor: 'rubbish' })).rejects.toMatchObject({
    code: 'INVALID_CURSOR',
  });
});

test('tenants never meet: the same names, ids of others, and an environment that is removed', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const other = (await store.environments.create({ name: 'Other', type: 'SANDBOX', region: 'EU' })).id;
  const mine = await store.users.create({
    environmentId,
    profile: { username: 'ana', email: 'a@x.example' },
  });
  const theirs = await store.users.create({
    environmentId: other,
    profile: { username: 'ana', email: 'a@x.example' },
  });
  expect(await store.users.get(other, mine.id)).toBeUndefined();
  await expect(store.users.patch(other, mine.id, { title: 'x' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(store.users.remove(other, mine.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await store.users.versions(other, [mine.id, theirs.id])).size).toBe(1);
  expect(
    (await store.users.match(other, 'email', ['A@X.example'])).get('A@X.example')?.map((user) => user.id),
  ).toEqual([theirs.id]);
  const [write] = await store.users.writeMany(other, [{ kind: 'delete', id: mine.id }], undefined);
  expect(write?.ok).toBe(true);
  expect(await store.users.get(environmentId, mine.id)).toEqual(mine);
  const population = await store.populations.default(other);
  await expect(
    store.users.setPopulation(environmentId, mine.id, population?.id ?? newUuid()),
  ).rejects.toMatchObject({ code: 'INVALID_DATA' });
  await store.environments.remove(other);
  expect(await store.users.get(other, theirs.id)).toBeUndefined();
  expect(await store.environments.get(other)).toBeUndefined();
  await expect(
    store.users.create({ environmentId: other, profile: { username: 'x' } }),
  ).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect((await store.users.list(environmentId, { limit: 10 })).count).toBe(1);
});

test('the change feed tells every change once in order, in pieces of any size', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ids: Uuid[] = [];
  for (let index = 0; index < 30; index += 1)
    ids.push((await store.users.create({ environmentId, profile: { username: `u${index}` } })).id);
  for (const id of ids.slice(0, 10)) await store.users.remove(environmentId, id);
  for (const id of ids.slice(20)) await store.users.setEnabled(environmentId, id, false);
  for (const size of [1, 7, 100]) {
    const told: string[] = [];
    let sequence = 0;
    for (;;) {
      const piece = await store.users.changesSince(environmentId, sequence, size);
      const last = piece.at(-1);
      if (last === undefined) break;
      expect(piece.length).toBeLessThanOrEqual(size);
      for (const entry of piece) {
        expect(entry.sequence).toBeGreaterThan(sequence);
        sequence = entry.sequence;
        told.push(entry.kind === 'deleted' ? `-${entry.id}` : `+${entry.user.id}`);
      }
    }
    expect(told).toEqual([
      ...ids.slice(10, 20).map((id) => `+${id}`),
      ...ids.slice(0, 10).map((id) => `-${id}`),
      ...ids.slice(20).map((id) => `+${id}`),
    ]);
  }
});
