import { CodedError } from '@sallyport/model';
import { silentLog } from '@sallyport/runtime';
import { describe, expect, test } from 'vitest';
import { deprovisionRule } from '../guard/deprovision-rule.ts';
import { discardHeld } from '../guard/discard-held.ts';
import { releaseHeld } from '../guard/release-held.ts';
import { group, makeGroupRule, makeWorld, person } from '../port/fake/fake-world.ts';
import { guardMembers } from './member-guard.ts';
import { DELETE, loaded } from './member-world.ts';

describe('the guard of a group', () => {
  test('spares small numbers, and holds what is too much of one group', () => {
    const limits = { maxMemberRemovals: 500, maxMemberRemovalsPercent: 20 };
    const ask = (wanted: number, members: number | undefined, removed = 0) =>
      guardMembers({ limits, wanted, members, removed });
    expect(ask(20, 20)).toEqual({ passes: true });
    expect(ask(21, undefined)).toEqual({ passes: undefined });
    expect(ask(21, 101)).toEqual({ passes: true });
    expect(ask(21, 100)).toMatchObject({ passes: false });
    expect(ask(11, 30, 10)).toMatchObject({ passes: false });
    expect(ask(501, 100_000)).toMatchObject({ passes: false });
    expect(ask(0, undefined, 1000)).toEqual({ passes: true });
    const none = { maxMemberRemovals: 500, maxMemberRemovalsPercent: 0 };
    expect(guardMembers({ limits: none, wanted: 1, members: 9, removed: 0 }).passes).toBe(false);
  });

  /** A group of sixty that loses half of them, told in the manner asked for. */
  async function sixty(how: 'whole' | 'single' = 'whole') {
    const world = makeWorld(makeGroupRule({}, { maxMemberRemovalsPercent: 20 }));
    const { directory, store } = world;
    directory.batchSize = 100;
    const all = Array.from({ length: 60 }, (_, at) => `p${String(at).padStart(2, '0')}`);
    for (const name of all) directory.put(person(name));
    directory.put(
      group(
        'staff',
        all.map((name) => `key-${name}`),
      ),
    );
    await world.run();
    directory.tellsMembers = how === 'single';
    directory.put(person('new'));
    const left = all.slice(30).map((name) => `key-${name}`);
    directory.setMembers('key-staff', [...left, 'key-new']);
    const { progress } = await world.run('delta');
    return { world, directory, store, progress, decision: world.decision, left };
  }

  test.each(['whole', 'single'] as const)(
    'has removals wait while additions are made, and the release removes exactly those (%s)',
    async (how) => {
      const { world, directory, store, progress, decision, left } = await sixty(how);
      expect(progress).toMatchObject({
        status: 'held',
        errorCode: 'REMOVALS_HELD',
        counts: { held: 1, created: 1 },
      });
      expect(progress.errorMessage).toContain('30 memberships of 1 group waits');
      expect(store.members('staff')).toHaveLength(61);
      expect(store.link('key-staff')).toMatchObject({ status: 'HELD' });
      expect(
        store.heldMembers
          .map(({ label }) => label)
          .sort()
          .slice(0, 2),
      ).toEqual(['p00', 'p01']);
      // One of them is a member again, and one more left.
      directory.setMembers('key-staff', ['key-p00', ...left.slice(1), 'key-new']);
      const released = await releaseHeld(decision(progress));
      expect(released.counts).toMatchObject({ updated: 1 });
      expect(released.progress).toMatchObject({ status: 'completed', counts: { held: 0, updated: 1 } });
      expect(store.members('staff')).toHaveLength(32);
      expect(store.members('staff')).toEqual(expect.arrayContaining(['p00', 'p30']));
      expect(store.heldMembers).toEqual([]);
      expect(store.journal.at(-1)?.reason).toBe(
        'members: 29 removed; released by Ann Admin; 1 are members at the source again, so they are not removed',
      );
      await expect(releaseHeld(decision(progress))).rejects.toMatchObject({ code: 'NOTHING_HELD' });
      await world.run('full');
      expect(store.members('staff')).toHaveLength(31);
      expect(store.link('key-staff')).toMatchObject({ status: 'SUCCESS' });
    },
  );

  test('releases as it was seen where the source is out of reach', async () => {
    const { directory, store, progress, decision } = await sixty();
    directory.unreachable = new CodedError('SOURCE_UNAVAILABLE', 'gone');
    await releaseHeld(decision(progress));
    expect(store.members('staff')).toHaveLength(31);
  });

  test('keeps what a person discarded through full runs, until the source has it again', async () => {
    const { world, directory, store, progress, decision, left } = await sixty();
    await discardHeld(decision(progress));
    expect(store.link('key-staff')).toMatchObject({ status: 'PARTIAL_SYNCED' });
    const full = await world.run('full');
    expect(full.progress).toMatchObject({ status: 'completed', counts: { held: 0 } });
    expect(store.members('staff')).toHaveLength(61);
    expect(store.link('key-staff')?.reason).toContain('30 memberships kept');
    directory.setMembers('key-staff', [...left, 'key-p00', 'key-p01']);
    await world.run('delta');
    expect(store.heldMembers).toHaveLength(28);
    directory.setMembers('key-staff', [...left, 'key-p01']);
    await world.run('delta');
    expect(store.members('staff')).toHaveLength(59);
    expect(store.members('staff')).not.toContain('p00');
    await expect(releaseHeld(decision(progress))).rejects.toMatchObject({ code: 'NOTHING_HELD' });
  });

  test('makes the list anew in a full run, whose name the old one cannot be released by', async () => {
    const { world, store, progress, decision } = await sixty();
    const full = await world.run('full');
    expect(full.progress).toMatchObject({ status: 'held', counts: { held: 1 } });
    await expect(releaseHeld(decision(progress))).rejects.toMatchObject({ code: 'HELD_LIST_REPLACED' });
    await releaseHeld(decision(full.progress));
    expect(store.members('staff')).toHaveLength(31);
  });

  test('goes on waiting by the name of the newest run when its users are decided about by the name of an older one', async () => {
    const { world, directory, store, decision } = await sixty();
    world.rule = { ...world.rule, maxRemovals: 1 };
    for (const name of ['x', 'y']) directory.put(person(name));
    await world.run('delta');
    for (const name of ['x', 'y']) directory.delete(`key-${name}`);
    const users = (await world.run('delta')).progress;
    const newest = (await world.run('full')).progress;
    expect([users.counts.held, newest.counts.held]).toEqual([2, 3]);
    expect((await releaseHeld(decision(users))).counts.deleted).toBe(2);
    expect(store.members('staff')).toHaveLength(61);
    const waits = store.runs.find(({ runId }) => runId === newest.runId);
    expect(waits).toMatchObject({ status: 'held', counts: { held: 1 } });
    if (waits === undefined) throw new Error('the run is recorded');
    expect((await releaseHeld(decision(waits))).progress).toMatchObject({
      status: 'completed',
      counts: { held: 0, updated: 1 },
    });
    expect(store.members('staff')).toHaveLength(31);
  });

  test('leaves a list that waits its name when what was kept elsewhere ends', async () => {
    const { world, directory, store, progress, decision, left } = await sixty();
    await discardHeld(decision(progress));
    directory.put(group('second', directory.get('key-staff')?.members ?? []));
    directory.setMembers('key-second', [...left, 'key-new', 'key-p00', 'key-p01', 'key-p02', 'key-p03']);
    await world.run('delta');
    directory.setMembers('key-second', []);
    const second = await world.run('delta');
    expect(second.progress.status).toBe('held');
    directory.setMembers('key-staff', [...left, 'key-p00']);
    expect((await world.run('delta')).progress.status).toBe('completed');
    await releaseHeld(decision(second.progress));
    expect(store.members('second')).toEqual([]);
    expect(store.heldMembers.every(({ kept }) => kept)).toBe(true);
    expect(store.heldMembers).toHaveLength(29);
  });

  test('ends the waiting of a group that has its members back', async () => {
    const { world, directory, store } = await sixty();
    directory.setMembers(
      'key-staff',
      store.users.map(({ attributes }) => `key-${attributes.username?.[0]}`),
    );
    await world.run('delta');
    expect(store.heldMembers).toEqual([]);
    expect(store.link('key-staff')).toMatchObject({ status: 'SUCCESS', errorCode: undefined });
  });
});

describe('removals of groups', () => {
  test.each([
    ['of a run settles together with that of users', 'both', { deleted: 8, groups: 6, users: 5 }],
    ['of the run before it settles alone', 'groups only', { deleted: 4, groups: 6, users: 9 }],
  ] as const)('have a guard and a list of their own, which one decision %s', async (_name, about, left) => {
    const rule = makeGroupRule({ maxRemovalsPercent: 20 });
    const world = makeWorld(rule);
    const { directory, store } = world;
    for (let at = 0; at < 10; at += 1) {
      directory.put(person(`p${at}`));
      directory.put(group(`g${at}`, [`key-p${at}`]));
    }
    await world.run();
    for (let at = 0; at < 4; at += 1) directory.delete(`key-g${at}`);
    directory.delete('key-p0');
    const groupsOnly = await world.run('delta');
    expect(groupsOnly.progress).toMatchObject({ status: 'held', counts: { held: 4, deleted: 1 } });
    expect(groupsOnly.progress.errorMessage).toContain('groups: 4 removals');
    for (let at = 1; at < 5; at += 1) directory.delete(`key-p${at}`);
    const both = await world.run('full');
    expect(both.held).toHaveLength(8);
    const decision = world.decision(about === 'both' ? both.progress : groupsOnly.progress);
    expect((await releaseHeld(decision)).counts.deleted).toBe(left.deleted);
    expect([store.groups.length, store.users.length]).toEqual([left.groups, left.users]);
    expect(store.heldOf('group')).toBeUndefined();
    expect(store.heldOf('user')?.removals.length ?? 0).toBe(left.users - 5);
  });

  test('are not made on the strength of a read without groups', async () => {
    const { world, directory, store } = await loaded();
    directory.scope = (entry) => entry.objectType !== 'group';
    const run = await world.run('full');
    expect(run).toMatchObject({ distrusted: true, progress: { status: 'held', errorCode: 'EMPTY_READ' } });
    expect(run.progress.errorMessage).toContain('groups: ');
    expect(store.groups).toHaveLength(2);
  });

  test('follow the deletion of the rule only where configured, and only for groups it made', async () => {
    for (const deleteGroupsOnRuleDeletion of [false, true]) {
      const rule = makeGroupRule({ actions: { ...DELETE, deleteGroupsOnRuleDeletion } });
      const world = makeWorld(rule);
      world.store.add({ name: ['old'] }, true, 'group');
      world.directory.put(person('ann'));
      world.directory.put(group('old', ['key-ann']));
      world.directory.put(group('made', ['key-ann']));
      await world.run();
      await deprovisionRule({
        target: world.store.target(),
        state: world.store.state(),
        rule,
        signal: new AbortController().signal,
        clock: world.clock,
        log: silentLog,
        actor: 'Ann Admin',
        confirmed: false,
        users: false,
      });
      expect(world.store.users).toHaveLength(1);
      expect(world.store.groups.map(({ attributes }) => attributes.name?.[0])).toEqual(
        deleteGroupsOnRuleDeletion ? ['old'] : ['old', 'made'],
      );
    }
  });
});
