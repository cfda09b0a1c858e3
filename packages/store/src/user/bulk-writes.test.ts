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
const rename = (id: string, username: string, version?: number): BulkUserWrite => ({
  kind: 'update',
  id,
  enabled: undefined,
  changes: [{ attribute: 'username', before: [], after: [username] }],
  ...(version === undefined ? {} : { version }),
});

test('names go round between users of one batch: swap, ring, and a name released by a removal', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const [a, b, c, d, e] = [newUuid(), newUuid(), newUuid(), newUuid(), newUuid()];
  await store.users.writeMany(
    environmentId,
    [create(a, 'a'), create(b, 'b'), create(c, 'c'), create(d, 'd')],
    undefined,
  );
  const results = await store.users.writeMany(
    environmentId,
    [rename(a, 'B'), rename(b, 'c'), rename(c, 'a'), create(e, 'D'), { kind: 'delete', id: d }],
    undefined,
  );
  expect(results.map((result) => result.ok)).toEqual([true, true, true, true, true]);
  const found = await store.users.readMany(environmentId, [a, b, c, d, e]);
  expect([a, b, c, d, e].map((id) => found.get(id)?.profile.username)).toEqual([
    'B',
    'c',
    'a',
    undefined,
    'D',
  ]);
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

test('a version rises with each write and stays where nothing differs', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const id = newUuid();
  const [made] = await store.users.writeMany(environmentId, [create(id, 'ana')], undefined);
  const [same] = await store.users.writeMany(environmentId, [rename(id, 'ana')], undefined);
  const [cased] = await store.users.writeMany(environmentId, [rename(id, 'Ana')], undefined);
  expect(same).toEqual(made);
  expect(cased).not.toEqual(made);
  expect(await store.users.versions(environmentId, [id, newUuid()])).toEqual(
    new Map([[id, cased?.ok === true ? cased.version : Number.NaN]]),
  );
  expect((await store.users.match(environmentId, 'username', ['ANA', 'ana'])).get('ANA')?.[0]?.id).toBe(id);
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

test('an update says so if somebody else wrote since the version that it names', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const id = newUuid();
  const [made] = await store.users.writeMany(environmentId, [create(id, 'ana')], undefined);
  const version = made?.ok === true ? made.version : Number.NaN;
  const [first, second] = [
    await store.users.writeMany(environmentId, [rename(id, 'bea', version)], undefined),
    await store.users.writeMany(environmentId, [rename(id, 'cid', version)], undefined),
  ];
  expect(first[0]).not.toHaveProperty('overtaken');
  expect(second[0]).toMatchObject({ ok: true, overtaken: true });
  expect((await store.users.readMany(environmentId, [id])).get(id)?.profile.username).toBe('cid');
});

test("a user that comes twice in a batch is written in the batch's order", async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const id = newUuid();
  const results = await store.users.writeMany(
    environmentId,
    [create(id, 'one'), rename(id, 'two'), { kind: 'delete', id }, create(id, 'three')],
    undefined,
  );
  expect(results.every((result) => result.ok)).toBe(true);
  expect((await store.users.readMany(environmentId, [id])).get(id)?.profile.username).toBe('three');
});
