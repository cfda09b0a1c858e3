import { describe, expect, test } from 'vitest';
import { ALL_ACTIONS, makeRule, makeWorld, person } from '../port/fake/fake-world.ts';
import type { RunProgress } from '../port/sync-state.ts';
import { discardHeld } from './discard-held.ts';
import { releaseHeld } from './release-held.ts';

// The directory goes on changing while a person looks at the list of a run: what they decide is about what that list showed.

const RULE = makeRule({ maxRemovals: 3, actions: { ...ALL_ACTIONS, removeAction: 'Delete' } });
const NAMES = Array.from({ length: 10 }, (_, at) => `p${at}`);

type World = ReturnType<typeof makeWorld>;

/** Ten people of whom p0 to p3 are deleted, which the first run holds. */
async function fourGone(rule = RULE) {
  const world = makeWorld(rule);
  for (const name of NAMES) world.directory.put(person(name));
  await world.run();
  const lose = (...names: readonly string[]): void => {
    for (const name of names) world.directory.delete(`key-${name}`);
  };
  lose('p0', 'p1', 'p2', 'p3');
  const first = (await world.run('delta')).progress;
  expect(first).toMatchObject({ status: 'held', counts: { held: 4 } });
  return { world, lose, first };
}

function decision(world: World, run: Pick<RunProgress, 'runId'>) {
  const stored = world.store.runs.find(({ runId }) => runId === run.runId);
  if (stored === undefined) throw new Error('the run is recorded');
  return world.decision(stored);
}

function there(world: World): readonly string[] {
  return world.store.users.flatMap(({ attributes }) => attributes.username ?? []);
}

function waiting(world: World): readonly string[] {
  return world.store.held?.removals.map(({ label }) => label) ?? [];
}

function stored(world: World, { runId }: RunProgress): RunProgress | undefined {
  return world.store.runs.find((run) => run.runId === runId);
}

const DONE = { status: 'completed', counts: { held: 0 }, errorCode: undefined, errorMessage: undefined };

describe('a decision about the list of a run', () => {
  test.each(['delta', 'full'] as const)(
    'releases what that list showed, though a later run held more (%s)',
    async (type) => {
      const { world, lose, first } = await fourGone();
      lose('p4');
      const second = (await world.run(type)).progress;
      expect(second.status).toBe('held');
      const released = await releaseHeld(decision(world, first));
      expect(released.counts.deleted).toBe(4);
      expect(there(world)).toEqual(NAMES.slice(4));
      expect(stored(world, first)).toMatchObject({ ...DONE, counts: { held: 0, deleted: 4 } });
      // The one stands in the list of the later run, which shows no more than that.
      expect(world.store.held?.runId).toBe(second.runId);
      expect(waiting(world)).toEqual(['p4']);
      expect(stored(world, second)).toMatchObject({ status: 'held', counts: { held: 1, deleted: 0 } });
      await expect(releaseHeld(decision(world, first))).rejects.toMatchObject({ code: 'HELD_LIST_REPLACED' });
      expect(there(world)).toEqual(NAMES.slice(4));

      expect((await releaseHeld(decision(world, second))).counts.deleted).toBe(1);
      expect(there(world)).toEqual(NAMES.slice(5));
      expect(world.store.held).toBeUndefined();
      expect(stored(world, second)).toMatchObject({ ...DONE, counts: { held: 0, deleted: 1 } });
      await expect(releaseHeld(decision(world, second))).rejects.toMatchObject({ code: 'NOTHING_HELD' });
    },
  );

  test.each(['delta', 'full'] as const)(
    'discards what that list showed, though a later run held more (%s)',
    async (type) => {
      const { world, lose, first } = await fourGone();
      lose('p4');
      const second = (await world.run(type)).progress;
      expect((await discardHeld(decision(world, first))).counts.skipped).toBe(4);
      expect(waiting(world)).toEqual(['p4']);
      expect(world.store.link('key-p3')).toMatchObject({ presence: 'kept' });
      expect(world.store.link('key-p4')).toMatchObject({ presence: 'deleted', status: 'HELD' });
      expect((await releaseHeld(decision(world, second))).counts.deleted).toBe(1);
      expect(there(world)).toEqual(NAMES.filter((name) => name !== 'p4'));
    },
  );

  test('that a later run made anew with nothing added leaves nothing to decide about', async () => {
    const { world, first } = await fourGone();
    const full = (await world.run('full')).progress;
    expect(full).toMatchObject({ status: 'held', counts: { held: 4 } });
    await releaseHeld(decision(world, first));
    expect(there(world)).toEqual(NAMES.slice(4));
    expect(stored(world, full)).toMatchObject(DONE);
    await expect(releaseHeld(decision(world, full))).rejects.toMatchObject({ code: 'NOTHING_HELD' });
  });

  test('of a run between the first and the last is about what both of them had listed by then', async () => {
    const { world, lose, first } = await fourGone();
    lose('p4');
    const second = (await world.run('full')).progress;
    lose('p5');
    const third = (await world.run('delta')).progress;
    await releaseHeld(decision(world, second));
    expect(there(world)).toEqual(NAMES.slice(5));
    expect(stored(world, first)).toMatchObject(DONE);
    expect(waiting(world)).toEqual(['p5']);
    expect(stored(world, third)).toMatchObject({ status: 'held', counts: { held: 1 } });
    await expect(discardHeld(decision(world, first))).rejects.toMatchObject({ code: 'HELD_LIST_REPLACED' });
  });

  test('of the last run is about all that waits, and ends the runs before it', async () => {
    const { world, lose, first } = await fourGone();
    lose('p4');
    const second = (await world.run('delta')).progress;
    expect((await releaseHeld(decision(world, second))).counts.deleted).toBe(5);
    expect(stored(world, first)).toMatchObject(DONE);
    await expect(releaseHeld(decision(world, first))).rejects.toMatchObject({ code: 'NOTHING_HELD' });
  });

  test('takes nothing that waits for another reason by now: that is listed anew', async () => {
    const { world, lose, first } = await fourGone();
    // p0 was said to be deleted, and is there after all, but out of scope.
    const { scope } = world.directory;
    world.directory.scope = (entry) => entry.key !== 'key-p0' && scope(entry);
    world.directory.put(person('p0'));
    lose('p4');
    const second = (await world.run('full')).progress;
    expect(second.counts.held).toBe(5);
    expect(world.store.held?.removals.find(({ label }) => label === 'p0')?.how).toBe('outOfScope');
    expect((await releaseHeld(decision(world, first))).counts.deleted).toBe(3);
    expect(waiting(world)).toEqual(expect.arrayContaining(['p0', 'p4']));
    expect(there(world)).toEqual(['p0', ...NAMES.slice(4)]);
    expect(stored(world, second)).toMatchObject({ status: 'held', counts: { held: 2 } });
  });

  test.each(['delta', 'full'] as const)(
    'takes nobody who had come back and left again: that is listed anew (%s)',
    async (type) => {
      const { world, lose, first } = await fourGone();
      world.directory.put(person('p0'));
      await world.run('delta');
      lose('p0', 'p4');
      await world.run(type);
      expect((await releaseHeld(decision(world, first))).counts.deleted).toBe(3);
      expect(there(world)).toEqual(['p0', ...NAMES.slice(4)]);
    },
  );

  test('is nobody’s by the name of a run that listed nothing', async () => {
    const { world, lose } = await fourGone();
    world.directory.put(person('p9', { sn: 'Updated' }));
    const between = (await world.run('delta')).progress;
    expect(between.status).toBe('completed');
    lose('p4');
    await world.run('delta');
    await expect(releaseHeld(decision(world, between))).rejects.toMatchObject({ code: 'HELD_LIST_REPLACED' });
    expect(there(world)).toEqual(NAMES);
  });

  test.each([
    ['release', releaseHeld, NAMES.slice(4)],
    ['discard', discardHeld, NAMES],
  ] as const)('killed at any moment is simply made again (%s)', async (_name, decide, left) => {
    for (let moment = 1, died = true; died; moment += 1) {
      const { world, lose, first } = await fourGone();
      lose('p4');
      const second = (await world.run('full')).progress;
      let steps = moment;
      died = false;
      world.store.point = async () => {
        steps -= 1;
        if (steps > 0) return;
        died = true;
        throw new Error('killed');
      };
      await decide(decision(world, first)).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
      world.store.point = async () => undefined;
      // Killed after its last step, it is made.
      await decide(decision(world, first)).catch((error: unknown) =>
        expect(error).toMatchObject({ code: 'HELD_LIST_REPLACED' }),
      );
      expect(there(world)).toEqual(left);
      expect(waiting(world)).toEqual(['p4']);
      expect(stored(world, first)).toMatchObject(DONE);
      expect(stored(world, second)).toMatchObject({ status: 'held', counts: { held: 1 } });
    }
  });
});
