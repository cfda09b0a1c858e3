import { CodedError } from '@sallyport/model';
import { describe, expect, test } from 'vitest';
import { ALL_ACTIONS, makeRule, makeWorld, mapping, person } from '../port/fake/fake-world.ts';
import { RunInterrupted } from './run-rule.ts';

const NAMES = ['ann', 'bob', 'cid', 'dee', 'eve'];

async function loaded(rule = makeRule()) {
  const world = makeWorld(rule);
  for (const name of NAMES) world.directory.put(person(name));
  const first = await world.run('delta');
  expect(first.progress.counts.created).toBe(NAMES.length);
  return { world, first };
}

describe('a full run', () => {
  test('creates everybody, once, and says why it is full', async () => {
    const { world, first } = await loaded();
    expect(first.progress).toMatchObject({ type: 'full', reason: 'first run', status: 'completed', read: 5 });
    expect(world.store.user('ann')).toMatchObject({
      active: true,
      attributes: { username: ['ann'], email: ['ann@example.com'], 'name.family': ['Doe'] },
    });
    expect(world.store.journal).toHaveLength(5);
    expect(world.store.journal[0]?.changes).toContainEqual({
      attribute: 'username',
      before: [],
      after: ['ann'],
    });
  });

  test('over an unchanged directory decodes nothing and writes nothing but its own record', async () => {
    const { world } = await loaded();
    world.directory.decoded = 0;
    const { writes, journal } = world.store;
    const lines = journal.length;
    const again = await world.run('full');
    expect(again.progress.counts).toMatchObject({ unchanged: 5, updated: 0 });
    expect(again.progress.expected).toBe(5);
    expect(world.directory.decoded).toBe(0);
    expect(world.store.writes).toBe(writes);
    expect(world.store.journal).toHaveLength(lines);
  });

  test('takes back what somebody changed at the target', async () => {
    const { world } = await loaded();
    const ann = world.store.user('ann');
    world.store.edit(ann?.id ?? '', {
      attributes: { ...ann?.attributes, 'name.family': ['Changed'] },
      active: false,
    });
    const run = await world.run('full');
    expect(run.progress.counts).toMatchObject({ enabled: 1, unchanged: 4 });
    expect(world.store.user('ann')).toMatchObject({ active: true, attributes: { 'name.family': ['Doe'] } });
  });

  test('takes back what somebody changed between the comparison and the write', async () => {
    const { world } = await loaded();
    world.directory.put(person('ann', { sn: 'New' }));
    const ann = world.store.user('ann');
    let edited = false;
    world.store.point = async (step) => {
      if (step !== 'apply' || edited) return;
      edited = true;
      world.store.edit(ann?.id ?? '', {
        attributes: { ...ann?.attributes, email: ['somebody@example.com'] },
      });
    };
    const target = world.store.target(false);
    expect((await world.run('delta', { target })).progress.counts.updated).toBe(1);
    expect(world.store.user('ann')?.attributes).toMatchObject({
      'name.family': ['New'],
      email: ['somebody@example.com'],
    });
    expect((await world.run('full', { target })).progress.counts.updated).toBe(1);
    expect(world.store.user('ann')?.attributes.email).toEqual(['ann@example.com']);
    expect((await world.run('full', { target })).progress.counts).toMatchObject({ unchanged: 5, updated: 0 });
  });

  test('leaves attributes outside the mapping alone, and clears those whose source value is gone', async () => {
    const { world } = await loaded();
    const ann = world.store.user('ann');
    world.store.edit(ann?.id ?? '', { attributes: { ...ann?.attributes, nickname: ['Annie'] } });
    world.directory.put({ ...person('ann'), attributes: { uid: ['ann'], sn: ['Doe'] } });
    await world.run('delta');
    const attributes = world.store.user('ann')?.attributes ?? {};
    expect(attributes.nickname).toEqual(['Annie']);
    expect(attributes.email).toBeUndefined();
  });

  test('keeps the person through a rename and a move', async () => {
    const { world } = await loaded();
    const id = world.store.user('bob')?.id;
    world.directory.put({ ...person('robert'), key: 'key-bob', place: 'uid=robert,ou=elsewhere' });
    const run = await world.run('delta');
    expect(run.progress.counts).toMatchObject({ updated: 1 });
    expect(world.store.user('robert')?.id).toBe(id);
    expect(world.store.link('key-bob')).toMatchObject({ place: 'uid=robert,ou=elsewhere', targetId: id });
  });

  test('links an existing user by its name in any case, and says so', async () => {
    const world = makeWorld();
    const id = world.store.add({ username: ['ANN'], 'name.family': ['Old'] });
    world.directory.put(person('ann'));
    const run = await world.run();
    expect(run.progress.counts).toMatchObject({ linked: 1, created: 0 });
    expect(world.store.link('key-ann')).toMatchObject({ targetId: id, status: 'SUCCESS' });
    expect(world.store.users[0]?.attributes).toMatchObject({ username: ['ANN'], 'name.family': ['Doe'] });
    expect(world.store.journal[0]?.reason).toContain('matched by username = ann');
  });

  test('names both when two people claim one user', async () => {
    const world = makeWorld();
    world.directory.batchSize = 10;
    world.directory.put(person('ann'));
    world.directory.put({ ...person('ann'), key: 'key-other', place: 'uid=ann,ou=guests' });
    const run = await world.run();
    expect(run.progress.counts).toMatchObject({ created: 1, conflict: 1 });
    const reason = world.store.link('key-other')?.reason ?? '';
    expect(reason).toContain('uid=ann,ou=people');
    expect(reason).toContain('uid=ann,ou=guests');
    expect((await world.run()).progress.counts).toMatchObject({ unchanged: 1, conflict: 1 });
  });

  test('lets people exchange names, two of them or a ring far apart, in a delta and in a full run', async () => {
    const world = makeWorld();
    world.directory.batchSize = 50;
    const names = Array.from({ length: 1300 }, (_, at) => `n${String(at).padStart(4, '0')}`);
    for (const name of names) world.directory.put(person(name));
    await world.run();
    world.directory.put({ ...person('n0001'), key: 'key-n0000' });
    world.directory.put({ ...person('n0000'), key: 'key-n0001' });
    expect((await world.run('delta')).progress.counts).toMatchObject({ updated: 2, conflict: 0, failed: 0 });
    expect(world.store.link('key-n0000')?.targetId).toBe(world.store.user('n0001')?.id);
    const ring = names.slice(2);
    for (const [at, name] of ring.entries())
      world.directory.put({ ...person(ring[(at + 1) % ring.length] ?? ''), key: `key-${name}` });
    const run = await world.run();
    expect(run.progress.counts).toMatchObject({ updated: ring.length, conflict: 0, failed: 0 });
    expect(world.store.link('key-n1299')?.targetId).toBe(world.store.user('n0002')?.id);
  });

  test('gives the same answer when the two come in different batches', async () => {
    const world = makeWorld();
    world.directory.batchSize = 1;
    for (const name of ['ann', 'bob', 'cid']) world.directory.put(person(name));
    world.directory.put({ ...person('ann'), key: 'key-other', place: 'uid=ann,ou=guests' });
    expect((await world.run()).progress.counts).toMatchObject({ created: 3, conflict: 1 });
  });

  test('fails with the code of the catalogue on what nobody expected', async () => {
    const { world } = await loaded();
    world.directory.unreachable = new TypeError('a defect');
    expect((await world.run()).progress).toMatchObject({ status: 'failed', errorCode: 'UNEXPECTED_ERROR' });
  });

  test('lets one bad entry fail alone: no key, no name, unmappable, refused by the target', async () => {
    const world = makeWorld();
    world.directory.put(person('ann'));
    world.directory.put({ ...person('nokey'), key: '' });
    world.directory.put({ ...person('noname'), attributes: { mail: ['x@example.com'] } });
    world.directory.put({ ...person('badmail'), attributes: { uid: ['badmail'], mail: ['nonsense'] } });
    world.directory.put(person('unwanted'));
    world.store.refuses.set('unwanted', { code: 'POLICY', conflict: false });
    const run = await world.run();
    expect(run.progress.counts).toMatchObject({ created: 1, failed: 4 });
    expect(run.progress.status).toBe('completed');
    expect(
      world.store.journal
        .map((line) => line.errorCode)
        .filter(Boolean)
        .sort(),
    ).toEqual(['EMPTY_KEY', 'INVALID_VALUE', 'POLICY', 'REQUIRED_VALUE']);
    expect(world.store.link('key-badmail')?.reason).toContain('mapping "email": not an address: nonsense');
    world.store.refuses.clear();
    expect((await world.run()).progress.counts).toMatchObject({ created: 1, failed: 3, unchanged: 1 });
  });

  test('refuses one key in two places, and accepts the same entry read twice', async () => {
    const world = makeWorld();
    world.directory.put(person('ann'));
    world.directory.put(person('bob'));
    world.directory.readTwice = [person('bob'), { ...person('ann'), place: 'uid=ann,ou=copy' }];
    const run = await world.run();
    expect(run.progress.counts).toMatchObject({ created: 2, failed: 1 });
    expect(world.store.link('key-ann')).toMatchObject({ status: 'FAILED', errorCode: 'DUPLICATE_KEY' });
    world.directory.readTwice = [];
    expect((await world.run()).progress.counts).toMatchObject({ unchanged: 2, failed: 0 });
    expect(world.store.link('key-ann')?.status).toBe('SUCCESS');
  });

  test('moves a name from one person to another in one run, whichever comes first', async () => {
    for (const order of ['giver', 'taker']) {
      const world = makeWorld();
      world.directory.put(person('ann'));
      world.directory.put(person('bob'));
      await world.run();
      const give = { ...person('carol'), key: 'key-ann' };
      const take = { ...person('ann'), key: 'key-bob', place: 'uid=ann,ou=new' };
      for (const entry of order === 'giver' ? [give, take] : [take, give]) world.directory.put(entry);
      const run = await world.run('delta');
      expect(run.progress.counts).toMatchObject({ updated: 2, conflict: 0, failed: 0 });
      expect(world.store.link('key-bob')?.targetId).toBe(world.store.user('ann')?.id);
    }
  });

  test('gives the name of a deleted person to a new one in the same run', async () => {
    const { world } = await loaded(makeRule({ actions: { ...ALL_ACTIONS, removeAction: 'Delete' } }));
    world.directory.delete('key-ann');
    world.directory.put({ ...person('ann'), key: 'key-new' });
    const run = await world.run('delta');
    expect(run.progress.counts).toMatchObject({ deleted: 1, created: 1, conflict: 0 });
    expect(world.store.link('key-new')?.targetId).toBe(world.store.user('ann')?.id);
  });

  test('creates again what somebody deleted at the target, under the same link', async () => {
    const { world } = await loaded();
    const number = world.store.link('key-ann')?.number;
    world.store.edit(world.store.user('ann')?.id ?? '', 'delete');
    const run = await world.run();
    expect(run.progress.counts).toMatchObject({ created: 1, unchanged: 4 });
    expect(world.store.link('key-ann')).toMatchObject({ number, targetId: world.store.user('ann')?.id });
    expect(world.store.link('key-ann')?.reason).toContain('gone from the target');
  });

  test('shows an unknown target attribute and a faulty expression together, and changes nothing', async () => {
    const world = makeWorld(
      makeRule({
        mappings: [
          mapping('username', { attribute: 'uid' }),
          mapping('shoeSize', { attribute: 'x' }),
          mapping('email', { expression: 'mail +' }),
        ],
      }),
    );
    world.directory.put(person('ann'));
    const run = await world.run();
    expect(run.progress).toMatchObject({ status: 'failed', errorCode: 'INVALID_MAPPINGS' });
    expect(run.error instanceof CodedError ? run.error.details.map((detail) => detail.target) : []).toEqual([
      'shoeSize',
      'email',
    ]);
    expect(world.store.users).toHaveLength(0);
  });
});

describe('a delta run', () => {
  test('does the changes and nothing else', async () => {
    const { world } = await loaded();
    world.directory.put(person('bob', { sn: 'Smith' }));
    world.directory.put(person('fay'));
    world.directory.delete('key-eve');
    const run = await world.run('delta');
    expect(run.progress).toMatchObject({ type: 'delta', read: 2 });
    expect(run.progress.counts).toMatchObject({ updated: 1, created: 1, disabled: 1, unchanged: 0 });
    expect(world.store.user('eve')?.active).toBe(false);
    const line = world.store.journal.find((one) => one.outcome === 'updated');
    expect(line?.changes).toEqual([{ attribute: 'name.family', before: ['Doe'], after: ['Smith'] }]);
    expect((await world.run('delta')).progress).toMatchObject({ type: 'delta', read: 0 });
  });

  test('follows a change that was taken back, hint by hint, even from one batch in flight to the next', async () => {
    const { world } = await loaded();
    world.directory.replaysLog = true;
    world.directory.batchSize = 1;
    world.directory.put(person('ann', { sn: 'New' }));
    world.directory.put(person('ann'));
    const run = await world.run('delta');
    expect(run.progress.counts.updated).toBe(2);
    expect(world.store.user('ann')?.attributes).toMatchObject({ 'name.family': ['Doe'] });
  });

  test('that is a mere poll and finds nothing leaves no record', async () => {
    const { world } = await loaded();
    const { runs, transactions } = world.store;
    const poll = await world.run('delta', { recordIfEmpty: false });
    expect(poll.progress).toMatchObject({ status: 'completed', read: 0 });
    expect(world.store.runs).toEqual(runs);
    expect(world.store.transactions).toBe(transactions);
    world.directory.put(person('ann', { sn: 'New' }));
    await world.run('delta', { recordIfEmpty: false });
    expect(world.store.runs.at(-1)).toMatchObject({ status: 'completed', counts: { updated: 1 } });
  });

  test('stopped to be gone on with is called interrupted', async () => {
    const { world } = await loaded();
    const stop = new AbortController();
    stop.abort(new RunInterrupted('the server is stopping'));
    expect((await world.run('full', { signal: stop.signal })).progress).toMatchObject({
      status: 'interrupted',
      errorMessage: 'the server is stopping',
    });
  });

  test('becomes full when the position is lost, and says so', async () => {
    const { world } = await loaded();
    world.directory.delete('key-ann');
    world.directory.trimmedBefore = 99;
    const run = await world.run('delta');
    expect(run.progress).toMatchObject({
      type: 'full',
      reason: 'the change log was trimmed past the position',
    });
    expect(run.progress.counts).toMatchObject({ disabled: 1, unchanged: 4 });
  });

  test('becomes full when mappings or scope change, and names what changed', async () => {
    const { world } = await loaded();
    world.rule = makeRule({
      mappings: [mapping('username', { attribute: 'uid' }, { characterCase: 'UPPER' })],
    });
    expect((await world.run('delta')).progress).toMatchObject({
      type: 'full',
      reason: 'changed since the last full run: mappings',
    });
    world.rule = { ...world.rule, scope: { 'base DN': 'ou=people', 'LDAP filter': '(sn=*)' } };
    expect((await world.run('delta')).progress.reason).toContain('LDAP filter');
    world.rule = { ...world.rule, name: 'Renamed', actions: { ...ALL_ACTIONS, createUsers: false } };
    expect((await world.run('delta')).progress.type).toBe('delta');
  });

  test('is not advanced by a run that failed in the middle', async () => {
    const { world } = await loaded();
    for (const name of NAMES) world.directory.put(person(name, { sn: 'New' }));
    let pulls = 0;
    world.directory.onPull = () => {
      pulls += 1;
      if (pulls === 5) throw new CodedError('SOURCE_UNAVAILABLE', 'the directory went away');
    };
    const failed = await world.run('delta');
    expect(failed.progress).toMatchObject({ status: 'failed', errorCode: 'SOURCE_UNAVAILABLE' });
    world.directory.onPull = undefined;
    await world.run('delta');
    expect(world.store.users.map((user) => user.attributes['name.family'])).toEqual(NAMES.map(() => ['New']));
    const updates = world.store.journal.filter((line) => line.outcome === 'updated');
    expect(updates).toHaveLength(NAMES.length);
  });

  test.each([
    [true, 'full'],
    [false, 'delta'],
  ] as const)(
    'that followed bases only (%s) and brought somebody before it failed is followed by a %s run',
    async (basesOnly, next) => {
      const { world } = await loaded();
      world.directory.followsBasesOnly = basesOnly;
      for (const name of ['neo', 'nia', 'nil', 'nox']) world.directory.put(person(name));
      let pulls = 0;
      world.directory.onPull = () => {
        pulls += 1;
        if (pulls === 5) throw new CodedError('SOURCE_UNAVAILABLE', 'the directory went away');
      };
      const failed = await world.run('delta');
      expect(failed.progress.status).toBe('failed');
      expect(failed.progress.counts.created).toBeGreaterThan(0);
      world.directory.onPull = undefined;
      // Such a directory says nothing of who came after the position and is gone again.
      const again = await world.run('delta');
      expect(again.progress).toMatchObject({ status: 'completed', type: next });
      expect((await world.run('delta')).progress.type).toBe('delta');
    },
  );

  test('stopped by its signal keeps what was committed and is called cancelled', async () => {
    const { world } = await loaded();
    for (const name of NAMES) world.directory.put(person(name, { sn: 'New' }));
    const stop = new AbortController();
    let pulls = 0;
    world.directory.onPull = () => {
      pulls += 1;
      if (pulls === 5) stop.abort(new Error('the server is going down'));
    };
    const run = await world.run('delta', { signal: stop.signal });
    expect(run.progress).toMatchObject({
      status: 'cancelled',
      errorMessage: 'the server is going down',
    });
    expect(run.error).toBeUndefined();
    expect(run.progress.counts.updated).toBe(
      world.store.journal.filter((line) => line.outcome === 'updated').length,
    );
    world.directory.onPull = undefined;
    expect((await world.run('delta')).progress.counts.updated).toBe(5 - run.progress.counts.updated);
  });
});

describe('the account state', () => {
  test('follows the source, and leaves the user alone where disabling is off', async () => {
    const { world } = await loaded();
    world.directory.put(person('ann', { active: false }));
    expect((await world.run('delta')).progress.counts.disabled).toBe(1);
    world.directory.put(person('ann'));
    expect((await world.run('delta')).progress.counts.enabled).toBe(1);
    world.rule = makeRule({ actions: { ...ALL_ACTIONS, disableUsers: false, deprovisionUsers: false } });
    world.directory.put(person('ann', { active: false, sn: 'New' }));
    const run = await world.run('delta');
    expect(run.progress.counts.updated).toBe(1);
    expect(world.store.user('ann')).toMatchObject({ active: true, attributes: { 'name.family': ['New'] } });
    expect(world.store.link('key-ann')).toMatchObject({ status: 'PARTIAL_SYNCED' });
  });

  test('of a person who comes back into scope is enabled again, also where the source has none', async () => {
    const world = makeWorld();
    world.directory.put(person('ann', { active: undefined }));
    world.directory.put(person('bob', { active: undefined }));
    await world.run();
    world.directory.scope = (entry) => entry.key !== 'key-ann';
    world.directory.put(person('ann', { active: undefined, sn: 'Away' }));
    const left = await world.run('delta');
    expect(left.progress.counts.disabled).toBe(1);
    expect(world.store.link('key-ann')).toMatchObject({ presence: 'outOfScope', status: 'SUCCESS' });
    world.directory.scope = () => true;
    world.directory.put(person('ann', { active: undefined, sn: 'Back' }));
    expect((await world.run('delta')).progress.counts.enabled).toBe(1);
    expect(world.store.user('ann')).toMatchObject({ active: true, attributes: { 'name.family': ['Back'] } });
  });
});

describe('actions that are off', () => {
  test('creation: unsynced until a full run after it is switched on', async () => {
    const world = makeWorld(makeRule({ actions: { ...ALL_ACTIONS, createUsers: false } }));
    world.directory.put(person('ann'));
    expect((await world.run()).progress.counts.skipped).toBe(1);
    expect(world.store.link('key-ann')).toMatchObject({ status: 'UNSYNCED', reason: 'creation is off' });
    const lines = world.store.journal.length;
    expect((await world.run()).progress.counts.skipped).toBe(1);
    expect(world.store.journal).toHaveLength(lines);
    world.rule = makeRule();
    expect((await world.run()).progress.counts.created).toBe(1);
  });

  test('updating: partially synced, and synced by the full run after it is switched on', async () => {
    const { world } = await loaded();
    world.rule = makeRule({ actions: { ...ALL_ACTIONS, updateUsers: false } });
    world.directory.put(person('ann', { sn: 'New' }));
    expect((await world.run('delta')).progress.counts.skipped).toBe(1);
    expect(world.store.link('key-ann')?.status).toBe('PARTIAL_SYNCED');
    world.rule = makeRule();
    expect((await world.run('full')).progress.counts).toMatchObject({ updated: 1, unchanged: 4 });
  });

  test('deprovisioning: the target is kept, and removed by the full run after it is switched on', async () => {
    const { world } = await loaded(makeRule({ actions: { ...ALL_ACTIONS, deprovisionUsers: false } }));
    world.directory.delete('key-ann');
    expect((await world.run('delta')).progress.counts.skipped).toBe(1);
    expect(world.store.link('key-ann')).toMatchObject({ status: 'UNSYNCED', presence: 'deleted' });
    expect(world.store.user('ann')?.active).toBe(true);
    world.rule = makeRule();
    expect((await world.run('full')).progress.counts.disabled).toBe(1);
  });

  test('disabled people are not provisioned unless the rule says so', async () => {
    const world = makeWorld();
    world.directory.put(person('ann', { active: false }));
    expect((await world.run()).progress.counts.skipped).toBe(1);
    world.rule = makeRule({ actions: { ...ALL_ACTIONS, provisionDisabledUsers: true } });
    expect((await world.run()).progress.counts.created).toBe(1);
    expect(world.store.user('ann')?.active).toBe(false);
  });
});

describe('a remote target', () => {
  test('whose answer is lost is read to learn what happened', async () => {
    const world = makeWorld();
    const remote = { target: world.store.target(false) };
    world.directory.put(person('ann'));
    world.directory.put(person('bob'));
    world.store.answersLost = (write) =>
      write.kind !== 'create' ? undefined : write.attributes.username?.[0] === 'ann' ? 'after' : 'before';
    const run = await world.run('full', remote);
    expect(run.progress.counts).toMatchObject({ created: 1, failed: 1 });
    expect(world.store.link('key-ann')).toMatchObject({ status: 'SUCCESS' });
    world.store.answersLost = () => undefined;
    expect((await world.run('full', remote)).progress.counts).toMatchObject({ created: 1, unchanged: 1 });
    expect(world.store.users).toHaveLength(2);
  });
});
