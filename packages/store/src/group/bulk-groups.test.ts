import { newUuid, type Uuid } from '@sallyport/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BulkGroupWrite } from '../record/group-records.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

const create = (id: string, name: string, populationId?: string): BulkGroupWrite => ({
  kind: 'create',
  id,
  populationId,
  profile: { name },
  source: undefined,
});
const rename = (id: string, name: string): BulkGroupWrite => ({
  kind: 'update',
  id,
  changes: [{ attribute: 'name', before: [], after: [name] }],
});

test('one bad row fails alone and says why: taken, faulty, missing and doubled ones beside good ones', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const populationId = (await store.populations.create({ environmentId, name: 'p' })).id;
  const [taken, mine] = [newUuid(), newUuid()];
  await store.groups.writeMany(environmentId, [create(taken, 'Taken'), create(mine, 'mine')], undefined);
  const results = await store.groups.writeMany(
    environmentId,
    [
      ...Array.from({ length: 25 }, (_, index) => create(newUuid(), `good${index}`)),
      create(newUuid(), 'TAKEN'),
      create(newUuid(), 'taken', populationId),
      create(newUuid(), 'twice', populationId),
      create(newUuid(), 'Twice'),
      create(newUuid(), ''),
      create(newUuid(), 'lost', newUuid()),
      rename(newUuid(), 'nobody'),
      rename(mine, 'taken'),
      create(taken, 'same-id'),
      { kind: 'delete', id: newUuid() },
    ],
    undefined,
  );
  expect(results.slice(0, 25).every((result) => result.ok)).toBe(true);
  expect(
    results
      .slice(25)
      .map((result) => (result.ok ? 'ok' : `${result.code}${result.conflict ? ' conflict' : ''}`)),
  ).toEqual([
    'UNIQUENESS_VIOLATION conflict',
    'UNIQUENESS_VIOLATION conflict',
    'ok',
    'UNIQUENESS_VIOLATION conflict',
    'EMPTY_VALUE',
    'POPULATION_NOT_FOUND',
    'NOT_FOUND',
    'UNIQUENESS_VIOLATION conflict',
    // It is refused by its own part of the batch: the second write of that id.
    'UNIQUENESS_VIOLATION conflict',
    'ok',
  ]);
  expect(results[25]).toMatchObject({ message: expect.stringContaining(taken) });
  expect((await store.groups.list(environmentId, { limit: 100 })).count).toBe(28);
});

test('groups are matched by name without case, and by anything else that holds text', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const { id } = await store.groups.create({
    environmentId,
    profile: {
      name: 'Straße',
      externalId: 'X',
      description: 'Of all',
      customData: { owner: ['Ana', 'Eva'] },
    },
  });
  const match = async (attribute: string, value: string) =>
    (await store.groups.match(environmentId, attribute, [value, 'nobody'])).get(value)?.map((one) => one.id);
  expect(await match('name', 'STRAße')).toEqual([id]);
  expect(await match('externalId', 'X')).toEqual([id]);
  expect(await match('externalId', 'x')).toBeUndefined();
  expect(await match('description', 'of ALL')).toEqual([id]);
  expect(await match('customData.owner', 'eva')).toEqual([id]);
  expect(await match('id', id)).toEqual([id]);
  await expect(match('colour', 'red')).rejects.toMatchObject({ code: 'UNKNOWN_ATTRIBUTE' });
});

test('random batches of renames in two populations and none keep the rule of names and answer what they did', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const places: readonly (Uuid | undefined)[] = [
    undefined,
    (await store.populations.create({ environmentId, name: 'one' })).id,
    (await store.populations.create({ environmentId, name: 'two' })).id,
  ];
  const name = fc.constantFrom('a', 'A', 'b', 'c', 'd', 'e', 'f');
  const batch = fc.array(fc.tuple(fc.nat(7), name), { minLength: 1, maxLength: 12 });
  const ids = Array.from({ length: 8 }, () => newUuid());
  await store.groups.writeMany(
    environmentId,
    ids.map((id, index) => create(id, `start${index}`, places[index % 3])),
    undefined,
  );
  await fc.assert(
    fc.asyncProperty(batch, async (renames) => {
      const before = await store.groups.readMany(environmentId, ids);
      const results = await store.groups.writeMany(
        environmentId,
        renames.map(([index, to]) => rename(ids[index] ?? '', to)),
        undefined,
      );
      const expected = new Map(ids.map((id) => [id, before.get(id)?.profile.name]));
      for (const [place, [index, to]] of renames.entries())
        if (results[place]?.ok === true) expected.set(ids[index] ?? newUuid(), to);
      const after = await store.groups.readMany(environmentId, ids);
      expect(new Map(ids.map((id) => [id, after.get(id)?.profile.name]))).toEqual(expected);
      for (const one of after.values())
        for (const other of after.values()) {
          if (one.id >= other.id || one.profile.name.toLowerCase() !== other.profile.name.toLowerCase())
            continue;
          expect(one.populationId).toBeDefined();
          expect(other.populationId).toBeDefined();
          expect(one.populationId).not.toBe(other.populationId);
        }
      // Names as compared are what they stand for: nothing stays parked.
      for (const { id, profile } of after.values())
        expect(
          (await store.groups.match(environmentId, 'name', [profile.name]))
            .get(profile.name)
            ?.map((g) => g.id),
        ).toContain(id);
    }),
    { numRuns: 60 },
  );
});
