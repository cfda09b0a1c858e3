import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FakeEntry } from '../port/fake/fake-directory.ts';
import { group, makeGroupRule, makeWorld, person } from '../port/fake/fake-world.ts';
import type { RunInput } from './run-rule.ts';

type UserChange = 'edit' | 'rename' | 'delete' | 'leave' | 'return';
type GroupChange = UserChange | 'replace';
type Step =
  | { readonly kind: 'user'; readonly what: UserChange; readonly who: number }
  | { readonly kind: 'group'; readonly what: GroupChange; readonly who: number }
  | {
      readonly kind: 'members';
      readonly who: number;
      readonly users: readonly number[];
      readonly groups: readonly number[];
      /** Named by a place at which somebody may turn up, or not. */
      readonly places: readonly number[];
    }
  | { readonly kind: 'guest'; readonly who: number; readonly here: boolean }
  | { readonly kind: 'run'; readonly full: boolean }
  | { readonly kind: 'crash'; readonly full: boolean; readonly at: number }
  | { readonly kind: 'tamper'; readonly who: number; readonly what: 'user' | 'group' | 'add' | 'remove' };

const some = (count: number) => fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('user' as const),
      what: fc.constantFrom<UserChange[]>('edit', 'rename', 'delete', 'leave', 'return'),
      who: fc.nat(4),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('group' as const),
      what: fc.constantFrom<GroupChange[]>('edit', 'rename', 'delete', 'leave', 'return', 'replace'),
      who: fc.nat(3),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('members' as const),
      who: fc.nat(3),
      users: some(5),
      groups: some(4),
      places: some(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('guest' as const), who: fc.nat(2), here: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const), full: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      full: fc.boolean(),
      at: fc.integer({ min: 1, max: 90 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('tamper' as const),
      who: fc.nat(7),
      what: fc.constantFrom('user' as const, 'group' as const, 'add' as const, 'remove' as const),
    }),
  },
);

type World = ReturnType<typeof makeWorld>;

/** Plays a history of people, groups and memberships, with runs in between that are killed at any moment. */
async function play(
  steps: readonly Step[],
  options: {
    readonly batchSize: number;
    readonly manner: number;
    readonly inTransaction: boolean;
    readonly peopled: boolean;
  },
) {
  const world = makeWorld(makeGroupRule());
  const { directory, store } = world;
  directory.batchSize = options.batchSize;
  directory.replaysLog = options.manner % 2 === 1;
  directory.tellsMembers = options.manner >= 2;
  directory.scope = (entry) => entry.attributes.away === undefined;
  // Never an empty directory: that would be held, and rightly.
  directory.put(person('anchor'));
  directory.put(group('anchors', ['key-anchor']));
  const target: Partial<RunInput> = { target: store.target(options.inTransaction) };
  let fresh = 0;
  let crashed = false;
  let recovering = false;
  const keys = new Map<string, string>();
  const keyOf = (id: string): string => keys.get(id) ?? `key-${id}`;
  const make = (kind: 'user' | 'group', name: string, key: string): FakeEntry =>
    kind === 'user' ? person(name, { key }) : group(name, [], { key });
  const run = async (full: boolean, recover = recovering) => {
    const summary = await world.run(full ? 'full' : 'delta', { ...target, recovering: recover });
    recovering = false;
    return summary;
  };
  const change = (kind: 'user' | 'group', who: number, what: GroupChange): void => {
    const id = `${kind}${who}`;
    const key = keyOf(id);
    const entry = directory.get(key);
    if (entry === undefined) {
      fresh += 1;
      // Somebody else: memberships of the deleted are no business of theirs.
      if (directory.has(key)) keys.set(id, `${key}-${fresh}`);
      directory.put(make(kind, `${kind}-${fresh}`, keyOf(id)));
      return;
    }
    const away = entry.attributes.away !== undefined;
    const { away: _away, ...attributes } = entry.attributes;
    const naming = kind === 'user' ? 'uid' : 'cn';
    if (what === 'delete') directory.delete(key);
    else if (what === 'leave') directory.put({ ...entry, attributes: { ...entry.attributes, away: ['x'] } });
    else if (what === 'return') directory.put({ ...entry, attributes });
    else if (what === 'edit') {
      fresh += 1;
      directory.put({
        ...entry,
        attributes: { ...entry.attributes, sn: [`s${fresh}`], description: [`d${fresh}`] },
      });
    } else if (what === 'rename' && !away) {
      // Whoever moves while it is out of scope is found by the next full run alone.
      fresh += 1;
      const name = `${kind}-${fresh}`;
      directory.put({
        ...entry,
        place: `${naming}=${name},ou=elsewhere`,
        attributes: { ...entry.attributes, [naming]: [name] },
      });
    } else if (what === 'replace') {
      directory.delete(key);
      fresh += 1;
      keys.set(id, `${key}-${fresh}`);
      directory.put({ ...entry, key: `${key}-${fresh}`, attributes });
    }
  };
  if (options.peopled) {
    for (let who = 0; who < 5; who += 1) change('user', who, 'edit');
    for (let who = 0; who < 4; who += 1) change('group', who, 'edit');
    for (let who = 0; who < 4; who += 1)
      directory.setMembers(
        keyOf(`group${who}`),
        [`user${who}`, `user${who + 1}`, `group${(who + 1) % 4}`].map(keyOf),
      );
    await run(true);
  }
  for (const one of steps) {
    if (one.kind === 'run') await run(one.full);
    else if (one.kind === 'user' || one.kind === 'group') change(one.kind, one.who, one.what);
    else if (one.kind === 'guest') {
      const guest = person(`guest${one.who}`);
      const attributes = one.here ? guest.attributes : { ...guest.attributes, away: ['x'] };
      directory.put({ ...guest, attributes });
    } else if (one.kind === 'members') {
      const key = keyOf(`group${one.who}`);
      if (directory.get(key) === undefined) continue;
      const members = [
        ...one.users.map((who) => keyOf(`user${who}`)),
        ...one.groups.map((who) => keyOf(`group${who}`)),
      ].filter((member) => directory.get(member) !== undefined);
      directory.setMembers(key, [...members, ...one.places.map((who) => `dn:uid=guest${who},ou=people`)]);
    } else if (one.kind === 'crash') {
      let points = 0;
      store.point = async () => {
        points += 1;
        if (points < one.at) return;
        crashed = true;
        recovering = true;
        throw new Error('killed');
      };
      await world
        .run(one.full ? 'full' : 'delta', { ...target, recovering })
        .then((done) => {
          if (done.progress.status === 'completed') recovering = false;
        })
        .catch(() => undefined);
      store.point = async () => undefined;
    } else tamper(world, one.what, one.who);
  }
  return { world, run, crashed: () => crashed };
}

function tamper({ store }: World, what: 'user' | 'group' | 'add' | 'remove', who: number): void {
  const pick = <T>(all: readonly T[]): T | undefined => all[who % Math.max(1, all.length)];
  const victim = pick(what === 'user' ? store.users : store.groups);
  if (victim === undefined) return;
  if (what === 'user' || what === 'group') {
    store.edit(victim.id, 'delete');
    return;
  }
  const member = pick(store.users);
  if (member !== undefined) store.editMembers(victim.id, { [what]: { objectType: 'user', id: member.id } });
}

function named(entry: FakeEntry): string {
  return entry.attributes[entry.objectType === 'group' ? 'cn' : 'uid']?.[0] ?? '';
}

/** What the directory says, computed without the engine: who is in scope, and who is in which group. */
function expected({ directory }: World): Readonly<Record<string, readonly string[]>> {
  const here = directory.entries().filter(directory.scope);
  const byPlace = new Map(here.map((entry) => [`dn:${entry.place.toLowerCase()}`, entry]));
  const groups: Record<string, readonly string[]> = {};
  for (const entry of here) {
    if (entry.objectType !== 'group') continue;
    const members = new Set<string>();
    for (const one of entry.members ?? []) {
      const member = here.find(({ key }) => key === one) ?? byPlace.get(one);
      if (member !== undefined) members.add(named(member));
    }
    groups[named(entry)] = [...members].sort();
  }
  groups[''] = here
    .filter(({ objectType }) => objectType !== 'group')
    .map(named)
    .sort();
  return groups;
}

function found({ store }: World): Readonly<Record<string, readonly string[]>> {
  const groups: Record<string, readonly string[]> = {};
  for (const { attributes } of store.groups) {
    const name = attributes.name?.[0] ?? '';
    groups[name] = store.members(name);
  }
  groups[''] = store.users.map(({ attributes }) => attributes.username?.[0] ?? '').sort();
  return groups;
}

const history = fc.array(step, { maxLength: 30 });
const batchSize = fc.integer({ min: 1, max: 5 });
const manner = fc.nat(3);

test('whatever happened to groups, a full run makes people and memberships equal to the source, and another finds nothing', async () => {
  await fc.assert(
    fc.asyncProperty(history, batchSize, manner, fc.boolean(), async (steps, batchSize, manner, peopled) => {
      const { world, run } = await play(steps, { batchSize, manner, peopled, inTransaction: true });
      const last = await run(true);
      expect(last.progress.status).toBe('completed');
      // A group that somebody deleted at the target was made again after groups that contain it, which failed to get it.
      if (last.wantsFull !== undefined || last.progress.counts.failed > 0) await run(true);
      expect(found(world)).toEqual(expected(world));
      expect(world.store.links.every(({ status }) => status === 'SUCCESS')).toBe(true);
      const { writes } = world.store;
      const again = await run(true);
      expect(again.wantsFull).toBeUndefined();
      expect(again.progress.counts.unchanged).toBe(again.progress.read);
      expect(world.store.writes).toBe(writes);
    }),
    { numRuns: 300 },
  );
});

test('deltas alone keep memberships, through kills, as long as nobody tampers with the target', async () => {
  await fc.assert(
    fc.asyncProperty(history, batchSize, manner, fc.boolean(), async (steps, batchSize, manner, peopled) => {
      const { world, run } = await play(
        steps.filter((one) => one.kind !== 'tamper'),
        { batchSize, manner, peopled, inTransaction: true },
      );
      await run(false);
      expect(found(world)).toEqual(expected(world));
    }),
    { numRuns: 300 },
  );
});

test('a group told twice within two batches of people and groups is one group', async () => {
  const { world, run } = await play(
    [
      { kind: 'run', full: false },
      { kind: 'guest', who: 0, here: false },
      { kind: 'group', what: 'edit', who: 0 },
      { kind: 'user', what: 'edit', who: 0 },
      { kind: 'group', what: 'rename', who: 0 },
    ],
    { batchSize: 3, manner: 1, peopled: false, inTransaction: true },
  );
  expect((await run(false)).progress.status).toBe('completed');
  expect(found(world)).toEqual(expected(world));
});

test('a remote target, written before it is recorded, ends with all memberships', async () => {
  await fc.assert(
    fc.asyncProperty(history, batchSize, manner, fc.boolean(), async (steps, batchSize, manner, peopled) => {
      const { world, run, crashed } = await play(
        steps.filter((one) => one.kind !== 'tamper'),
        { batchSize, manner, peopled, inTransaction: false },
      );
      const last = await run(true);
      // What was written and not recorded is only recognised after groups that contain it were looked at.
      if (last.progress.counts.failed > 0) await run(true);
      if (!crashed()) expect(found(world)).toEqual(expected(world));
      for (const [name, members] of Object.entries(expected(world)))
        expect(found(world)[name]).toEqual(expect.arrayContaining([...members]));
    }),
    { numRuns: 150 },
  );
});

test('a run killed at any single moment is finished by the next one, memberships included', async () => {
  for (const manner of [0, 2])
    for (const type of ['delta', 'full'] as const)
      for (let at = 1, died = true; died; at += 1) {
        const { world, run } = await play([], { batchSize: 2, manner, peopled: false, inTransaction: true });
        const { directory, store } = world;
        for (const name of ['ann', 'bob', 'cid']) directory.put(person(name));
        directory.put(group('staff', ['key-ann', 'key-bob', 'key-sales']));
        directory.put(group('sales', ['key-cid', 'dn:uid=eve,ou=people']));
        await world.run('delta');
        directory.setMembers('key-staff', ['key-bob', 'key-cid', 'dn:cn=new,ou=groups']);
        directory.put(group('new', ['key-staff', 'key-eve']));
        directory.put(person('eve'));
        directory.delete('key-ann');
        if (type === 'full') {
          const sales = store.group('sales')?.id ?? '';
          const id = (name: string): string => store.user(name)?.id ?? '';
          store.editMembers(sales, { remove: { objectType: 'user', id: id('cid') } });
          store.editMembers(sales, { add: { objectType: 'user', id: id('bob') } });
        }
        directory.put({ ...person('cid'), attributes: { ...person('cid').attributes, away: ['x'] } });
        died = false;
        let points = 0;
        store.point = async () => {
          points += 1;
          if (points < at) return;
          died = true;
          throw new Error('killed');
        };
        await world.run(type).catch(() => undefined);
        store.point = async () => undefined;
        await run(type === 'full', true);
        // What somebody did to the target is found by comparing, once the killed run is gone on with.
        if (type === 'full') await run(true);
        expect(found(world)).toEqual(expected(world));
        directory.put(person('cid'));
        await run(false);
        expect(found(world)).toEqual(expected(world));
      }
});
