import { describe, expect, test } from 'vitest';
import { discardHeld } from '../guard/discard-held.ts';
import { REMOVAL_WINDOW_MS } from '../guard/guard.ts';
import { releaseHeld } from '../guard/release-held.ts';
import { group, makeGroupRule, makeWorld, person } from '../port/fake/fake-world.ts';
import { loaded, told } from './member-world.ts';

/** A group of a hundred, told member by member, that may lose a fifth of them. */
async function hundred() {
  const world = makeWorld(makeGroupRule({}, { maxMemberRemovalsPercent: 25 }));
  const { directory, store } = world;
  directory.batchSize = 200;
  const keys = Array.from({ length: 100 }, (_, at) => `key-p${String(at).padStart(3, '0')}`);
  for (const key of keys) directory.put(person(key.slice('key-'.length)));
  directory.put(group('staff', keys));
  await world.run();
  directory.tellsMembers = true;
  return { world, directory, store, keys, decision: world.decision };
}

describe('the guard of a group', () => {
  test('counts an hour, so that no group is emptied in slices, and then lets the next ones go', async () => {
    const { world, directory, store, keys } = await hundred();
    for (let gone = 5; gone <= 25; gone += 5) {
      directory.setMembers('key-staff', keys.slice(gone));
      expect((await world.run('delta')).progress.status).toBe('completed');
      world.clock.advance(60_000);
    }
    directory.setMembers('key-staff', keys.slice(26));
    const over = await world.run('delta');
    expect(over.progress).toMatchObject({ status: 'held', counts: { held: 1 } });
    expect(over.progress.errorMessage).toContain('25 made within the last hour');
    expect(store.members('staff')).toHaveLength(75);
    world.clock.advance(REMOVAL_WINDOW_MS);
    expect((await world.run('full')).progress.status).toBe('completed');
    expect(store.members('staff')).toHaveLength(74);
  });

  test('does not count removals that a person let go', async () => {
    const { world, directory, store, keys, decision } = await hundred();
    directory.setMembers('key-staff', keys.slice(60));
    const { progress } = await world.run('delta');
    expect(progress.status).toBe('held');
    await releaseHeld(decision(progress));
    expect(store.members('staff')).toHaveLength(40);
    directory.setMembers('key-staff', keys.slice(65));
    expect((await world.run('delta')).progress.status).toBe('completed');
    expect(store.members('staff')).toHaveLength(35);
  });

  test('does not count told removals of who is no member any more', async () => {
    const { world, directory, store, keys } = await hundred();
    directory.setMembers('key-staff', keys.slice(24));
    // Killed after the removals and before the position: they are told once more.
    const commits = { left: 2 };
    store.point = async (step) => {
      if (step !== 'commit') return;
      if (commits.left === 0) throw new Error('killed');
      commits.left -= 1;
    };
    await expect(world.run('delta')).rejects.toThrow('killed');
    store.point = async () => undefined;
    expect(store.members('staff')).toHaveLength(76);
    const again = await world.run('delta');
    expect(again.progress).toMatchObject({ status: 'completed', counts: { held: 0 } });
    expect(store.heldMembers).toEqual([]);
  });
});

describe('held removals', () => {
  test('are released although another membership of the group is refused', async () => {
    const { world, directory, store, keys, decision } = await hundred();
    directory.put(person('new'));
    store.refusesMember = (_group, { id }) =>
      store.user('new')?.id === id ? 'is in too many groups' : undefined;
    directory.setMembers('key-staff', [...keys.slice(60), 'key-new']);
    const { progress } = await world.run('delta');
    expect(progress).toMatchObject({ status: 'held' });
    const link = store.link('key-staff');
    expect(link?.reason).toContain('is in too many groups');
    expect(link?.reason).toContain('waits for a person');
    await releaseHeld(decision(progress));
    expect(store.members('staff')).toHaveLength(40);
    expect(store.heldMembers).toEqual([]);
    const full = await world.run('full');
    expect(full.progress).toMatchObject({ status: 'completed', counts: { held: 0, failed: 1 } });
    expect(store.link('key-staff')).toMatchObject({ status: 'FAILED' });
  });

  test('of a rule that looks at groups no more are said to be so, and stay for a decision', async () => {
    const { world, directory, store, keys, decision } = await hundred();
    directory.setMembers('key-staff', keys.slice(60));
    const { progress } = await world.run('delta');
    world.rule = { ...world.rule, groups: undefined };
    await world.run('delta');
    await expect(releaseHeld(decision(progress))).rejects.toMatchObject({
      code: 'NOTHING_HELD',
      message: expect.stringContaining('memberships, which the rule does not look at any more'),
    });
    expect(store.members('staff')).toHaveLength(100);
  });
});

describe('members told one by one', () => {
  test('are in the journal only if they came or went by it', async () => {
    const { world, directory, store } = await told();
    const staff = store.group('staff');
    const dee = store.user('dee');
    if (staff === undefined || dee === undefined) throw new Error('not loaded');
    store.editMembers(staff.id, { add: { objectType: 'user', id: dee.id } });
    const bob = store.user('bob');
    store.editMembers(staff.id, { remove: { objectType: 'user', id: bob?.id ?? '' } });
    directory.setMembers('key-staff', ['key-cid', 'key-dee', 'key-sales']);
    await world.run('delta');
    expect(store.members('staff')).toEqual(['cid', 'dee', 'sales']);
    expect(store.journal.at(-1)).toMatchObject({
      reason: 'members: 1 added, 1 removed',
      changes: [{ attribute: 'members', before: ['ann'], after: ['cid'] }],
    });
  });

  test('may be more than a call has room for', async () => {
    const { world, directory, store } = await told();
    const others = Array.from({ length: 150_000 }, (_, at) => `dn:cn=o${at},dc=other`);
    directory.setMembers('key-staff', ['key-ann', 'key-bob', 'key-sales', ...others]);
    expect((await world.run('delta')).progress).toMatchObject({
      status: 'completed',
      errorMessage: undefined,
    });
    expect(store.pending).toHaveLength(150_000);
  }, 60_000);
});

test('a group made again forgets who waited in it and is no member any more', async () => {
  const { world, directory, store } = await loaded();
  directory.put(group('staff', ['key-ann', 'dn:uid=eve,ou=people']));
  await world.run('delta');
  expect(store.pending).toHaveLength(1);
  store.edit(store.group('staff')?.id ?? '', 'delete');
  directory.put(group('staff', ['key-ann']));
  await world.run('full');
  expect(store.members('staff')).toEqual(['ann']);
  directory.put(person('eve'));
  await world.run('delta');
  expect(store.members('staff')).toEqual(['ann']);
  expect(store.pending).toEqual([]);
});

test('a delta that failed at any moment is finished by the next one, whoever asks for it', async () => {
  for (let failing = 0; ; failing += 1) {
    const { world, directory, store } = await told();
    directory.setMembers('key-sales', ['key-cid', 'dn:uid=eve,ou=people', 'dn:cn=interns,ou=groups']);
    await world.run('delta');
    directory.put(person('eve'));
    directory.put(group('interns', ['key-eve', 'key-dee']));
    let steps = 0;
    store.point = async () => {
      steps += 1;
      if (steps === failing + 1) throw new Error('the target has gone away');
    };
    await world.run('delta').catch(() => undefined);
    store.point = async () => undefined;
    const again = await world.run('delta');
    expect([failing, again.progress.status, store.members('sales'), store.members('interns')]).toEqual([
      failing,
      'completed',
      ['cid', 'eve', 'interns'],
      ['dee', 'eve'],
    ]);
    if (steps <= failing) return;
  }
});

test('that memberships are unknown is known until a full run, whatever happens to the one that found out', async () => {
  for (let failing = 0; ; failing += 1) {
    const { world, directory, store } = await told();
    store.edit(store.user('ann')?.id ?? '', 'delete');
    directory.put(person('ann', { sn: 'New' }));
    let steps = 0;
    store.point = async () => {
      steps += 1;
      if (steps === failing + 1) throw new Error('killed');
    };
    await world.run('delta').catch(() => undefined);
    store.point = async () => undefined;
    // Whoever runs the rule knows nothing of the run before.
    await world.run('delta');
    const last = await world.run('delta');
    expect([failing, last.progress.status, store.members('staff')]).toEqual([
      failing,
      'completed',
      ['ann', 'bob', 'sales'],
    ]);
    if (steps <= failing) {
      expect((await world.run('delta')).progress.type).toBe('delta');
      return;
    }
  }
});

test('a group that lost everybody while memberships were switched off is empty when they are switched on', async () => {
  const { world, directory, store } = await loaded();
  const on = world.rule;
  world.rule = makeGroupRule({ actions: { ...on.actions, syncMemberships: false } });
  await world.run('full');
  directory.setMembers('key-sales', []);
  await world.run('full');
  expect(store.members('sales')).toEqual(['cid']);
  world.rule = on;
  await world.run('full');
  expect(store.members('sales')).toEqual([]);
  expect((await world.run('full')).progress.counts).toMatchObject({ unchanged: 6 });
});

test('a large group leaves the process its turns', async () => {
  const { world, directory, store } = await loaded();
  const strangers = Array.from({ length: 25_000 }, (_, at) => `dn:cn=s${at},dc=other`);
  let turns = 0;
  let turn = setImmediate(function next() {
    turns += 1;
    turn = setImmediate(next);
  });
  try {
    // Five thousand at a time: five parts of the question who they are, and as many transactions.
    directory.setMembers('key-staff', strangers);
    await world.run('delta');
    expect(turns).toBeGreaterThanOrEqual(8);
    turns = 0;
    directory.tellsMembers = true;
    directory.setMembers('key-staff', []);
    await world.run('delta');
    expect(turns).toBeGreaterThanOrEqual(8);
    expect(store.pending).toEqual([]);
  } finally {
    clearImmediate(turn);
  }
}, 60_000);

test('discarding keeps what was kept before, and the failure of a group that has one beside', async () => {
  const { world, directory, store, keys, decision } = await hundred();
  directory.put(person('new'));
  directory.put(group('other', keys));
  await world.run('delta');
  directory.setMembers('key-staff', keys.slice(60));
  directory.setMembers('key-other', keys.slice(60));
  const first = await world.run('delta');
  expect(store.heldMembers).toHaveLength(120);
  await discardHeld(decision(first.progress));
  store.refusesMember = (_group, { id }) =>
    store.user('new')?.id === id ? 'is in too many groups' : undefined;
  directory.setMembers('key-staff', [...keys.slice(90), 'key-new']);
  const second = await world.run('delta');
  expect(second.progress.status).toBe('held');
  expect(store.link('key-staff')).toMatchObject({ status: 'FAILED', errorCode: 'REFUSED' });
  await discardHeld(decision(second.progress));
  expect(store.link('key-staff')).toMatchObject({ status: 'FAILED', errorCode: 'REFUSED' });
  expect(store.heldMembers).toHaveLength(150);
  expect(store.heldMembers.every(({ kept }) => kept)).toBe(true);
  expect((await world.run('full')).progress).toMatchObject({ counts: { held: 0, failed: 1 } });
  expect(store.members('staff')).toHaveLength(100);
});
