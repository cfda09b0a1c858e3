import {
  makeGateway,
  makeInboundRule,
  makeRevision,
  runToEnd,
  waitForInstances,
  waitForRun,
  waitUntil,
} from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AD, codes, errorOf, type PlayedCorp, playCorp } from './played-corp.ts';

const PEOPLE = 40;

let corp: PlayedCorp;
beforeAll(async () => {
  corp = await playCorp(PEOPLE);
});
afterAll(() => corp.stop());

describe('a rule', () => {
  it('previews, runs, explains, holds, releases and reports through the API', {
    timeout: 60_000,
  }, async () => {
    const { environmentId, gatewayId } = corp;
    const { ruleId } = await makeInboundRule(corp.api, corp.environmentId, {
      name: 'AD in',
      gatewayId,
      ldapType: AD,
      configuration: {
        USERS_BASE_DN: corp.directory.baseDn,
        USERS_LDAP_FILTER: '(mail=*)',
        MAX_REMOVALS: 2,
        POLL_INTERVAL_SECONDS: 3600,
      },
      actions: { REMOVE_ACTION: 'Delete' },
    });
    const key = { environmentId, ruleId };
    const preview = await runToEnd(corp.api, corp.environmentId, ruleId, 'preview');
    expect(preview).toMatchObject({ status: 'completed', type: 'preview' });
    expect(preview.counts.created).toBeGreaterThan(PEOPLE / 2);
    const planned = await corp.api.runs.listChanges({
      ...key,
      runId: preview.id,
      query: { limit: 5, outcome: 'created' },
    });
    expect(planned.count).toBe(preview.counts.created);
    expect(planned._links.next).toBeDefined();
    expect((await corp.api.users.list({ environmentId })).count).toBe(0);
    expect((await corp.api.ruleState.readStatus(key)).state).toBe('WAITING');

    const revision = await corp.api.revisions.read({
      environmentId,
      revisionId: await makeRevision(corp.api, corp.environmentId),
    });
    expect(await corp.api.revisions.read({ environmentId, revisionId: 'id:latest' })).toEqual(revision);
    const first = await waitForRun(corp.api, corp.environmentId, ruleId, await firstRunId());
    expect(first).toMatchObject({
      status: 'completed',
      type: 'full',
      counts: { created: preview.counts.created, failed: 0 },
    });
    const users = (await corp.api.users.list({ environmentId })).count ?? 0;
    const groups = (await corp.api.groups.list({ environmentId })).count ?? 0;
    expect(users + groups).toBe(preview.counts.created);
    expect(groups).toBeGreaterThan(0);
    const user = (await corp.api.users.list({ environmentId, query: { limit: 1 } }))._embedded.users[0];
    if (user === undefined) throw new TypeError('users were created');
    expect(await corp.api.users.readSyncedRule({ environmentId, userId: user.id, ruleId })).toMatchObject({
      rule: { id: ruleId, name: 'AD in' },
      sourceStore: { type: 'LdapGateway' },
      type: 'INBOUND',
      status: 'SUCCESS',
    });
    const changes = await corp.api.runs.listChanges({ ...key, runId: first.id, query: { limit: 1000 } });
    expect(changes._embedded.changes.find(({ targetId }) => targetId === user.id)?.changes).toContainEqual({
      attribute: 'username',
      before: [],
      after: [user.username],
    });
    const explained = await corp.api.ruleState.explain({ ...key, body: { identifier: user.username } });
    expect(explained).toMatchObject({
      found: true,
      scope: { inScope: true },
      action: { outcome: 'unchanged' },
    });
    expect((await corp.api.ruleState.explain({ ...key, body: { identifier: 'nobody-here' } })).found).toBe(
      false,
    );
    const status = await corp.api.ruleState.readStatus(key);
    expect(status).toMatchObject({
      state: 'ACTIVE',
      users: { success: users, failed: 0 },
      groups: { success: groups, failed: 0 },
      breaker: { open: false },
    });
    expect(status.strategy).toBeTruthy();

    // All but one leave the scope: far more than the guard lets pass.
    const { configuration, name } = await corp.api.rules.read(key);
    await corp.api.rules.replace({
      ...key,
      body: {
        name,
        active: true,
        configuration: { ...configuration, USERS_LDAP_FILTER: `(sAMAccountName=${user.username})` },
      },
    });
    await makeRevision(corp.api, corp.environmentId);
    const held = await waitForRun(corp.api, corp.environmentId, ruleId, await firstRunId(first.id));
    expect(held.status).toBe('held');
    expect((await corp.api.users.list({ environmentId })).count).toBe(users);
    const removals = await corp.api.runs.listRemovals({
      ...key,
      runId: held.id,
      query: { limit: 1000 },
    });
    const people = removals._embedded.removals.filter(({ objectType }) => objectType === 'user');
    expect(people).toHaveLength(users - 1);
    expect(removals._embedded.removals[0]).toMatchObject({ how: 'outOfScope', objectType: 'user' });
    expect((await corp.api.ruleState.readStatus(key)).state).toBe('HELD');
    expect(await corp.api.runs.release({ ...key, runId: held.id })).toMatchObject({
      removals: removals.count,
    });
    expect(
      (await corp.api.users.list({ environmentId }))._embedded.users.map(({ username }) => username),
    ).toEqual([user.username]);
    expect(codes(await errorOf(corp.api.runs.release({ ...key, runId: held.id })))[0]?.[0]).toBe(
      'NOTHING_HELD',
    );

    async function firstRunId(other?: string): Promise<string> {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const { _embedded } = await corp.api.runs.list({ ...key, query: { limit: 1 } });
        const id = _embedded.runs[0]?.id;
        if (id !== undefined && id !== other) return id;
        if (Date.now() > deadline) throw new Error('No run began');
        await new Promise((done) => setTimeout(done, 20));
      }
    }
  });

  it('fails under the code of whatever it met, changes nothing, and says so on its status', async () => {
    const { environmentId, gatewayId } = corp;
    const lonely = await makeGateway(corp.api, corp.environmentId, 'No instance', corp.address);
    const before = (await corp.api.users.list({ environmentId })).count;
    for (const [name, gateway, base, code] of [
      ['lonely', lonely.gatewayId, corp.directory.baseDn, 'GATEWAY_NOT_CONNECTED'],
      ['nowhere', gatewayId, `OU=Nowhere,${corp.directory.baseDn}`, 'BASE_DN_NOT_FOUND'],
    ] as const) {
      const { ruleId } = await makeInboundRule(corp.api, corp.environmentId, {
        name,
        gatewayId: gateway,
        ldapType: AD,
        configuration: { USERS_BASE_DN: base, POLL_INTERVAL_SECONDS: 3600 },
      });
      await makeRevision(corp.api, corp.environmentId);
      const run = await runToEnd(corp.api, corp.environmentId, ruleId, 'full');
      expect(run, name).toMatchObject({ status: 'failed', error: { code } });
      expect(await corp.api.ruleState.readStatus({ environmentId, ruleId }), name).toMatchObject({
        state: 'FAILED',
      });
      await corp.api.rules.remove({ environmentId, ruleId });
    }
    expect((await corp.api.users.list({ environmentId })).count).toBe(before);
    await makeRevision(corp.api, corp.environmentId);
  });

  it('that is deleted deprovisions its users where its store is managed', async () => {
    const own = (await corp.api.environments.create({ body: { name: 'Managed', type: 'SANDBOX' } })).id;
    const gateway = await makeGateway(corp.api, own, 'AD', corp.address);
    const played = corp.startGateway(gateway.credential);
    await waitForInstances(corp.api, own, gateway.gatewayId);
    const { ruleId } = await makeInboundRule(corp.api, own, {
      name: 'managed',
      gatewayId: gateway.gatewayId,
      ldapType: AD,
      configuration: {
        USERS_BASE_DN: corp.directory.baseDn,
        POLL_INTERVAL_SECONDS: 3600,
      },
      actions: { REMOVE_ACTION: 'Delete' },
      managed: true,
    });
    await makeRevision(corp.api, own);
    await runToEnd(corp.api, own, ruleId, 'full');
    expect((await corp.api.users.list({ environmentId: own })).count).toBeGreaterThan(PEOPLE / 2);
    await corp.api.rules.remove({ environmentId: own, ruleId });
    await makeRevision(corp.api, own);
    await waitUntil(
      async () => (await corp.api.users.list({ environmentId: own })).count === 0,
      'everybody is deprovisioned',
    );
    await corp.api.environments.remove({ environmentId: own });
    await played.stop();
  });

  it('that is unknown, not in effect, or not readable says so', async () => {
    const { environmentId, gatewayId } = corp;
    const missing = { environmentId, ruleId: '00000000-0000-4000-8000-000000000000' };
    expect((await errorOf(corp.api.runs.start({ ...missing, body: { type: 'full' } }))).status).toBe(404);
    expect((await errorOf(corp.api.ruleState.readStatus(missing))).status).toBe(404);
    const { ruleId } = await makeInboundRule(corp.api, corp.environmentId, {
      name: 'idle',
      gatewayId,
      ldapType: AD,
      configuration: {},
      active: false,
    });
    await makeRevision(corp.api, corp.environmentId);
    const error = await errorOf(corp.api.runs.start({ environmentId, ruleId, body: { type: 'full' } }));
    expect(codes(error)[0]?.[0]).toBe('RULE_NOT_ACTIVE');
  });
});
