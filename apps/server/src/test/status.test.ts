import type { RuleStatusBody } from '@sallyport/contract';
import { newUuid, type Uuid } from '@sallyport/model';
import {
  makeGateway,
  makeInboundRule,
  makeRevision,
  runToEnd,
  waitForFirstRun,
  waitForInstances,
  waitUntil,
} from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AD, addPerson, errorOf, type PlayedCorp, playCorp } from './played-corp.ts';

let corp: PlayedCorp;
beforeAll(async () => {
  corp = await playCorp(0);
});
afterAll(() => corp.stop());

interface House {
  readonly base: string;
  readonly ruleId: string;
  readonly key: { readonly environmentId: string; readonly ruleId: string };
}

/** A rule over an OU of its own; what is in the OU is put there by `fill`. */
async function house(
  name: string,
  fill: (base: string) => void,
  setUp: {
    readonly actions?: Readonly<Record<string, string | boolean>>;
    readonly configuration?: Readonly<Record<string, string | number>>;
    readonly mappings?: readonly { readonly targetAttribute: string; readonly sourceAttribute: string }[];
  } = {},
): Promise<House> {
  const { api, environmentId, gatewayId, directory } = corp;
  const base = `OU=${name},${directory.baseDn}`;
  directory.edit.add(base, { objectClass: 'organizationalUnit', ou: name });
  fill(base);
  const { ruleId } = await makeInboundRule(api, environmentId, {
    name,
    gatewayId,
    ldapType: AD,
    configuration: { USERS_BASE_DN: base, POLL_INTERVAL_SECONDS: 3600, ...setUp.configuration },
    actions: { REMOVE_ACTION: 'Delete', ...setUp.actions },
    mappings: setUp.mappings ?? [],
  });
  await makeRevision(api, environmentId);
  await waitForFirstRun(api, environmentId, ruleId);
  return { base, ruleId, key: { environmentId, ruleId } };
}

function person(base: string, login: string, more?: Readonly<Record<string, string>>): string {
  return addPerson(corp.directory, base, login, more);
}

function group(base: string, name: string, members: readonly string[]): string {
  const dn = `CN=${name},${base}`;
  corp.directory.edit.add(dn, {
    objectClass: 'group',
    sAMAccountName: name,
    cn: name,
    ...(members.length === 0 ? {} : { member: members }),
  });
  return dn;
}

const five = (prefix: string): readonly string[] => [1, 2, 3, 4, 5].map((at) => `${prefix}-${at}`);

function total({ states }: RuleStatusBody['users']): number {
  return Object.values(states).reduce((sum, count) => sum + count, 0);
}

const storeOf = async ({ key }: House, end: 'sourceStore' | 'targetStore') => {
  const { environmentId } = key;
  const rule = await corp.api.rules.read(key);
  return corp.api.stores.read({ environmentId, storeId: rule[end].id });
};

describe('the counters of a rule', () => {
  it('are of users alone where the target takes no groups', async () => {
    const { key } = await house('Users only', (base) => group(base, 'j1-group', [person(base, 'j1-ann')]), {
      actions: { CREATE_GROUPS: false, RENAME_GROUPS: false, DELETE_GROUPS: false, SYNC_MEMBERSHIPS: false },
    });
    expect(await corp.api.ruleState.readStatus(key)).toMatchObject({
      readsGroups: false,
      users: { impacted: 1, success: 1 },
      groups: { impacted: 0, success: 0, failed: 0 },
    });
    const { environmentId } = key;
    const { targetStore } = await corp.api.rules.read(key);
    const store = { environmentId, storeId: targetStore.id };
    const body = await corp.api.stores.read(store);
    const configuration = { ...body.configuration, DELETE_GROUPS_ON_RULE_DELETION: true };
    await corp.api.stores.replace({ ...store, body: { ...body, configuration } });
    expect(await corp.api.ruleState.readStatus(key)).toMatchObject({ readsGroups: true });
  });

  it('say 2 failed of 2 users that the target refuses, while their 2 groups succeed', async () => {
    const two = await house(
      'Refused',
      (base) => {
        const members = ['j2-ann', 'j2-bob'].map((login) =>
          person(base, login, { description: 'no address' }),
        );
        for (const name of ['j2-one', 'j2-two']) group(base, name, members);
      },
      {
        mappings: [
          { targetAttribute: 'username', sourceAttribute: 'sAMAccountName' },
          { targetAttribute: 'email', sourceAttribute: 'description' },
        ],
      },
    );
    const status = await corp.api.ruleState.readStatus(two.key);
    expect(status).toMatchObject({
      readsGroups: true,
      users: { impacted: 2, success: 0, unsynced: 0, partialSynced: 0, failed: 2, states: { failed: 2 } },
      groups: { impacted: 2, success: 2, failed: 0, states: { success: 2 } },
    });
    expect([total(status.users), total(status.groups)]).toEqual([2, 2]);
    expect((await storeOf(two, 'targetStore')).syncStatus).toMatchObject({
      syncState: 'SYNCING',
      userTotal: 2,
      successCount: 0,
      failedCount: 2,
      failedDeprovisionCount: 0,
    });
    // What was never made is known by the name in its place.
    const failed = await corp.api.ruleState.listObjects({
      ...two.key,
      query: { status: 'FAILED', objectType: 'user' },
    });
    expect(failed._embedded.objects.map(({ label, targetId }) => [label, targetId])).toEqual([
      ['j2-ann', undefined],
      ['j2-bob', undefined],
    ]);
  });

  it('say 1 failed of 5 groups if one membership of one of them fails', { timeout: 60_000 }, async () => {
    const { api, server } = corp;
    const environmentId = await ownEnvironment();
    const user = await api.users.create({ environmentId, body: { username: 'j3-full' } });
    // In as many groups as anybody can be in.
    const ids = Array.from({ length: 10_000 }, () => newUuid());
    await server.store.groups.writeMany(
      environmentId,
      ids.map((id, at) => ({
        kind: 'create',
        id,
        populationId: undefined,
        profile: { name: `local ${at}` },
        source: undefined,
      })),
      undefined,
    );
    await server.store.memberships.writeMany(
      environmentId,
      ids.map((groupId) => ({ groupId, added: [{ objectType: 'user', id: user.id }], removed: [] })),
      undefined,
    );
    const { directory } = corp;
    const base = `OU=Memberships,${directory.baseDn}`;
    directory.edit.add(base, { objectClass: 'organizationalUnit', ou: 'Memberships' });
    const full = person(base, 'j3-full');
    const ann = person(base, 'j3-ann');
    five('j3').map((name, at) => group(base, name, at === 0 ? [full, ann] : [ann]));
    const gateway = await ownGateway(environmentId);
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'Memberships',
      gatewayId: gateway.gatewayId,
      ldapType: AD,
      configuration: { USERS_BASE_DN: base, POLL_INTERVAL_SECONDS: 3600 },
    });
    await makeRevision(api, environmentId);
    await runToEnd(api, environmentId, ruleId, 'full');
    const status = await api.ruleState.readStatus({ environmentId, ruleId });
    expect(status).toMatchObject({
      users: { impacted: 2, success: 2, failed: 0 },
      groups: { impacted: 5, success: 4, failed: 1, states: { success: 4, failed: 1 } },
    });
    const [failed] = (await api.ruleState.listObjects({ environmentId, ruleId, query: { status: 'FAILED' } }))
      ._embedded.objects;
    expect(failed).toMatchObject({ objectType: 'group', label: 'j3-1' });
    expect(failed?.reason).toMatch(/1 of 2 memberships/);
    await gateway.stop();
  });

  it('say 5 unsynced of 5 users whose creation is not allowed', async () => {
    const { key } = await house('No creation', (base) => five('j4').map((login) => person(base, login)), {
      actions: { CREATE_USERS: false },
    });
    expect((await corp.api.ruleState.readStatus(key)).users).toMatchObject({
      impacted: 5,
      success: 0,
      unsynced: 5,
      partialSynced: 0,
      failed: 0,
      states: { unsynced: 5, success: 0 },
    });
  });

  it('leave Success at 5 beside 1 Partial Synced when a change is not allowed, and every user in one state', async () => {
    const one = await house('No updates', (base) => five('j5').map((login) => person(base, login)));
    const { api, environmentId, directory } = corp;
    const target = await storeOf(one, 'targetStore');
    await api.stores.replace({
      environmentId,
      storeId: target.id,
      body: { ...target, configuration: { ...target.configuration, UPDATE_USERS: false } },
    });
    await makeRevision(api, environmentId);
    directory.edit.modify(`CN=j5-3,${one.base}`, { replace: { mail: 'other@corp.example' } });
    await runToEnd(api, environmentId, one.ruleId, 'delta');
    const status = await api.ruleState.readStatus(one.key);
    expect(status.users).toMatchObject({
      impacted: 5,
      success: 5,
      unsynced: 0,
      partialSynced: 1,
      failed: 0,
      states: { success: 4, partialSynced: 1 },
    });
    expect(total(status.users)).toBe(5);
    const [changed] = (await api.ruleState.listObjects({ ...one.key, query: { status: 'PARTIAL_SYNCED' } }))
      ._embedded.objects;
    expect(changed?.label).toBe('j5-3');
    expect(Date.parse(changed?.lastSuccessAt ?? '')).toBeLessThan(Date.parse(changed?.lastSyncAt ?? ''));
    expect((await storeOf(one, 'sourceStore')).syncStatus).toMatchObject({
      userTotal: 5,
      successCount: 5,
      failedCount: 0,
    });
  });
});

describe('what a rule holds', () => {
  it('shows memberships beside objects, page by page, and what a decision was about', {
    timeout: 60_000,
  }, async () => {
    const { api, directory, environmentId } = corp;
    const names = Array.from({ length: 30 }, (_, at) => `held-${String(at).padStart(2, '0')}`);
    const one = await house(
      'Held',
      (base) => {
        const members = names.map((login) => person(base, login));
        group(base, 'Night Watch', members);
      },
      { configuration: { MAX_REMOVALS: 1, MAX_MEMBER_REMOVALS: 3 } },
    );
    const watch = `CN=Night Watch,${one.base}`;
    directory.edit.modify(watch, {
      delete: { member: names.slice(0, 25).map((name) => `CN=${name},${one.base}`) },
    });
    for (const name of names.slice(27)) directory.edit.remove(`CN=${name},${one.base}`);
    const run = await runToEnd(api, environmentId, one.ruleId, 'full');
    expect(run.status).toBe('held');
    // Whoever was deleted is in no group any more either.
    const held = { users: 3, groups: 0, memberships: 28, runs: [{ id: run.id }] };
    // The source told of the changes too: the poll that follows may still be under way.
    const settled = () =>
      waitUntil(async () => {
        const now = await api.ruleState.readStatus(one.key);
        return now.state === 'HELD' && now;
      }, 'the rule is held');
    const status = await settled();
    expect(status.heldRemovals).toEqual(held);
    expect(status.groups).toMatchObject({ impacted: 1, success: 1, partialSynced: 1, states: { held: 1 } });

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await api.runs.listRemovals({
        ...one.key,
        runId: run.id,
        query: { limit: 4, ...(cursor === undefined ? {} : { cursor }) },
      });
      expect(page.count).toBe(31);
      seen.push(...page._embedded.removals.map(({ objectType, label }) => `${objectType} ${label}`));
      cursor = new URL(page._links.next?.href ?? 'http://none/').searchParams.get('cursor') ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(31);
    expect(seen.slice(0, 3)).toEqual(names.slice(27).map((name) => `user ${name}`));
    expect(seen.slice(3).every((line) => line.startsWith('membership held-'))).toBe(true);
    const last = await api.runs.listRemovals({ ...one.key, runId: run.id, query: { limit: 1000 } });
    expect(last._embedded.removals.at(-1)).toMatchObject({
      how: 'leftGroup',
      place: watch,
      group: { name: 'Night Watch' },
      member: { type: 'user' },
      detail: expect.stringContaining('group Night Watch'),
    });

    // A run that finds nothing does not make the rule look well.
    await runToEnd(api, environmentId, one.ruleId, 'delta');
    expect((await settled()).heldRemovals).toEqual(held);
    const released = await api.runs.release({ ...one.key, runId: run.id });
    expect(released).toMatchObject({ removals: 31, memberships: 28 });
    expect((await api.ruleState.readStatus(one.key)).heldRemovals).toBeUndefined();
    const left = await api.ruleState.listObjects({ ...one.key, query: { objectType: 'user' } });
    expect(left.count).toBe(27);
    expect((await errorOf(api.runs.discard({ ...one.key, runId: run.id }))).details[0]?.code).toBe(
      'NOTHING_HELD',
    );
  });

  it('is found among objects and changes by a part of the name', async () => {
    const one = await house('Lists', (base) => {
      group(base, 'list-Group', [person(base, 'list-ann'), person(base, 'list-bob')]);
    });
    const { api } = corp;
    const labels = async (query: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      (await api.ruleState.listObjects({ ...one.key, query }))._embedded.objects.map(({ label }) => label);
    expect(await labels({ contains: 'LIST-b' })).toEqual(['list-bob']);
    expect(await labels({ objectType: 'group' })).toEqual(['list-Group']);
    expect(await labels({ contains: 'ou=lists', objectType: 'user' })).toEqual(['list-ann', 'list-bob']);
    const [run] = (await api.runs.list(one.key))._embedded.runs;
    const changed = async (query: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      (await api.runs.listChanges({ ...one.key, runId: run?.id ?? '', query }))._embedded.changes.map(
        ({ label, objectType }) => `${objectType} ${label}`,
      );
    expect(new Set(await changed({ objectType: 'group' }))).toEqual(new Set(['group list-Group']));
    expect(await changed({ contains: 'list-A' })).toEqual(['user list-ann']);
    expect(await labels({ contains: 'list-%' })).toEqual([]);
  });
});

async function ownEnvironment(): Promise<Uuid> {
  const { id } = await corp.api.environments.create({ body: { name: 'Own', type: 'SANDBOX' } });
  const environment = (await corp.server.store.environments.list({ limit: 100 })).items.find(
    (one) => one.id === id,
  );
  if (environment === undefined) throw new Error('the environment was made');
  return environment.id;
}

async function ownGateway(environmentId: string) {
  const gateway = await makeGateway(corp.api, environmentId, 'AD', corp.address);
  const played = corp.startGateway(gateway.credential);
  await waitForInstances(corp.api, environmentId, gateway.gatewayId);
  return { gatewayId: gateway.gatewayId, stop: () => played.stop() };
}
