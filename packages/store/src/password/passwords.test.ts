import { newUuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import { temporaryStore } from '../testing/temporary-store.ts';

const POLICY = { maxFailures: 3, lockMs: 60_000 };

test('a password is written with its user, replaced, marked, counted, locked, unlocked and removed', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const { passwords } = store;
  const { id, sequence } = await store.users.create({
    environmentId,
    profile: { username: 'ana' },
    password: { hash: 'h1', mustChange: true },
  });
  expect(await passwords.get(environmentId, id)).toMatchObject({
    hash: 'h1',
    mustChange: true,
    failures: 0,
    lockedUntil: undefined,
  });

  const now = 1_000_000;
  // At once: each has to count.
  await Promise.all([1, 2].map(() => passwords.countFailure(environmentId, id, POLICY, now)));
  expect((await passwords.get(environmentId, id))?.failures).toBe(2);
  expect(await passwords.countFailure(environmentId, id, POLICY, now)).toMatchObject({
    failures: 0,
    lockedUntil: now + 60_000,
  });
  expect(await passwords.clearFailures(environmentId, id)).toMatchObject({ lockedUntil: undefined });
  const never = await passwords.countFailure(environmentId, id, { maxFailures: 0, lockMs: 1 }, now);
  expect(never).toMatchObject({ failures: 1, lockedUntil: undefined });

  await passwords.rehash(environmentId, id, 'not it', 'h2');
  expect((await passwords.get(environmentId, id))?.hash).toBe('h1');
  await passwords.rehash(environmentId, id, 'h1', 'h2');
  expect(await passwords.setMustChange(environmentId, id, false)).toMatchObject({ hash: 'h2', failures: 1 });
  expect(await passwords.put(environmentId, id, { hash: 'h3', mustChange: false })).toMatchObject({
    hash: 'h3',
    failures: 0,
  });
  await passwords.remove(environmentId, id);
  expect(await passwords.get(environmentId, id)).toBeUndefined();
  // What is done with a password is no news of the user.
  expect((await store.users.get(environmentId, id))?.sequence).toBe(sequence);
});

test('passwords never meet other tenants, and go with their user and environment', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const other = (await store.environments.create({ name: 'Other', type: 'SANDBOX', region: 'EU' })).id;
  const { id } = await store.users.create({ environmentId, profile: { username: 'ana' } });
  const password = { hash: 'h', mustChange: false };
  await expect(store.passwords.put(other, id, password)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await store.passwords.put(environmentId, id, password);
  expect(await store.passwords.get(other, id)).toBeUndefined();
  await store.passwords.remove(other, id);
  expect(await store.passwords.countFailure(other, id, POLICY, 1)).toBeUndefined();
  expect((await store.passwords.get(environmentId, id))?.failures).toBe(0);
  await store.users.remove(environmentId, id);
  // The row has gone with its user: another user under the same id starts without one.
  await store.users.create({ environmentId, id, profile: { username: 'ana' } });
  expect(await store.passwords.get(environmentId, id)).toBeUndefined();
});

test('a batch makes passwords and directory links of those that are created, and of nobody else', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [first, taken, linked] = [newUuid(), newUuid(), newUuid()];
  const gateway = { gatewayId: 'g', userTypeId: 't', correlationAttributes: { objectGUID: 'x' } };
  const create = { kind: 'create', populationId: undefined, enabled: true } as const;
  const results = await store.users.writeMany(
    environmentId,
    [
      { ...create, id: first, profile: { username: 'a' }, password: { hash: 'ha', mustChange: true } },
      { ...create, id: taken, profile: { username: 'A' }, password: { hash: 'hb', mustChange: true } },
      { ...create, id: linked, profile: { username: 'c' }, passwordGateway: gateway },
    ],
    undefined,
  );
  expect(results.map((result) => result.ok)).toEqual([true, false, true]);
  expect(await store.passwords.get(environmentId, first)).toMatchObject({ hash: 'ha', mustChange: true });
  expect(await store.passwords.get(environmentId, taken)).toBeUndefined();
  expect((await store.users.get(environmentId, linked))?.state).toEqual({ passwordGateway: gateway });

  await store.users.setState(environmentId, first, { mfaEnabled: true });
  const link = { kind: 'update', enabled: undefined, changes: [] } as const;
  await store.users.writeMany(
    environmentId,
    [
      { ...link, id: first, passwordGateway: gateway },
      { ...link, id: linked, passwordGateway: null },
    ],
    undefined,
  );
  const read = await store.users.readMany(environmentId, [first, linked]);
  expect(read.get(first)?.passwordGateway).toEqual(gateway);
  expect(read.get(linked)?.passwordGateway).toBeUndefined();
  expect((await store.users.get(environmentId, first))?.state.mfaEnabled).toBe(true);
});
