import { newUuid, type Uuid } from '@sallyport/model';
import { describe, expect, test } from 'vitest';
import type { BulkWriteResult, Store } from '../store.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

/** A write of an object of which nothing but the name matters. */
type NamedWrite =
  | { readonly kind: 'create'; readonly id: string; readonly name: string }
  | { readonly kind: 'rename'; readonly id: string; readonly name: string; readonly version?: number }
  | { readonly kind: 'delete'; readonly id: string };

/** How the names of one type of object are written and read. */
interface Hand {
  write(writes: readonly NamedWrite[]): Promise<readonly BulkWriteResult[]>;
  names(ids: readonly string[]): Promise<readonly (string | undefined)[]>;
  versions(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

const changesOf = (attribute: string, { name, version }: { name: string; version?: number }) => ({
  changes: [{ attribute, before: [], after: [name] }],
  ...(version === undefined ? {} : { version }),
});

const userHand = ({ users }: Store, environmentId: Uuid): Hand => ({
  write: (writes) =>
    users.writeMany(
      environmentId,
      writes.map((write) => {
        const { kind, id } = write;
        if (kind === 'delete') return { kind, id };
        if (kind === 'rename')
          return { kind: 'update', id, enabled: undefined, ...changesOf('username', write) };
        return { kind, id, populationId: undefined, enabled: true, profile: { username: write.name } };
      }),
      undefined,
    ),
  names: async (ids) => {
    const found = await users.readMany(environmentId, ids);
    return ids.map((id) => found.get(id)?.profile.username);
  },
  versions: (ids) => users.versions(environmentId, ids),
});

const groupHand = ({ groups }: Store, environmentId: Uuid): Hand => ({
  write: (writes) =>
    groups.writeMany(
      environmentId,
      writes.map((write) => {
        const { kind, id } = write;
        if (kind === 'delete') return { kind, id };
        if (kind === 'rename') return { kind: 'update', id, ...changesOf('name', write) };
        return { kind, id, populationId: undefined, profile: { name: write.name }, source: undefined };
      }),
      undefined,
    ),
  names: async (ids) => {
    const found = await groups.readMany(environmentId, ids);
    return ids.map((id) => found.get(id)?.profile.name);
  },
  versions: (ids) => groups.versions(environmentId, ids),
});

const create = (id: string, name: string): NamedWrite => ({ kind: 'create', id, name });
const rename = (id: string, name: string, version?: number): NamedWrite => ({
  kind: 'rename',
  id,
  name,
  ...(version === undefined ? {} : { version }),
});

describe.each([
  ['users', userHand],
  ['groups', groupHand],
] as const)('a batch of %s', (_, handOf) => {
  test('lets names go round: swap, ring, and a name released by a removal', async () => {
    await using temporary = await temporaryStore();
    const hand = handOf(temporary.store, temporary.environmentId);
    const [a, b, c, d, e] = [newUuid(), newUuid(), newUuid(), newUuid(), newUuid()];
    await hand.write([create(a, 'a'), create(b, 'b'), create(c, 'c'), create(d, 'd')]);
    const results = await hand.write([
      rename(a, 'B'),
      rename(b, 'c'),
      rename(c, 'a'),
      create(e, 'D'),
      { kind: 'delete', id: d },
    ]);
    expect(results.map((result) => result.ok)).toEqual([true, true, true, true, true]);
    expect(await hand.names([a, b, c, d, e])).toEqual(['B', 'c', 'a', undefined, 'D']);
  });

  test('writes what comes twice in its order', async () => {
    await using temporary = await temporaryStore();
    const hand = handOf(temporary.store, temporary.environmentId);
    const id = newUuid();
    const results = await hand.write([
      create(id, 'one'),
      rename(id, 'two'),
      { kind: 'delete', id },
      create(id, 'three'),
    ]);
    expect(results.every((result) => result.ok)).toBe(true);
    expect(await hand.names([id])).toEqual(['three']);
  });

  test('raises a version with each write, leaves it where nothing differs, and tells who was overtaken', async () => {
    await using temporary = await temporaryStore();
    const hand = handOf(temporary.store, temporary.environmentId);
    const id = newUuid();
    expect(await hand.write([create(id, 'ana')])).toEqual([{ ok: true, version: 1 }]);
    expect(await hand.write([rename(id, 'ana')])).toEqual([{ ok: true, version: 1 }]);
    expect(await hand.write([rename(id, 'Ana', 1)])).toEqual([{ ok: true, version: 3 }]);
    expect(await hand.write([rename(id, 'bea', 1)])).toEqual([{ ok: true, version: 4, overtaken: true }]);
    expect(await hand.versions([id, newUuid()])).toEqual(new Map([[id, 4]]));
    expect(await hand.names([id])).toEqual(['bea']);
  });
});
