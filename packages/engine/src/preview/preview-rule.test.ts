import { silentLog } from '@sallyport/runtime';
import { expect, test } from 'vitest';
import { explainObject } from '../explain/explain-object.ts';
import {
  ALL_ACTIONS,
  group,
  makeGroupRule,
  makeRule,
  makeWorld,
  mapping,
  person,
} from '../port/fake/fake-world.ts';
import { emptyState, readableState, readableTarget } from '../port/readable.ts';
import { previewRule } from './preview-rule.ts';

async function setting() {
  const world = makeWorld(makeRule({ maxRemovals: 1, actions: { ...ALL_ACTIONS, removeAction: 'Delete' } }));
  for (const name of ['ann', 'bob', 'cid', 'dee']) world.directory.put(person(name));
  await world.run();
  world.directory.put(person('ann', { sn: 'Smith' }));
  world.directory.put(person('new'));
  world.directory.delete('key-bob');
  world.directory.put({ ...person('bad'), attributes: { uid: ['bad'], mail: ['nonsense'] } });
  const input = {
    source: world.directory.reader(),
    target: readableTarget(world.store.target()),
    state: readableState(world.store.state()),
    rule: world.rule,
    signal: new AbortController().signal,
    clock: world.clock,
    log: silentLog,
    maxListed: 100,
  };
  return { world, input };
}

test('a preview says what the run then does, and writes nothing', async () => {
  const { world, input } = await setting();
  const content = world.store.content();
  const preview = await previewRule(input);
  expect(world.store.content()).toBe(content);
  expect(preview.progress.type).toBe('preview');
  const run = await world.run('full');
  expect(preview.counts).toEqual(run.progress.counts);
  const told = world.store.journal.filter((line) => line.runId === run.progress.runId);
  const shape = (plan: { outcome: string; label: string; reason: string; changes: unknown }) =>
    [plan.label, plan.outcome, plan.reason, plan.changes] as const;
  expect(preview.plans.map(shape).sort()).toEqual(told.map(shape).sort());
});

test('what a preview is given has no method that writes', async () => {
  const { input } = await setting();
  expect(Object.keys(input.target)).not.toContain('apply');
  expect(Object.keys(input.state)).not.toContain('transaction');
});

test('a preview shows a hold, bounds its list and works for a rule never saved', async () => {
  const { world, input } = await setting();
  world.directory.delete('key-cid');
  const held = await previewRule(input);
  expect(held.guard?.passes).toBe(false);
  expect(held.counts.held).toBe(2);
  const heard: string[] = [];
  const unsaved = await previewRule({
    ...input,
    source: world.directory.reader(),
    state: emptyState,
    rule: { ...world.rule, mappings: [mapping('username', { expression: '#string.upperCase(uid)' })] },
    maxListed: 1,
    onPlan: (plan) => heard.push(plan.outcome),
  });
  expect(unsaved.counts).toMatchObject({ linked: 2, created: 2 });
  expect(unsaved.plans).toHaveLength(2);
  expect(unsaved.truncated).toBe(true);
  expect(heard).toHaveLength(4);
});

test('a preview finds two new people of one name, batches apart', async () => {
  const { world, input } = await setting();
  world.directory.batchSize = 1;
  world.directory.put({ ...person('new'), key: 'key-twin', place: 'uid=new,ou=twins' });
  const preview = await previewRule(input);
  expect(preview.counts.conflict).toBe(1);
  expect(preview.plans.find((plan) => plan.outcome === 'conflict')?.reason).toContain('uid=new,ou=people');
});

test('an explanation goes from reading to action for one object', async () => {
  const { world, input } = await setting();
  const content = world.store.content();
  const ann = await explainObject({ ...input, identifier: 'uid=ann,ou=people' });
  expect(ann).toMatchObject({
    read: true,
    scope: { inScope: true },
    link: { status: 'SUCCESS' },
    action: {
      outcome: 'updated',
      changes: [{ attribute: 'name.family', before: ['Doe'], after: ['Smith'] }],
    },
  });
  const bad = await explainObject({ ...input, identifier: 'key-bad' });
  expect(bad).toMatchObject({ read: true, action: { outcome: 'failed', errorCode: 'INVALID_VALUE' } });
  expect(bad.read && bad.mapped.find((one) => one.mapping === 'email')?.error?.code).toBe('INVALID_VALUE');
  expect(await explainObject({ ...input, identifier: 'nobody' })).toMatchObject({ read: false });
  world.directory.scope = (entry) => entry.key !== 'key-dee';
  expect(await explainObject({ ...input, identifier: 'key-dee' })).toMatchObject({
    scope: { inScope: false },
    action: { outcome: 'deleted' },
  });
  expect(world.store.content()).toBe(content);
});

async function withGroups() {
  const world = makeWorld(makeGroupRule());
  const { directory, store } = world;
  for (const name of ['ann', 'bob', 'cid']) directory.put(person(name));
  directory.put(group('staff', ['key-ann', 'key-bob']));
  directory.put(group('quiet', ['key-cid']));
  const input = {
    source: directory.reader(),
    target: readableTarget(store.target()),
    state: readableState(store.state()),
    rule: world.rule,
    signal: new AbortController().signal,
    clock: world.clock,
    log: silentLog,
    maxListed: 100,
  };
  return { world, directory, store, input };
}

test('a preview shows who comes to and leaves a group, and what a first run would make, writing nothing', async () => {
  const { world, directory, store, input } = await withGroups();
  const first = await previewRule({ ...input, state: emptyState });
  expect(first.counts).toMatchObject({ created: 5 });
  expect(first.plans.find(({ label }) => label === 'staff')).toMatchObject({
    outcome: 'created',
    reason: 'new in scope; members: 2 added',
    changes: expect.arrayContaining([{ attribute: 'members', before: [], after: ['ann', 'bob'] }]),
  });
  await world.run();
  directory.put(person('new'));
  directory.setMembers('key-staff', ['key-bob', 'key-cid', 'key-new', 'dn:cn=nobody']);
  const content = store.content();
  const preview = await previewRule(input);
  expect(store.content()).toBe(content);
  expect(preview.counts).toMatchObject({ created: 1, updated: 1, unchanged: 4 });
  expect(preview.plans.find(({ label }) => label === 'staff')).toMatchObject({
    objectType: 'group',
    outcome: 'updated',
    reason: 'members: 2 added, 1 removed',
    changes: [{ attribute: 'members', before: ['ann'], after: ['cid', 'new'] }],
  });
  const run = await world.run('full');
  expect(run.progress.counts).toEqual(preview.counts);
  expect(store.members('staff')).toEqual(['bob', 'cid', 'new']);
});

test('a preview shows memberships whose removal would wait', async () => {
  const { world, directory, input } = await withGroups();
  await world.run();
  directory.setMembers('key-staff', []);
  const rule = makeGroupRule({}, { maxMemberRemovals: 1 });
  const preview = await previewRule({ ...input, rule });
  expect(preview.progress.status).toBe('held');
  expect(preview.counts).toMatchObject({ held: 1 });
  expect(preview.plans[0]?.reason).toContain('the removal of 2 memberships waits for a person');
});

test('an explanation of a group counts its members, and that of a person names the groups', async () => {
  const { world, directory, store, input } = await withGroups();
  await world.run();
  directory.setMembers('key-staff', ['key-ann', 'key-bob', 'dn:cn=nobody']);
  await world.run('delta');
  const content = store.content();
  expect(await explainObject({ ...input, identifier: 'key-staff' })).toMatchObject({
    read: true,
    objectType: 'group',
    action: { outcome: 'unchanged' },
    members: { atSource: 3, resolved: 2, pending: 1, firstPending: ['dn:cn=nobody'] },
  });
  expect(await explainObject({ ...input, identifier: 'key-ann' })).toMatchObject({
    objectType: 'user',
    members: undefined,
    groups: {
      member: [{ targetId: store.group('staff')?.id, name: 'staff', place: 'cn=staff,ou=groups' }],
      waiting: [],
    },
  });
  expect(store.content()).toBe(content);
});
