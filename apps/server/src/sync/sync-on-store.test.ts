import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIdentityStoreTarget } from '@sallyport/connectors';
import {
  PositionLost,
  type SourceChange,
  type SourceObject,
  type SourceReader,
  type SyncState,
} from '@sallyport/engine';
import { CodedError, type Mapping, newUuid, parseUuid, plainMapping, type Uuid } from '@sallyport/model';
import { silentLog, systemClock } from '@sallyport/runtime';
import { openStore, type Run, type Store } from '@sallyport/store';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { makeAddresses } from '../http/hal.ts';
import { deletedRules, settleDeletedRule } from '../propagation/runs/deleted-rules.ts';
import { ruleStatusBody } from '../propagation/runs/rule-status-body.ts';
import type { RulePorts } from './rule-ports.ts';
import type { Supervisor } from './supervision.ts';
import { makeSupervisor } from './supervisor.ts';

// The engine, the supervisor, the store and the identity-store target together; only the directory is played.

interface Person {
  readonly key: string;
  readonly uid: string;
  readonly mail: string;
  readonly active: boolean;
  readonly sequence: number;
  readonly gone: boolean;
}

function objectOf(person: Person): SourceObject {
  const values = new Map([
    ['uid', [person.uid]],
    ['mail', [person.mail]],
  ]);
  return {
    objectType: 'user',
    key: person.key,
    place: `uid=${person.uid},ou=people`,
    fingerprint: `${person.uid} ${person.mail} ${person.active}`,
    active: person.active,
    references: [`uid=${person.uid},ou=people`],
    values: (name) => values.get(name) ?? [],
    attributeNames: () => [...values.keys()],
  };
}

function makeDirectory() {
  const people = new Map<string, Person>();
  let sequence = 0;
  const directory = {
    trimmed: false,
    away: false,
    put: (key: string, change: Partial<Person> = {}): void => {
      const before = people.get(key) ?? {
        key,
        uid: key,
        mail: `${key}@example.com`,
        active: true,
        gone: false,
      };
      sequence += 1;
      people.set(key, { ...before, ...change, sequence });
    },
  };
  const end = () => ({
    position: { strategy: 'play', value: String(sequence) },
    basesRead: ['ou=people'],
    deletionsSeen: true,
  });
  const reader: SourceReader = {
    open: async () => {
      if (directory.away) throw new CodedError('SOURCE_UNAVAILABLE', 'the directory is away');
      return { strategy: 'play', strategyReason: 'test', warnings: [] };
    },
    readAll: async function* () {
      const ended = end();
      const there = [...people.values()].filter((person) => !person.gone);
      for (let at = 0; at < there.length; at += 100) yield there.slice(at, at + 100).map(objectOf);
      return ended;
    },
    changesSince: async function* (position) {
      if (directory.trimmed) throw new PositionLost('trimmed');
      const ended = end();
      const changed = [...people.values()].filter((person) => person.sequence > Number(position.value));
      if (changed.length > 0)
        yield changed.map(
          (person): SourceChange =>
            person.gone
              ? { kind: 'gone', key: person.key, how: 'deleted', place: undefined, detail: 'tombstone' }
              : { kind: 'present', object: objectOf(person) },
        );
      return ended;
    },
    readByKeys: async (_type, keys) =>
      keys.map((key) => {
        const person = people.get(key);
        return person === undefined || person.gone
          ? { key, found: 'absent' as const }
          : { key, found: 'inScope' as const, object: objectOf(person) };
      }),
    find: async (identifier) => {
      const person = people.get(identifier);
      return person === undefined
        ? undefined
        : { object: objectOf(person), scope: { inScope: !person.gone, clause: 'test' } };
    },
    namedBy: async () => new Map(),
    referenceOf: (place) => place,
    hints: async function* () {
      // No push.
    },
  };
  return Object.assign(directory, { reader });
}

function byDefault(targetAttribute: string, attribute: string): Mapping {
  return plainMapping({ id: newUuid(), objectType: 'user', targetAttribute, source: { attribute } });
}

const folder = await mkdtemp(join(tmpdir(), 'sallyport-sync-'));
const open: { readonly store: Store; readonly supervisor: Supervisor }[] = [];

afterEach(async () => {
  for (const { store, supervisor } of open.splice(0)) {
    await supervisor.stop({ drain: true });
    await store.close();
  }
});
afterAll(() => rm(folder, { recursive: true }));

async function makeServer(
  configuration: Readonly<Record<string, string | number>> = {},
  { managed = false }: { readonly managed?: boolean } = {},
) {
  const store = await openStore({ url: `sqlite:${join(folder, `${newUuid()}.db`)}` });
  const environment = await store.environments.create({ name: 'Test', type: 'SANDBOX', region: 'EU' });
  const environmentId = environment.id;
  const plan = await store.plans.create({ environmentId, name: 'Plan', status: 'ACTIVE' });
  const made = (name: string, type: string, more: Readonly<Record<string, string | number>>) =>
    store.stores.create({ environmentId, name, type, configuration: more, status: 'ACTIVE' });
  const source = await made('Directory', 'LdapGateway', {});
  const target = await store.stores.create({
    environmentId,
    name: 'Users',
    type: 'directory',
    configuration: { REMOVE_ACTION: 'Delete' },
    status: 'ACTIVE',
    managed,
  });
  const rule = await store.rules.create({
    environmentId,
    planId: plan.id,
    sourceStoreId: source.id,
    targetStoreId: target.id,
    name: 'People',
    active: true,
    configuration: { USERS_BASE_DN: 'ou=people', POLL_INTERVAL_SECONDS: 3600, ...configuration },
  });
  await store.revisions.create({ environmentId, createdBy: 'test' });
  const directory = makeDirectory();
  const ports: RulePorts = {
    defaultMappings: () => [byDefault('username', 'uid'), byDefault('email', 'mail')],
    scopeOf: async () => ({}),
    sourceIsReachable: () => true,
    makeSource: async () => ({ reader: directory.reader, close: async () => undefined }),
    makeTarget: async (spec, settings) =>
      makeIdentityStoreTarget<Uuid>({
        users: store.users,
        environmentId: spec.environmentId,
        populationId: settings.inbound.populationId,
      }),
    makeState: (owner, ruleId, revisionId): SyncState => store.syncState(owner, ruleId, revisionId),
  };
  const supervisor = makeSupervisor({ store, ports, holder: 'server', clock: systemClock, log: silentLog });
  open.push({ store, supervisor });
  const ended = async (runId: string): Promise<Run> =>
    vi.waitFor(async () => {
      const run = (await store.runs.list(environmentId, { ruleId: rule.id, limit: 50 })).items.find(
        (one) => one.runId === runId,
      );
      if (run === undefined || run.status === 'running') throw new Error(`run ${runId} goes on`);
      return run;
    });
  const run = async (type: 'full' | 'delta'): Promise<Run> =>
    ended((await supervisor.runNow(environmentId, rule.id, type, 'test')).runId);
  const first = async (): Promise<Run> => {
    await supervisor.start();
    return vi.waitFor(async () => {
      const [newest] = (await store.runs.list(environmentId, { ruleId: rule.id, limit: 1 })).items;
      if (newest === undefined || newest.status === 'running') throw new Error('the first run goes on');
      return newest;
    });
  };
  const usernames = async (): Promise<readonly string[]> =>
    (await store.users.list(environmentId, { limit: 5000 })).items
      .map((user) => user.profile.username)
      .sort();
  return { store, supervisor, directory, environmentId, rule, run, first, usernames };
}

test('people arrive, change, leave and are held, on the real store', async () => {
  const { store, supervisor, directory, environmentId, rule, run, first, usernames } = await makeServer({
    MAX_REMOVALS: 3,
  });
  for (let at = 0; at < 250; at += 1) directory.put(`p${String(at).padStart(3, '0')}`);
  expect(await first()).toMatchObject({
    type: 'full',
    reason: 'first run',
    status: 'completed',
    counts: { created: 250 },
  });
  expect(await usernames()).toHaveLength(250);
  expect((await run('full')).counts).toMatchObject({ unchanged: 250, updated: 0 });

  directory.put('p000', { mail: 'new@example.com' });
  directory.put('p001', { active: false });
  directory.put('p002', { uid: 'renamed' });
  directory.put('p003', { gone: true });
  directory.put('p004', { uid: 'p003' });
  expect((await run('delta')).counts).toMatchObject({
    updated: 3,
    disabled: 1,
    deleted: 1,
    conflict: 0,
    failed: 0,
  });
  expect(await usernames()).toEqual(expect.arrayContaining(['renamed', 'p003']));
  expect(await usernames()).not.toContain('p004');

  for (let at = 10; at < 15; at += 1) directory.put(`p0${at}`, { gone: true });
  const held = await run('delta');
  expect(held).toMatchObject({ status: 'held', counts: { held: 5, deleted: 0 } });
  const list = await store.held.list(environmentId, { ruleId: rule.id, limit: 10 });
  expect(list.items.map((one) => one.label)).toEqual(['p010', 'p011', 'p012', 'p013', 'p014']);
  directory.put('p010', { gone: false });
  const runId = list.items[0]?.runId;
  if (runId === undefined) throw new Error('a held list has a run');
  expect((await supervisor.release(environmentId, runId, 'Ann')).counts.deleted).toBe(4);
  expect(await usernames()).toHaveLength(245);
  await expect(supervisor.discard(environmentId, runId, 'Ann')).rejects.toMatchObject({
    code: 'NOTHING_HELD',
  });
  expect((await store.links.counters(environmentId, rule.id, 'user')).states.SUCCESS).toBe(245);
  const journal = await store.journal.list(environmentId, { runId, limit: 100 });
  expect(journal.items.filter((line) => line.outcome === 'deleted')).toHaveLength(4);
});

test('a list is decided about by the name of its run while later runs add to it, on the real store', async () => {
  const { store, supervisor, directory, environmentId, rule, run, first, usernames } = await makeServer({
    MAX_REMOVALS: 3,
  });
  for (let at = 0; at < 10; at += 1) directory.put(`p${at}`);
  await first();
  for (let at = 0; at < 4; at += 1) directory.put(`p${at}`, { gone: true });
  const { runId: seen } = await run('full');
  const key = { ruleId: rule.id, limit: 10 };
  const labels = async (id: Uuid): Promise<readonly string[]> =>
    (await store.held.list(environmentId, { ...key, runId: id })).items.map(({ label }) => label);
  directory.put('p4', { gone: true });
  await run('delta');
  directory.put('p5', { gone: true });
  const last = await run('full');
  expect(last).toMatchObject({ status: 'held', counts: { held: 6 } });
  expect(await labels(parseUuid(seen))).toEqual(['p0', 'p1', 'p2', 'p3']);
  expect((await supervisor.release(environmentId, parseUuid(seen), 'Ann')).counts.deleted).toBe(4);
  expect(await usernames()).toEqual(['p4', 'p5', 'p6', 'p7', 'p8', 'p9']);
  expect(await labels(parseUuid(last.runId))).toEqual(['p4', 'p5']);
  const runs = async (): Promise<readonly unknown[]> =>
    (await store.runs.list(environmentId, key)).items.map(({ status, counts }) => [status, counts.held]);
  expect((await runs()).slice(0, 3)).toEqual([
    ['held', 2],
    ['held', 1],
    ['completed', 0],
  ]);
  // A run that is under way changes nothing about what waits.
  const state = async (now: 'idle' | 'running'): Promise<string> => {
    const status = { ...supervisor.status(rule.id), state: now };
    const addresses = makeAddresses(() => 'http://127.0.0.1');
    return (await ruleStatusBody(store, rule, status, Date.now(), addresses)).state;
  };
  expect([await state('idle'), await state('running')]).toEqual(['HELD', 'HELD']);
  await supervisor.discard(environmentId, parseUuid(last.runId), 'Ann');
  expect([await state('idle'), await state('running')]).toEqual(['ACTIVE', 'ACTIVE']);
  expect((await runs()).slice(0, 3)).toEqual([
    ['completed', 0],
    ['completed', 0],
    ['completed', 0],
  ]);
  expect(await store.held.count(environmentId, rule.id)).toMatchObject({ users: 0, runIds: [] });
});

test('names and addresses that people exchange in one step change hands, in a delta and in a full run', async () => {
  const { directory, run, first, usernames } = await makeServer();
  for (let at = 0; at < 250; at += 1) directory.put(`p${String(at).padStart(3, '0')}`);
  await first();
  const exchange = (one: string, other: string): void => {
    directory.put(one, { uid: other, mail: `${other}@example.com` });
    directory.put(other, { uid: one, mail: `${one}@example.com` });
  };
  exchange('p000', 'p001');
  expect((await run('delta')).counts).toMatchObject({ updated: 2, conflict: 0, failed: 0 });
  exchange('p002', 'p240');
  directory.put('p010', { uid: 'p120' });
  directory.put('p120', { uid: 'p230' });
  directory.put('p230', { uid: 'p010' });
  expect((await run('full')).counts).toMatchObject({ updated: 5, conflict: 0, failed: 0 });
  expect(await usernames()).toHaveLength(250);
  directory.put('p001', { uid: 'p002' });
  directory.put('p240', { uid: 'p000' });
  expect((await run('delta')).counts).toMatchObject({ updated: 2, conflict: 0, failed: 0 });
});

test('a preview and an explanation leave the store as it was', async () => {
  const { store, supervisor, directory, environmentId, rule, first, usernames } = await makeServer();
  directory.put('ann');
  directory.put('bob');
  await first();
  directory.put('ann', { mail: 'ann@other.example' });
  directory.put('cid');
  const spec = await supervisor.spec(environmentId, rule.id);
  const before = (await store.journal.list(environmentId, { limit: 100 })).count;
  const preview = await supervisor.preview(spec).done;
  expect(preview.counts).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
  expect(preview.plans.find((plan) => plan.label === 'ann')?.changes).toEqual([
    { attribute: 'email', before: ['ann@example.com'], after: ['ann@other.example'] },
  ]);
  const unsaved = await supervisor.preview({ ...spec, revisionId: undefined }).done;
  expect(unsaved.counts).toMatchObject({ created: 1, linked: 2 });
  const explained = await supervisor.explain(spec, 'cid', new AbortController().signal);
  expect(explained).toMatchObject({ read: true, action: { outcome: 'created' } });
  expect((await store.journal.list(environmentId, { limit: 100 })).count).toBe(before);
  expect(await usernames()).toEqual(['ann', 'bob']);
});

test('a deleted rule takes its people along once somebody confirmed it', async () => {
  const { store, supervisor, directory, environmentId, rule, first, usernames } = await makeServer({
    MAX_REMOVALS: 1,
  });
  directory.put('ann');
  directory.put('bob');
  await first();
  await store.users.create({ environmentId, profile: { username: 'local', email: 'local@example.com' } });
  const spec = await supervisor.spec(environmentId, rule.id);
  await store.rules.remove(environmentId, rule.id);
  await store.revisions.create({ environmentId, createdBy: 'test' });
  await supervisor.revisionCreated(environmentId);
  const asked = await supervisor.deprovision(spec, { confirmed: false, actor: 'Ann' });
  expect(asked.progress.status).toBe('held');
  expect(await usernames()).toEqual(['ann', 'bob', 'local']);
  const done = await supervisor.deprovision(spec, { confirmed: true, actor: 'Ann' });
  expect(done.progress.counts.deleted).toBe(2);
  expect(await usernames()).toEqual(['local']);
});

test('a deleted rule is settled by whoever comes next, whatever ended before', async () => {
  const { store, supervisor, directory, environmentId, rule, first, usernames } = await makeServer(
    {},
    { managed: true },
  );
  directory.put('ann');
  directory.put('bob');
  await first();
  await store.users.create({ environmentId, profile: { username: 'local', email: 'local@example.com' } });
  expect(await deletedRules(store, environmentId)).toEqual([]);
  await store.rules.remove(environmentId, rule.id);
  expect(await deletedRules(store, environmentId)).toEqual([]);
  await store.revisions.create({ environmentId, createdBy: 'test' });
  await store.revisions.create({ environmentId, createdBy: 'test' });
  await supervisor.revisionCreated(environmentId);
  const [spec, ...more] = await deletedRules(store, environmentId);
  if (spec === undefined) throw new Error('the deleted rule has left its links');
  expect([spec.rule.id, spec.target.managed, more]).toEqual([rule.id, true, []]);
  await settleDeletedRule(store, supervisor, spec, silentLog);
  expect(await usernames()).toEqual(['local']);
  expect(await deletedRules(store, environmentId)).toEqual([]);
});

test('the deletion of a rule that the guard holds is not asked about at every start', async () => {
  const { store, supervisor, directory, environmentId, rule, first, usernames } = await makeServer(
    { MAX_REMOVALS: 1, MAX_REMOVALS_PERCENT: 100 },
    { managed: true },
  );
  directory.put('ann');
  directory.put('bob');
  await first();
  await store.rules.remove(environmentId, rule.id);
  await store.revisions.create({ environmentId, createdBy: 'test' });
  await supervisor.revisionCreated(environmentId);
  for (let start = 0; start < 2; start += 1)
    for (const spec of await deletedRules(store, environmentId))
      await settleDeletedRule(store, supervisor, spec, silentLog);
  expect(await usernames()).toEqual(['ann', 'bob']);
  const runs = await store.runs.list(environmentId, { ruleId: rule.id, limit: 10 });
  expect(runs.items.filter((run) => run.status === 'held')).toHaveLength(1);
  expect(runs.items[0]?.errorMessage).toContain(
    'raise MAX_REMOVALS and make a revision before the rule is deleted',
  );
});
