import { newUuid } from '@sallyport/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BulkUserWrite } from '../store.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

const create = (id: string, username: string): BulkUserWrite => ({
  kind: 'create',
  id,
  populationId: undefined,
  enabled: true,
  profile: { username },
});
const rename = (id: string, username: string): BulkUserWrite => ({
  kind: 'update',
  id,
  enabled: undefined,
  changes: [{ attribute: 'username', before: [], after: [username] }],
});

test('one bad row fails alone: taken, faulty, missing and doubled ones beside good ones', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const taken = newUuid();
  await store.users.writeMany(environmentId, [create(taken, 'Taken')], undefined);
  const writes: BulkUserWrite[] = [
    ...Array.from({ length: 30 }, (_, index) => create(newUuid(), `good${index}`)),
    create(newUuid(), 'TAKEN'),
    create(newUuid(), 'twice'),
    create(newUuid(), 'Twice'),
    create(newUuid(), ''),
    { kind: 'create', id: newUuid(), populationId: newUuid(), enabled: true, profile: { username: 'lost' } },
    rename(newUuid(), 'nobody'),
    create(taken, 'same-id'),
  ];
  const results = await store.users.writeMany(environmentId, writes, undefined);
  const said = results.map((result) =>
    result.ok ? 'ok' : `${result.code}${result.conflict ? ' conflict' : ''}`,
  );
  expect(said.slice(0, 30)).toEqual(Array(30).fill('ok'));
  expect(said.slice(30)).toEqual([
    'UNIQUENESS_VIOLATION conflict',
    'ok',
    'UNIQUENESS_VIOLATION conflict',
    'EMPTY_VALUE',
    'POPULATION_NOT_FOUND',
    'NOT_FOUND',
    'UNIQUENESS_VIOLATION conflict',
  ]);
  expect(results[30]).toMatchObject({ message: expect.stringContaining(taken) });
  expect((await store.users.list(environmentId, { limit: 100 })).count).toBe(32);
});

test('users are matched by username without case, each value by itself', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const id = newUuid();
  await store.users.writeMany(environmentId, [create(id, 'Ana')], undefined);
  const found = await store.users.match(environmentId, 'username', ['ANA', 'ana', 'anna']);
  expect([...found].map(([value, users]) => [value, users.map((user) => user.id)])).toEqual([
    ['ANA', [id]],
    ['ana', [id]],
  ]);
});

// Six users and six names, batches of anything: whatever is answered must be what is stored, and a rename that could have been
// carried out together with the others must not have been refused for a name that was given up.
test('random batches of renames keep names unique and answer what they did', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const ids = Array.from({ length: 6 }, () => newUuid());
  const names = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7'];
  await store.users.writeMany(
    environmentId,
    ids.map((id, index) => create(id, names[index] ?? '')),
    undefined,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 7 })), { selector: ([user]) => user }),
      async (wanted) => {
        const before = await store.users.readMany(environmentId, ids);
        const batch = wanted.map(([user, name]) => rename(ids[user] ?? '', names[name] ?? ''));
        const results = await store.users.writeMany(environmentId, batch, undefined);
        const after = await store.users.readMany(environmentId, ids);
        const nameOf = (users: typeof before, id: string): string => users.get(id)?.profile.username ?? '';
        expect(new Set(ids.map((id) => nameOf(after, id))).size).toBe(ids.length);
        for (const [index, [user, name]] of wanted.entries()) {
          const id = ids[user] ?? '';
          const ok = results[index]?.ok === true;
          expect(nameOf(after, id)).toBe(ok ? names[name] : nameOf(before, id));
          // Refused only because somebody has that name now.
          if (!ok)
            expect(ids.some((other) => other !== id && nameOf(after, other) === names[name])).toBe(true);
        }
        for (const id of ids)
          if (!batch.some((write) => write.id === id)) expect(nameOf(after, id)).toBe(nameOf(before, id));
      },
    ),
    { numRuns: 300 },
  );
});
