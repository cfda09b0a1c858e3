import { CodedError } from '@sallyport/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_ACTIONS, makeRule, makeWorld, person } from '../port/fake/fake-world.ts';

type Change = 'edit' | 'rename' | 'delete' | 'leave' | 'return' | 'toggle' | 'replace' | 'exchange';
type Step =
  | { readonly kind: 'change'; readonly what: Change; readonly who: number; readonly value: number }
  | { readonly kind: 'run'; readonly full: boolean }
  | { readonly kind: 'crash' | 'unreadable'; readonly full: boolean; readonly at: number }
  | { readonly kind: 'trim' }
  | { readonly kind: 'tamper'; readonly who: number; readonly drop: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      what: fc.constantFrom<Change[]>(
        'edit',
        'rename',
        'delete',
        'leave',
        'return',
        'toggle',
        'replace',
        'exchange',
      ),
      who: fc.nat(7),
      value: fc.nat(3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const), full: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('crash' as const, 'unreadable' as const),
      full: fc.boolean(),
      at: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'trim' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('tamper' as const), who: fc.nat(7), drop: fc.boolean() }),
  },
);

const RULE = makeRule({
  maxRemovals: 1000,
  actions: { ...ALL_ACTIONS, removeAction: 'Delete', provisionDisabledUsers: true },
});

/** Plays a history on a directory and a store between which runs happen, fail and are killed. */
async function play(steps: readonly Step[], batchSize: number, inTransaction: boolean) {
  const world = makeWorld(RULE);
  const { directory, store } = world;
  directory.batchSize = batchSize;
  directory.replaysLog = batchSize % 2 === 1;
  directory.scope = (entry) => entry.attributes.away === undefined;
  // Never an empty directory: that would be held, and rightly.
  directory.put(person('anchor'));
  let fresh = 0;
  const keys = new Map<number, string>();
  const newName = (): string => `u${++fresh}`;
  const target = { target: store.target(inTransaction) };
  const change = (who: number, kind: Change, value: number): void => {
    const key = keys.get(who);
    const entry = key === undefined ? undefined : directory.get(key);
    if (key === undefined || entry === undefined) {
      const name = newName();
      // Restored under its old key where it had one.
      directory.put({ ...person(name, { sn: `s${value}` }), key: key ?? `key-${name}` });
      keys.set(who, key ?? `key-${name}`);
      return;
    }
    const { away: _away, ...attributes } = entry.attributes;
    const { uid } = entry.attributes;
    if (kind === 'delete') directory.delete(key);
    else if (kind === 'edit')
      directory.put({ ...entry, attributes: { ...entry.attributes, sn: [`s${value}`] } });
    else if (kind === 'toggle') directory.put({ ...entry, active: entry.active !== true });
    else if (kind === 'leave') directory.put({ ...entry, attributes: { ...entry.attributes, away: ['x'] } });
    else if (kind === 'return') directory.put({ ...entry, attributes });
    else if (kind === 'exchange' && inTransaction) {
      // A remote target takes one write after the other, and cannot be asked for this.
      const other = directory.get(keys.get((who + 1 + value) % 8) ?? '');
      if (other === undefined || other.key === key) return;
      directory.put({ ...entry, attributes: { ...entry.attributes, uid: other.attributes.uid ?? [] } });
      directory.put({ ...other, attributes: { ...other.attributes, uid: uid ?? [] } });
    } else if (kind === 'rename' || kind === 'exchange') {
      const name = newName();
      directory.put({
        ...entry,
        place: `uid=${name},ou=people`,
        attributes: { ...entry.attributes, uid: [name] },
      });
    } else {
      // Deleted, and somebody new gets the name.
      directory.delete(key);
      const next = `key-again-${++fresh}`;
      directory.put({ ...entry, key: next, attributes: { ...attributes, uid: uid ?? [] } });
      keys.set(who, next);
    }
  };
  let crashed = false;
  for (const one of steps) {
    if (one.kind === 'run') await world.run(one.full ? 'full' : 'delta', target);
    else if (one.kind === 'trim') directory.trimmedBefore = 1_000_000;
    else if (one.kind === 'tamper') {
      const user = store.users[one.who % Math.max(1, store.users.length)];
      if (user !== undefined)
        store.edit(
          user.id,
          one.drop ? 'delete' : { attributes: { ...user.attributes, 'name.family': ['tampered'] } },
        );
    } else if (one.kind === 'crash') {
      let points = 0;
      store.point = async () => {
        points += 1;
        if (points >= one.at) {
          crashed = true;
          throw new Error('killed');
        }
      };
      // Killed outright, the run cannot even store its end.
      await world.run(one.full ? 'full' : 'delta', target).catch(() => undefined);
      store.point = async () => undefined;
    } else if (one.kind === 'unreadable') {
      let pulls = 0;
      directory.onPull = () => {
        pulls += 1;
        if (pulls >= one.at) throw new CodedError('SOURCE_UNAVAILABLE', 'gone for a moment');
      };
      await world.run(one.full ? 'full' : 'delta', target);
      directory.onPull = undefined;
    } else if (one.kind === 'change') change(one.who, one.what, one.value);
    if (one.kind !== 'trim') directory.trimmedBefore = 0;
  }
  return { world, target, crashed };
}

function expected(world: ReturnType<typeof makeWorld>) {
  return world.directory
    .entries()
    .filter(world.directory.scope)
    .map((entry) => ({
      username: entry.attributes.uid?.[0],
      family: entry.attributes.sn?.[0],
      active: entry.active,
    }))
    .sort((a, b) => String(a.username).localeCompare(String(b.username)));
}

function found(world: ReturnType<typeof makeWorld>) {
  return world.store.users
    .map((user) => ({
      username: user.attributes.username?.[0],
      family: user.attributes['name.family']?.[0],
      active: user.active,
    }))
    .sort((a, b) => String(a.username).localeCompare(String(b.username)));
}

test('whatever happened, a full run makes the target equal to the source, and another one finds nothing to do', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, batchSize) => {
        const { world } = await play(steps, batchSize, true);
        const last = await world.run('full');
        expect(last.progress.status).toBe('completed');
        expect(found(world)).toEqual(expected(world));
        expect(world.store.links.length).toBe(world.store.users.length);
        const content = world.store.content();
        const { writes } = world.store;
        const again = await world.run('full');
        expect(again.progress.counts.unchanged).toBe(again.progress.read);
        expect(world.store.writes).toBe(writes);
        expect(content.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 250 },
  );
});

test('deltas alone keep up, through crashes and unreadable moments, as long as nobody tampers with the target', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, batchSize) => {
        const { world } = await play(
          steps.filter((one) => one.kind !== 'tamper'),
          batchSize,
          true,
        );
        await world.run('delta');
        expect(found(world)).toEqual(expected(world));
      },
    ),
    { numRuns: 250 },
  );
});

test('a remote target, written before it is recorded, ends with everybody who is in scope', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, batchSize) => {
        const { world, target, crashed } = await play(steps, batchSize, false);
        await world.run('full', target);
        const users = found(world);
        if (crashed) expect(users).toEqual(expect.arrayContaining(expected(world)));
        else expect(users).toEqual(expected(world));
      },
    ),
    { numRuns: 150 },
  );
});

test('a run killed at any single moment is finished by the next one', async () => {
  for (let at = 1; at < 60; at += 1) {
    for (const type of ['delta', 'full'] as const) {
      const { world } = await play([], 2, true);
      for (let who = 0; who < 6; who += 1) world.directory.put(person(`p${who}`));
      await world.run('delta');
      world.directory.put(person('p0', { sn: 'New' }));
      world.directory.put(person('p9'));
      world.directory.delete('key-p1');
      world.directory.put({ ...person('p2'), attributes: { uid: ['p2'], away: ['x'] } });
      let points = 0;
      world.store.point = async () => {
        points += 1;
        if (points >= at) throw new Error('killed');
      };
      await world.run(type).catch(() => undefined);
      world.store.point = async () => undefined;
      await world.run('delta');
      expect(found(world)).toEqual(expected(world));
      const told = world.store.journal.filter(
        (line) => line.outcome === 'created' && line.sourceKey === 'key-p9',
      );
      expect(told).toHaveLength(1);
    }
  }
});
