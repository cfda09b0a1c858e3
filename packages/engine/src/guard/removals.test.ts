import { CodedError } from '@sallyport/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL_ACTIONS, makeRule, makeWorld, person } from '../port/fake/fake-world.ts';
import { deprovisionRule } from './deprovision-rule.ts';
import { discardHeld } from './discard-held.ts';
import { guardRemovals, REMOVAL_WINDOW_MS } from './guard.ts';
import { releaseHeld } from './release-held.ts';
import { SeenLinks } from './seen-links.ts';

const DELETE = makeRule({ maxRemovals: 3, actions: { ...ALL_ACTIONS, removeAction: 'Delete' } });

async function ten(rule = DELETE) {
  const world = makeWorld(rule);
  for (let at = 0; at < 10; at += 1) world.directory.put(person(`p${at}`));
  await world.run();
  const lose = (count: number, from = 0): void => {
    for (let at = from; at < from + count; at += 1) world.directory.delete(`key-p${at}`);
  };
  return { world, decision: world.decision, lose };
}

describe('the guard', () => {
  test('lets one object go in a small directory and holds to both limits', () => {
    const limits = { maxRemovals: 500, maxRemovalsPercent: 20 };
    expect(guardRemovals({ limits, linked: 3, wanted: 1, waiting: 0, removed: 0 }).passes).toBe(true);
    expect(guardRemovals({ limits, linked: 3, wanted: 2, waiting: 0, removed: 0 }).passes).toBe(false);
    expect(guardRemovals({ limits, linked: 10_000, wanted: 501, waiting: 0, removed: 0 }).passes).toBe(false);
    expect(guardRemovals({ limits, linked: 100, wanted: 10, waiting: 11, removed: 0 }).passes).toBe(false);
    expect(guardRemovals({ limits, linked: 100, wanted: 1, waiting: 0, removed: 19 }).passes).toBe(true);
    expect(guardRemovals({ limits, linked: 100, wanted: 1, waiting: 0, removed: 20 }).passes).toBe(false);
    expect(guardRemovals({ limits, linked: 100, wanted: 9, waiting: 2, removed: 10 }).reason).toBe(
      '9 removals, with 10 made within the last hour and 2 already waiting, would be more than the rule allows: at most 20 % of 100 linked objects, which is 20',
    );
    const none = { maxRemovals: 0, maxRemovalsPercent: 100 };
    expect(guardRemovals({ limits: none, linked: 10, wanted: 1, waiting: 0, removed: 0 }).passes).toBe(false);
    expect(guardRemovals({ limits: none, linked: 10, wanted: 0, waiting: 9, removed: 0 }).passes).toBe(true);
  });

  test('removes up to the limit and stops before the first removal over it', async () => {
    const { world, lose } = await ten();
    lose(3);
    expect((await world.run('full')).progress.counts.deleted).toBe(3);
    expect(world.store.links).toHaveLength(7);
    lose(4, 3);
    world.directory.put(person('p9', { sn: 'Updated' }));
    const held = await world.run('full');
    expect(held.progress).toMatchObject({ status: 'held', errorCode: 'REMOVALS_HELD' });
    expect(held.progress.counts).toMatchObject({ held: 4, deleted: 0, updated: 1 });
    expect(world.store.users).toHaveLength(7);
    expect(world.store.held?.removals.map((one) => one.label)).toEqual(['p3', 'p4', 'p5', 'p6']);
    expect(world.store.link('key-p3')).toMatchObject({ status: 'HELD', presence: 'deleted' });
  });

  test('holds in a delta too, and adds to a list that already waits', async () => {
    const { world, lose } = await ten();
    lose(4);
    expect((await world.run('delta')).progress.counts.held).toBe(4);
    lose(1, 4);
    const second = await world.run('delta');
    expect(second.progress.counts.held).toBe(1);
    expect(world.store.held).toMatchObject({ runId: second.progress.runId });
    expect(world.store.held?.removals).toHaveLength(5);
    expect(world.store.users).toHaveLength(10);
    const full = await world.run('full');
    expect(full.progress.counts.held).toBe(5);
    expect(world.store.held?.removals).toHaveLength(5);
  });

  test('asks for each object again: one the read missed is treated as present', async () => {
    const { world } = await ten();
    const hidden = person('p5', { sn: 'Hidden' });
    const { scope } = world.directory;
    let asked = 0;
    world.directory.scope = (entry) => {
      if (entry.key !== hidden.key) return scope(entry);
      asked += 1;
      return asked > 1;
    };
    world.directory.put(hidden);
    const run = await world.run('full');
    expect(run.progress.counts).toMatchObject({ updated: 1, deleted: 0, unchanged: 9 });
    expect(world.store.user('p5')?.attributes['name.family']).toEqual(['Hidden']);
  });

  test('never removes on an answer of zero entries, and remembers nothing of it', async () => {
    const { world } = await ten();
    const before = await world.store.state().position();
    world.directory.readsNothing = true;
    const run = await world.run('full');
    expect(run.progress).toMatchObject({ status: 'held', errorCode: 'EMPTY_READ' });
    expect(run.distrusted).toBe(true);
    expect(world.store.users).toHaveLength(10);
    expect(await world.store.state().position()).toEqual(before);
    expect((await world.store.state().lastFullRead('user'))?.objects).toBe(10);
    expect(world.store.held).toBeUndefined();
    world.directory.readsNothing = false;
    expect((await world.run('full')).progress).toMatchObject({
      status: 'completed',
      counts: { unchanged: 10 },
    });
  });

  test('takes an empty answer as it is once everybody has left one by one', async () => {
    const { world, lose } = await ten({ ...DELETE, actions: { ...ALL_ACTIONS, removeAction: 'Disable' } });
    for (let at = 0; at < 10; at += 1) {
      lose(1, at);
      expect((await world.run('delta')).progress.counts.disabled).toBe(1);
      world.clock.advance(REMOVAL_WINDOW_MS);
    }
    expect((await world.run('full')).progress).toMatchObject({ status: 'completed', read: 0 });
    expect((await world.store.state().lastFullRead('user'))?.objects).toBe(0);
  });

  test('does not count what waited and has come back', async () => {
    const { world, lose } = await ten();
    lose(4);
    expect((await world.run('delta')).progress.status).toBe('held');
    for (let at = 0; at < 4; at += 1) world.directory.put(person(`p${at}`));
    expect((await world.run('delta')).progress.status).toBe('completed');
    lose(2, 8);
    const run = await world.run('delta');
    expect(run.progress).toMatchObject({ status: 'completed', counts: { deleted: 2, held: 0 } });
    expect(world.store.held).toBeUndefined();
  });

  test('never removes when a base is missing that the last read had, unless the rule was changed', async () => {
    const { world, lose } = await ten();
    world.directory.bases = ['ou=people', 'ou=guests'];
    await world.run('full');
    world.directory.bases = ['ou=people'];
    lose(1);
    expect((await world.run('full')).progress).toMatchObject({ status: 'held', errorCode: 'BASE_MISSING' });
    expect((await world.run('delta')).progress).toMatchObject({ status: 'held', errorCode: 'BASE_MISSING' });
    expect(world.store.users).toHaveLength(10);
    world.rule = { ...world.rule, scope: { 'base DN': 'ou=people only' } };
    expect((await world.run('delta')).progress).toMatchObject({
      status: 'completed',
      counts: { deleted: 1 },
    });
  });

  test('an error while reading removes nobody', async () => {
    const { world, lose } = await ten();
    lose(2);
    world.directory.unreachable = new CodedError('SOURCE_UNAVAILABLE', 'gone');
    expect((await world.run('full')).progress).toMatchObject({
      status: 'failed',
      errorCode: 'SOURCE_UNAVAILABLE',
    });
    expect(world.store.users).toHaveLength(10);
  });
});

const HOUR_LIMITS = { ...DELETE, maxRemovals: 500, maxRemovalsPercent: 50 };

describe('the guard over the last hour', () => {
  test.each([
    ['the number', { ...DELETE, maxRemovals: 5 }],
    ['the percentage, of those linked now and those removed', HOUR_LIMITS],
  ])('adds slices up against %s and holds the one that crosses it', async (_name, rule) => {
    const { world, lose } = await ten(rule);
    for (const [from, type] of [
      [0, 'delta'],
      [2, 'full'],
    ] as const) {
      lose(2, from);
      expect((await world.run(type)).progress).toMatchObject({ status: 'completed', counts: { deleted: 2 } });
      world.clock.advance(1000);
    }
    lose(2, 4);
    const { progress } = await world.run('delta');
    expect(progress).toMatchObject({ status: 'held', errorCode: 'REMOVALS_HELD', counts: { held: 2 } });
    expect(progress.errorMessage).toContain('2 removals, with 4 made within the last hour, would be more');
    expect(world.store.users).toHaveLength(6);
    // A full run in the same hour makes the list anew and does not forget it.
    expect((await world.run('full')).progress).toMatchObject({ status: 'held', counts: { held: 2 } });
    world.clock.advance(REMOVAL_WINDOW_MS);
    expect((await world.run('full')).progress.counts.deleted).toBe(2);
  });

  test('lets as many go again when those before are an hour old, and not sooner', async () => {
    const { world, lose } = await ten();
    lose(3);
    expect((await world.run('delta')).progress.counts.deleted).toBe(3);
    world.clock.advance(REMOVAL_WINDOW_MS);
    lose(1, 3);
    expect((await world.run('delta')).progress.counts.held).toBe(1);
    world.directory.put(person('p3'));
    await world.run('delta');
    world.clock.advance(1);
    lose(3, 4);
    expect((await world.run('delta')).progress).toMatchObject({
      status: 'completed',
      counts: { deleted: 3 },
    });
  });

  test('does not count what a person released, nor deletions at the end of a grace period', async () => {
    const { world, decision, lose } = await ten();
    lose(4);
    await releaseHeld(decision((await world.run('delta')).progress));
    expect(world.store.users).toHaveLength(6);
    lose(3, 4);
    expect((await world.run('delta')).progress).toMatchObject({
      status: 'completed',
      counts: { deleted: 3 },
    });

    const grace = await ten({ ...DELETE, removalGraceDays: 7 });
    grace.lose(3);
    expect((await grace.world.run('delta')).progress.counts.disabled).toBe(3);
    grace.lose(1, 3);
    expect((await grace.world.run('delta')).progress.counts.held).toBe(1);
    grace.world.directory.put(person('p3'));
    grace.world.clock.advance(8 * 86_400_000);
    expect((await grace.world.run('delta')).progress.counts.deleted).toBe(3);
    grace.lose(3, 4);
    expect((await grace.world.run('delta')).progress.counts).toMatchObject({ disabled: 3, held: 0 });
  });

  test.each(['Delete', 'Disable'] as const)(
    'counts each removal once when the run is killed at any moment (%s)',
    async (removeAction) => {
      for (const inTransaction of [true, false])
        for (let moment = 1, died = true; died; moment += 1) {
          const { world, lose } = await ten({ ...DELETE, actions: { ...ALL_ACTIONS, removeAction } });
          const target = { target: world.store.target(inTransaction) };
          lose(3);
          let left = moment;
          died = false;
          world.store.point = async () => {
            left -= 1;
            if (left > 0) return;
            died = true;
            throw new Error('killed');
          };
          await world.run('delta', target).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
          world.store.point = async () => undefined;
          expect((await world.run('delta', target)).progress.status).toBe('completed');
          expect(await world.store.state().removedSince('user', 0)).toBe(3);
          lose(1, 3);
          expect((await world.run('delta', target)).progress.counts.held).toBe(1);
        }
    },
  );

  test('does not count what the target refused: it is asked for again', async () => {
    const { world, lose } = await ten();
    const target = { target: world.store.target(false) };
    world.store.answersLost = () => 'before';
    lose(3);
    expect((await world.run('full', target)).progress.counts.failed).toBe(3);
    expect(await world.store.state().removedSince('user', 0)).toBe(0);
    world.store.answersLost = () => undefined;
    expect((await world.run('full', target)).progress.counts.deleted).toBe(3);
    expect(await world.store.state().removedSince('user', 0)).toBe(3);
  });
});

describe('a held list', () => {
  test('released is carried out exactly as it was seen, except for objects that came back', async () => {
    const { world, decision, lose } = await ten();
    lose(4);
    const { progress } = await world.run('delta');
    world.directory.put(person('p1', { sn: 'Back' }));
    lose(1, 8);
    const released = await releaseHeld(decision(progress));
    expect(released.counts).toMatchObject({ deleted: 3 });
    expect(world.store.users.map((user) => user.attributes.username?.[0])).toEqual([
      'p1',
      'p4',
      'p5',
      'p6',
      'p7',
      'p8',
      'p9',
    ]);
    expect(world.store.link('key-p1')).toMatchObject({ status: 'SUCCESS', presence: 'inScope' });
    const line = world.store.journal.findLast((one) => one.sourceKey === 'key-p1');
    expect(line?.reason).toContain('in scope again, so it is not removed');
    expect(world.store.held).toBeUndefined();
    expect(released.progress).toMatchObject({ status: 'completed', counts: { held: 0, deleted: 3 } });
    expect(world.store.journal.find((one) => one.outcome === 'deleted')?.reason).toContain(
      'released by Ann Admin',
    );
    await expect(releaseHeld(decision(progress))).rejects.toMatchObject({ code: 'NOTHING_HELD' });
  });

  test('is released as it was seen when the source is out of reach', async () => {
    const { world, decision, lose } = await ten();
    lose(4);
    const { progress } = await world.run('delta');
    world.directory.unreachable = new CodedError('SOURCE_UNAVAILABLE', 'gone');
    expect((await releaseHeld(decision(progress))).counts.deleted).toBe(4);
  });

  test('discarded is kept for good, not counted again, and synced when its object reappears', async () => {
    const { world, decision, lose } = await ten();
    lose(4);
    const { progress } = await world.run('delta');
    expect((await discardHeld(decision(progress))).counts.skipped).toBe(4);
    expect(world.store.link('key-p0')).toMatchObject({ presence: 'kept', status: 'UNSYNCED' });
    const full = await world.run('full');
    expect(full.progress).toMatchObject({
      status: 'completed',
      counts: { held: 0, deleted: 0, unchanged: 6 },
    });
    expect(world.store.users).toHaveLength(10);
    world.directory.put(person('p0', { sn: 'Back' }));
    expect((await world.run('delta')).progress.counts.updated).toBe(1);
    expect(world.store.link('key-p0')).toMatchObject({ presence: 'inScope', status: 'SUCCESS' });
  });
});

describe('a grace period', () => {
  test('disables at once, deletes when it ends, and ends at once for whoever comes back', async () => {
    const { world, lose } = await ten({ ...DELETE, removalGraceDays: 7 });
    lose(2);
    expect((await world.run('delta')).progress.counts).toMatchObject({ disabled: 2, deleted: 0 });
    expect(world.store.user('p0')?.active).toBe(false);
    world.clock.advance(6 * 86_400_000);
    world.directory.put(person('p1'));
    expect((await world.run('delta')).progress.counts).toMatchObject({ enabled: 1, deleted: 0 });
    expect((await world.run('full')).progress.counts).toMatchObject({ disabled: 0, deleted: 0 });
    world.clock.advance(86_400_001);
    expect((await world.run('delta')).progress.counts).toMatchObject({ deleted: 1 });
    expect(world.store.user('p0')).toBeUndefined();
    expect(world.store.user('p1')?.active).toBe(true);
  });
});

test('deletions that are due are not kept up by those that the target refuses', async () => {
  const world = makeWorld(
    makeRule({
      maxRemovals: 1000,
      removalGraceDays: 7,
      actions: { ...ALL_ACTIONS, removeAction: 'Delete' },
    }),
  );
  world.directory.batchSize = 1000;
  world.directory.put(person('anchor'));
  for (let at = 0; at < 502; at += 1) world.directory.put(person(`p${at}`));
  const target = { target: world.store.target(false) };
  await world.run('full', target);
  for (let at = 0; at < 502; at += 1) world.directory.delete(`key-p${at}`);
  expect((await world.run('delta', target)).progress.counts.disabled).toBe(502);
  const stubborn = new Set(world.store.links.slice(0, 501).map((link) => link.targetId));
  world.store.answersLost = (write) => (stubborn.has(write.id) ? 'before' : undefined);
  world.clock.advance(8 * 86_400_000);
  expect((await world.run('delta', target)).progress.counts).toMatchObject({ failed: 500, deleted: 2 });
});

describe('the deletion of a rule', () => {
  test('removes what the rule owns after somebody confirmed how much that is', async () => {
    const { world, decision } = await ten();
    world.store.add({ username: ['local'] });
    const input = { ...decision({ ...(await world.run()).progress }), confirmed: false };
    const asked = await deprovisionRule(input);
    expect(asked.progress).toMatchObject({ status: 'held', errorCode: 'REMOVALS_HELD' });
    expect(world.store.users).toHaveLength(11);
    const done = await deprovisionRule({ ...input, confirmed: true });
    expect(done.progress.counts.deleted).toBe(10);
    expect(world.store.users.map((user) => user.attributes.username)).toEqual([['local']]);
    expect(world.store.links).toHaveLength(0);
  });

  test('is held to MAX_REMOVALS alone, since everybody is more than any percentage, and says what to do', async () => {
    const { world, decision } = await ten({ ...DELETE, maxRemovals: 9, maxRemovalsPercent: 20 });
    const input = { ...decision({ ...(await world.run()).progress }), confirmed: false };
    const held = await deprovisionRule(input);
    expect(held.progress.status).toBe('held');
    expect(held.progress.errorMessage).toContain(
      '10 removals would be more than the rule allows: at most 9 removals',
    );
    expect(held.progress.errorMessage).toContain('raise MAX_REMOVALS and make a revision before');
    expect(world.store.users).toHaveLength(10);
    const rule = { ...world.rule, maxRemovals: 10 };
    expect((await deprovisionRule({ ...input, rule })).progress).toMatchObject({
      status: 'completed',
      counts: { deleted: 10 },
    });
  });
});

test('seen links answer like a set of numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 })), (numbers) => {
      const seen = new SeenLinks();
      const model = new Set<number>();
      for (const number of numbers) {
        expect(seen.add(number)).toBe(!model.has(number));
        model.add(number);
      }
      expect(seen.count).toBe(model.size);
      for (const number of numbers) expect(seen.has(number) && !seen.has(number + 200_001)).toBe(true);
    }),
  );
});
