import { describe, expect, test } from 'vitest';
import { group, makeGroupRule, makeWorld, person } from '../port/fake/fake-world.ts';
import { DELETE, loaded, told } from './member-world.ts';
import { makeResolver } from './resolve-references.ts';

describe('a first run', () => {
  test('makes groups and their memberships, the nested one too, though it is read after the group it is in', async () => {
    const { store, first } = await loaded(makeGroupRule(), 1);
    expect(first.progress).toMatchObject({ status: 'completed', read: 6, counts: { created: 6, failed: 0 } });
    expect(store.members('staff')).toEqual(['ann', 'bob', 'sales']);
    expect(store.members('sales')).toEqual(['cid']);
    expect(store.pending).toEqual([]);
    expect(store.link('key-staff')).toMatchObject({ status: 'SUCCESS', createdByRule: true });
    const line = store.journal.find((one) => one.reason.startsWith('members: 2 added'));
    expect(line).toMatchObject({
      objectType: 'group',
      outcome: 'updated',
      label: 'staff',
      changes: [{ attribute: 'members', before: [], after: ['ann', 'bob'] }],
    });
  });

  test('is followed by a run that finds everything unchanged and asks for no members', async () => {
    const { world, store } = await loaded();
    const { writes } = store;
    const lines = store.journal.length;
    store.asked.splice(0);
    const again = await world.run('full');
    expect(again.progress.counts).toMatchObject({ unchanged: 6, updated: 0 });
    expect(store.writes).toBe(writes);
    expect(store.journal).toHaveLength(lines);
    expect(store.asked).toEqual([]);
  });

  test('keeps groups that contain each other, and one that contains itself', async () => {
    const world = makeWorld(makeGroupRule());
    world.directory.put(group('a', ['key-b']));
    world.directory.put(group('b', ['key-c']));
    world.directory.put(group('c', ['key-a', 'key-c']));
    await world.run();
    expect(['a', 'b', 'c'].map((name) => world.store.members(name))).toEqual([['b'], ['c'], ['a', 'c']]);
    expect((await world.run('full')).progress.counts.unchanged).toBe(3);
  });

  test('has a member outside of the base wait, and says nothing of it', async () => {
    const world = makeWorld(makeGroupRule());
    world.directory.put(person('ann'));
    world.directory.put(group('staff', ['key-ann', 'dn:cn=eve,dc=other']));
    expect((await world.run()).progress.counts).toMatchObject({ created: 2, failed: 0 });
    expect(world.store.link('key-staff')).toMatchObject({ status: 'SUCCESS' });
    expect(world.store.pending).toMatchObject([{ reference: 'dn:cn=eve,dc=other' }]);
    expect((await world.run('full')).progress.counts.unchanged).toBe(2);
  });

  test('without groups in the rule reads none, and asks nothing about memberships', async () => {
    const { store, first } = await loaded({ ...makeGroupRule(), groups: undefined });
    expect(first.progress).toMatchObject({ read: 4, counts: { created: 4 } });
    expect(store.groups).toEqual([]);
    expect(store.asked).toEqual([]);
  });

  test('with memberships switched off makes groups and touches no members', async () => {
    const actions = { ...DELETE, syncMemberships: false };
    const { world, store, first } = await loaded(makeGroupRule({ actions }));
    expect(first.progress.counts.created).toBe(6);
    expect(store.members('staff')).toEqual([]);
    world.rule = makeGroupRule();
    const run = await world.run('delta');
    expect(run.progress).toMatchObject({
      type: 'full',
      reason: 'changed since the last full run: memberships',
    });
    expect(store.members('staff')).toEqual(['ann', 'bob', 'sales']);
  });
});

describe('groups switched on later', () => {
  test('find people whose links were made before, and force a full run that says so', async () => {
    const users = { ...makeGroupRule(), groups: undefined };
    const { world, store } = await loaded(users);
    world.rule = makeGroupRule();
    const run = await world.run('delta');
    expect(run.progress).toMatchObject({
      type: 'full',
      reason: 'changed since the last full run: groups',
      counts: { unchanged: 4, created: 2 },
    });
    expect(store.members('staff')).toEqual(['ann', 'bob', 'sales']);
    expect((await world.run('full')).progress.counts.unchanged).toBe(6);
    world.rule = users;
    const off = await world.run('delta');
    expect(off.progress).toMatchObject({ type: 'full', status: 'completed', read: 4 });
    expect(store.groups).toHaveLength(2);
  });
});

describe.each(['whole groups', 'single members'] as const)('a delta that tells %s', (how) => {
  const start = how === 'whole groups' ? loaded : told;

  test('adds and removes members, in one line of the journal', async () => {
    const { world, directory, store } = await start();
    directory.setMembers('key-staff', ['key-bob', 'key-dee', 'key-cid', 'key-sales']);
    const run = await world.run('delta');
    expect(run.progress).toMatchObject({ type: 'delta', read: 1, counts: { updated: 1 } });
    expect(store.members('staff')).toEqual(['bob', 'cid', 'dee', 'sales']);
    expect(store.journal.at(-1)).toMatchObject({
      outcome: 'updated',
      label: 'staff',
      reason: 'members: 2 added, 1 removed',
      changes: [{ attribute: 'members', before: ['ann'], after: ['dee', 'cid'] }],
    });
    expect((await world.run('full')).progress.counts.unchanged).toBe(6);
  });

  test('adds nobody who came and went again', async () => {
    const { world, directory, store } = await start();
    const before = directory.get('key-sales')?.members ?? [];
    directory.setMembers('key-sales', [...before, 'key-dee']);
    directory.setMembers('key-sales', before);
    const run = await world.run('delta');
    expect(run.progress.counts).toMatchObject({ updated: 0, unchanged: 1 });
    expect(store.members('sales')).toEqual(['cid']);
  });

  test('has members wait for an object that arrives later, however long that takes', async () => {
    const { world, directory, store } = await start();
    directory.setMembers('key-sales', ['key-cid', 'dn:uid=eve,ou=people', 'dn:cn=interns,ou=groups']);
    await world.run('delta');
    expect(store.members('sales')).toEqual(['cid']);
    expect(store.pending).toHaveLength(2);
    directory.put(person('eve'));
    directory.put(group('interns', ['key-eve']));
    await world.run('delta');
    expect(store.members('sales')).toEqual(['cid', 'eve', 'interns']);
    expect(store.members('interns')).toEqual(['eve']);
    expect(store.pending).toEqual([]);
    expect((await world.run('full')).progress.counts.failed).toBe(0);
    expect(store.members('sales')).toEqual(['cid', 'eve', 'interns']);
  });

  test('forgets who waited and was taken out before it came', async () => {
    const { world, directory, store } = await start();
    directory.setMembers('key-sales', ['key-cid', 'dn:uid=eve,ou=people']);
    await world.run('delta');
    directory.setMembers('key-sales', ['key-cid']);
    await world.run('delta');
    expect(store.pending).toEqual([]);
    directory.put(person('eve'));
    await world.run('delta');
    expect(store.members('sales')).toEqual(['cid']);
  });

  test('keeps a member through a rename and a move', async () => {
    const { world, directory, store } = await start();
    directory.put({ ...person('anna'), key: 'key-ann', place: 'uid=anna,ou=elsewhere' });
    await world.run('delta');
    expect(store.members('staff')).toEqual(['anna', 'bob', 'sales']);
    expect((await world.run('full')).progress.counts.failed).toBe(0);
    expect(store.members('staff')).toEqual(['anna', 'bob', 'sales']);
  });

  test('makes a group again that was deleted and made under the same name', async () => {
    const { world, directory, store } = await start();
    directory.delete('key-sales');
    directory.put(group('sales', ['key-dee'], { key: 'key-sales-2' }));
    const run = await world.run('delta');
    expect(run.progress.counts).toMatchObject({ created: 1, deleted: 1, conflict: 0 });
    expect(store.groups).toHaveLength(2);
    expect(store.members('sales')).toEqual(['dee']);
  });

  test('leaves alone who was put there by somebody else, and mends the rest in the next full run', async () => {
    const { world, directory, store } = await start();
    const staff = store.group('staff')?.id ?? '';
    const local = store.add({ username: ['local'] });
    store.editMembers(staff, { add: { objectType: 'user', id: local } });
    store.editMembers(staff, { add: { objectType: 'user', id: store.user('dee')?.id ?? '' } });
    store.editMembers(staff, { remove: { objectType: 'user', id: store.user('ann')?.id ?? '' } });
    directory.setMembers('key-staff', ['key-ann', 'key-bob', 'key-cid', 'key-sales']);
    await world.run('delta');
    await world.run('full');
    expect(store.members('staff')).toEqual(['ann', 'bob', 'cid', 'local', 'sales']);
  });

  test('gives memberships back to a person who left the scope and returns, and not to one who was deleted', async () => {
    const { world, directory, store } = await start();
    directory.scope = (entry) => entry.attributes.away === undefined;
    const ann = person('ann');
    directory.put({ ...ann, attributes: { ...ann.attributes, away: ['x'] }, place: 'uid=ann,ou=away' });
    directory.delete('key-bob');
    expect((await world.run('delta')).progress.counts.deleted).toBe(2);
    expect(store.members('staff')).toEqual(['sales']);
    expect(store.pending).toMatchObject([{ reference: 'dn:uid=ann,ou=away' }]);
    directory.put({ ...ann, place: 'uid=ann,ou=away' });
    directory.put(person('bob', { key: 'key-other-bob' }));
    await world.run('delta');
    expect(store.members('staff')).toEqual(['ann', 'sales']);
    await world.run('full');
    expect(store.members('staff')).toEqual(['ann', 'sales']);
  });

  test('takes nobody for a deleted person who was at the same place, out of scope', async () => {
    const { world, directory, store } = await start();
    directory.scope = (entry) => entry.attributes.away === undefined;
    const ann = person('ann');
    directory.put({ ...ann, attributes: { ...ann.attributes, away: ['x'] }, place: 'uid=ann,ou=away' });
    await world.run('delta');
    expect(store.pending).toMatchObject([{ reference: 'dn:uid=ann,ou=away' }]);
    // The directory takes the name out of the group, and tells of nothing: neither is the person in scope nor did the group change.
    directory.delete('key-ann');
    directory.put({ ...person('ann', { key: 'key-other-ann' }), place: 'uid=ann,ou=away' });
    await world.run('delta');
    expect(store.user('ann')?.id).toBeDefined();
    expect(store.members('staff')).toEqual(['bob', 'sales']);
    expect(store.pending).toEqual([]);
  });
});

test('a group that did not name who was waited for is compared again by the next full run', async () => {
  const world = makeWorld(makeGroupRule());
  const { directory, store } = world;
  const ann = person('ann');
  directory.put(group('staff', [`dn:${ann.place}`]));
  await world.run();
  expect(store.pending).toHaveLength(1);
  directory.put(ann);
  // As where she is on her way from one place to another, or the account may not see it just then.
  await world.run('delta', { source: { ...directory.reader(), namedBy: async () => new Map() } });
  expect(store.members('staff')).toEqual([]);
  expect(store.pending).toEqual([]);
  await world.run();
  expect(store.members('staff')).toEqual(['ann']);
});

describe('a group', () => {
  test('is linked by its name in any case, and was not made by the rule', async () => {
    const world = makeWorld(makeGroupRule());
    const id = world.store.add({ name: ['STAFF'] }, true, 'group');
    const local = world.store.add({ username: ['local'] });
    world.store.editMembers(id, { add: { objectType: 'user', id: local } });
    world.directory.put(person('ann'));
    world.directory.put(group('staff', ['key-ann']));
    expect((await world.run()).progress.counts).toMatchObject({ linked: 1, created: 1 });
    expect(world.store.link('key-staff')).toMatchObject({ targetId: id, createdByRule: false });
    expect(world.store.members('STAFF')).toEqual(['ann', 'local']);
  });

  test('conflicts where several have its name, and where another rule owns the one that has it', async () => {
    const world = makeWorld(makeGroupRule());
    world.store.add({ name: ['staff'] }, true, 'group');
    world.store.add({ name: ['Staff'] }, true, 'group');
    const sales = world.store.add({ name: ['sales'] }, true, 'group');
    world.store.heldByOthers = new Map([[sales, 'Contractors']]);
    world.directory.put(group('staff', []));
    world.directory.put(group('sales', []));
    const run = await world.run();
    expect(run.progress.counts).toMatchObject({ conflict: 2, linked: 0 });
    expect(world.store.link('key-staff')?.errorCode).toBe('SEVERAL_MATCHES');
    expect(world.store.link('key-sales')?.reason).toContain('belongs to rule "Contractors"');
  });

  test('keeps its name where renaming is off, and is updated in everything else', async () => {
    const { world, directory, store } = await loaded(
      makeGroupRule({ actions: { ...DELETE, renameGroups: false } }),
    );
    directory.put(group('selling', ['key-dee'], { key: 'key-sales', description: 'New' }));
    const run = await world.run('delta');
    expect(run.progress.counts.updated).toBe(1);
    expect(store.group('sales')?.attributes.description).toEqual(['New']);
    expect(store.members('sales')).toEqual(['dee']);
    expect(store.link('key-sales')).toMatchObject({ status: 'PARTIAL_SYNCED' });
    expect(store.link('key-sales')?.reason).toContain('name differs, but renaming groups is off');
  });

  test('is not made where creation is off, and its members wait for nothing', async () => {
    const { world, store, first } = await loaded(
      makeGroupRule({ actions: { ...DELETE, createGroups: false } }),
    );
    expect(first.progress.counts).toMatchObject({ created: 4, skipped: 2 });
    expect(store.link('key-staff')).toMatchObject({ status: 'UNSYNCED', targetId: undefined });
    world.rule = makeGroupRule();
    await world.run('full');
    expect(store.members('staff')).toEqual(['ann', 'bob', 'sales']);
  });

  test('is kept where deleting is off, keeps its members, and is synced again when it returns', async () => {
    const { world, directory, store } = await loaded(
      makeGroupRule({ actions: { ...DELETE, deleteGroups: false } }),
    );
    directory.scope = (entry) => entry.attributes.away === undefined;
    const sales = group('sales', ['key-cid']);
    directory.put({ ...sales, attributes: { ...sales.attributes, away: ['x'] } });
    await world.run('delta');
    expect(store.link('key-sales')).toMatchObject({ status: 'UNSYNCED', presence: 'outOfScope' });
    expect(store.link('key-sales')?.reason).toContain('deleting groups is off');
    expect(store.members('sales')).toEqual(['cid']);
    directory.put({ ...sales, members: ['key-dee'] });
    await world.run('delta');
    expect(store.members('sales')).toEqual(['dee']);
  });

  test('that is no group to work on fails by itself', async () => {
    const world = makeWorld(makeGroupRule());
    world.directory.put(person('ann'));
    const fault = { code: 'TWO_TYPES', message: 'it is a user and a group' };
    world.directory.put(group('both', ['key-ann'], { fault }));
    expect((await world.run()).progress.counts).toMatchObject({ created: 1, failed: 1 });
    expect(world.store.link('key-both')).toMatchObject({ errorCode: 'TWO_TYPES', status: 'FAILED' });
  });

  test('waits for its grace period to end, with its members', async () => {
    const { world, directory, store } = await loaded(makeGroupRule({ removalGraceDays: 7 }));
    directory.delete('key-sales');
    await world.run('delta');
    expect(store.members('sales')).toEqual(['cid']);
    expect(store.link('key-sales')).toMatchObject({ status: 'SUCCESS' });
    world.clock.advance(8 * 86_400_000);
    expect((await world.run('delta')).progress.counts.deleted).toBe(1);
    expect(store.group('sales')).toBeUndefined();
  });
});

describe('counters', () => {
  test('of groups are not touched by users that fail at the target', async () => {
    const world = makeWorld(makeGroupRule());
    for (const name of ['ann', 'bob']) {
      world.directory.put(person(name));
      world.directory.put(group(`g-${name}`, [`key-${name}`]));
      world.store.refuses.set(name, { code: 'NO', conflict: false });
    }
    await world.run();
    const status = (objectType: string) =>
      world.store.links.filter((link) => link.objectType === objectType).map((link) => link.status);
    expect(status('user')).toEqual(['FAILED', 'FAILED']);
    expect(status('group')).toEqual(['SUCCESS', 'SUCCESS']);
    expect(world.store.pending).toHaveLength(2);
    world.store.refuses.clear();
    await world.run('full');
    expect(world.store.members('g-ann')).toEqual(['ann']);
  });

  test('name the group whose membership fails, while everything else of it is written', async () => {
    const { world, directory, store } = await loaded();
    store.refusesMember = (_groupId, { id }) =>
      id === store.user('dee')?.id ? 'is in 10000 groups already' : undefined;
    directory.put(group('club', ['key-ann', 'key-dee', 'key-bob']));
    const run = await world.run('delta');
    expect(run.progress.counts).toMatchObject({ failed: 1, created: 0 });
    expect(store.members('club')).toEqual(['ann', 'bob']);
    expect(store.link('key-club')).toMatchObject({ status: 'FAILED', fingerprint: '' });
    expect(store.link('key-club')?.reason).toBe(
      'new in scope; members: 2 added; 1 of 3 memberships failed: dee: is in 10000 groups already',
    );
    expect((await world.run('full')).progress.counts.failed).toBe(1);
    const lines = store.journal.length;
    await world.run('full');
    expect(store.journal).toHaveLength(lines);
    store.refusesMember = () => undefined;
    await world.run('full');
    expect(store.members('club')).toEqual(['ann', 'bob', 'dee']);
    expect(store.link('key-club')).toMatchObject({ status: 'SUCCESS', errorCode: undefined });
  });
});

describe('objects that say themselves where they belong', () => {
  test('are added to the group that names nobody, and stay until the group says otherwise', async () => {
    const { world, directory, store } = await told();
    directory.put({ ...person('dee'), memberOf: ['dn:cn=sales,ou=groups', 'dn:cn=unknown,ou=groups'] });
    await world.run('delta');
    expect(store.members('sales')).toEqual(['cid', 'dee']);
    const { writes } = store;
    directory.put({ ...person('dee', { sn: 'New' }), memberOf: ['dn:cn=sales,ou=groups'] });
    await world.run('delta');
    expect(store.writes).toBe(writes + 1);
  });

  test('are found under other names that groups use, when they arrive and for good', async () => {
    const { world, directory, store } = await told();
    directory.setMembers('key-sales', ['uid:eve', 'uid:dee']);
    await world.run('delta');
    expect(store.members('sales')).toEqual([]);
    directory.put(person('eve', { otherNames: ['uid:eve'] }));
    directory.put(person('dee', { otherNames: ['uid:dee'] }));
    await world.run('delta');
    expect(store.members('sales')).toEqual(['dee', 'eve']);
    directory.put(group('club', ['uid:eve']));
    await world.run('delta');
    expect(store.members('club')).toEqual(['eve']);
  });
});

describe('what a delta cannot know', () => {
  test('is asked for as a full run: a person made again has memberships nobody tells', async () => {
    const { world, directory, store } = await told();
    store.edit(store.user('ann')?.id ?? '', 'delete');
    directory.put(person('ann', { sn: 'New' }));
    const run = await world.run('delta');
    expect(run.wantsFull).toContain('ann was gone from the target');
    expect((await world.run('full')).wantsFull).toBeUndefined();
    expect(store.members('staff')).toEqual(['ann', 'bob', 'sales']);
  });
});

describe('many', () => {
  test('groups of a first load cost no call of their own', async () => {
    const world = makeWorld(makeGroupRule());
    const { directory, store } = world;
    directory.batchSize = 500;
    for (let at = 0; at < 200; at += 1) directory.put(person(`p${at}`));
    for (let at = 0; at < 1000; at += 1)
      directory.put(
        group(
          `g${at}`,
          Array.from({ length: 10 }, (_, n) => `key-p${(at + n * 7) % 200}`),
        ),
      );
    const before = store.transactions;
    await world.run();
    expect(store.asked.filter(({ what }) => what.startsWith('members of'))).toEqual([]);
    expect(store.asked.filter(({ what }) => what === 'linksByReferences')).toHaveLength(2);
    expect(store.transactions - before).toBeLessThan(15);
    expect(store.members('g999')).toHaveLength(10);
  });

  test('members of one group are written in bounded transactions, and one more costs nothing but itself', async () => {
    const world = makeWorld(makeGroupRule());
    const { directory, store } = world;
    directory.batchSize = 1000;
    const keys = Array.from({ length: 12_000 }, (_, at) => `key-p${at}`);
    for (const key of keys) directory.put(person(key.slice(4)));
    directory.put(group('all', [...keys.slice(1), 'dn:cn=nobody']));
    await world.run();
    expect(store.members('all')).toHaveLength(11_999);
    directory.tellsMembers = true;
    directory.setMembers('key-all', [...keys, 'dn:cn=nobody']);
    store.asked.splice(0);
    await world.run('delta');
    expect(store.members('all')).toHaveLength(12_000);
    expect(store.asked).toEqual([{ what: 'linksByReferences', count: 1 }]);
  });
});

test('a link is believed only if its place gives the reference, or the reference was found as it is', async () => {
  const link = { number: 1, objectType: 'user' as const, sourceKey: 'k', targetId: 't1' };
  const state = {
    linksByReferences: async () =>
      new Map([
        [
          'dn:a',
          [
            { ...link, place: 'b' },
            { ...link, number: 2, place: 'a', targetId: undefined },
          ],
        ],
        ['dn:b', [{ ...link, number: 3, place: 'x' }]],
        ['uid:c', [{ ...link, number: 4, place: 'y', byOther: true as const }]],
      ]),
  };
  const resolved = await makeResolver(state, { referenceOf: (place) => `dn:${place}` }).resolve([
    'dn:a',
    'dn:b',
    'uid:c',
  ]);
  expect([...resolved].map(([reference, { number }]) => [reference, number])).toEqual([
    ['dn:a', 2],
    ['uid:c', 4],
  ]);
});
