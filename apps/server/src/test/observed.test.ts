import { newUuid } from '@sallyport/model';
import { metricName, silentLog, systemClock } from '@sallyport/runtime';
import {
  makeGateway,
  makeInboundRule,
  makeRevision,
  runToEnd,
  waitForInstances,
  waitUntil,
} from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVER_METRICS } from '../metrics/server-metrics.ts';
import { prune } from '../retention/retention.ts';
import { AD, errorOf, type PlayedCorp, playCorp } from './played-corp.ts';

const PEOPLE = 30;

let corp: PlayedCorp;
beforeAll(async () => {
  corp = await playCorp(PEOPLE);
});
afterAll(() => corp.stop());

/** Samples of `/metrics` by their whole name, labels included. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${corp.server.publicUrl}/metrics`)).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))] as const;
      }),
  );
}

const SLOW = { POLL_INTERVAL_SECONDS: 3600 };

describe('a server that is watched', () => {
  it('has every metric of its table, and each of them moves', { timeout: 90_000 }, async () => {
    const { api, environmentId, gatewayId, directory } = corp;
    const before = await scrape();
    // One more instance: reports come when something changes.
    const spare = await makeGateway(api, environmentId, 'Spare', corp.address);
    const played = corp.startGateway(spare.credential);
    await waitForInstances(api, environmentId, spare.gatewayId);
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'Watched "in"',
      gatewayId,
      ldapType: AD,
      configuration: { USERS_BASE_DN: directory.baseDn, MAX_REMOVALS: 1, ...SLOW },
      actions: { REMOVE_ACTION: 'Delete' },
    });
    const lonely = await makeGateway(api, environmentId, 'Lonely', corp.address);
    const broken = await makeInboundRule(api, environmentId, {
      name: 'Broken',
      gatewayId: lonely.gatewayId,
      ldapType: AD,
      configuration: { USERS_BASE_DN: directory.baseDn, ...SLOW },
    });
    await makeRevision(api, environmentId);
    await runToEnd(api, environmentId, ruleId, 'full');
    for (let at = 0; at < 5; at += 1) await runToEnd(api, environmentId, broken.ruleId, 'full');
    await runToEnd(api, environmentId, ruleId, 'full');
    const objects = await api.ruleState.listObjects({
      environmentId,
      ruleId,
      query: { objectType: 'user', contains: ',OU=' },
    });
    for (const { place } of objects._embedded.objects.slice(0, 3)) directory.edit.remove(place);
    // By this run, or by the one that the source's own word brought about.
    await runToEnd(api, environmentId, ruleId, 'delta');
    const held = await waitUntil(
      async () => (await api.ruleState.readStatus({ environmentId, ruleId })).heldRemovals?.runs[0],
      'removals are held',
    );
    await waitUntil(
      async () => (await api.ruleState.readStatus({ environmentId, ruleId })).push,
      'push is on',
    );
    const after = await scrape();
    await played.stop();
    for (const [key, definition] of Object.entries(SERVER_METRICS)) {
      const name = metricName('sallyport', key, definition);
      const moved = [...after].filter(
        ([sample, value]) =>
          (sample === name || sample.startsWith(`${name}{`) || sample.startsWith(`${name}_count`)) &&
          value > (before.get(sample) ?? 0),
      );
      expect(moved.length, `${name} has not moved`).toBeGreaterThan(0);
    }
    const of = (name: string, labels: string): number | undefined =>
      after.get(`sallyport_${name}{${labels}}`);
    const rule = `rule="${ruleId}"`;
    // As the reference of the options promises.
    expect([...after.keys()].filter((sample) => sample.includes(`{${rule}`))).toHaveLength(24);
    expect(of('rule_info', `${rule},name="Watched \\"in\\"",environment="${environmentId}"`)).toBe(1);
    expect(of('runs_total', 'type="full",status="failed"')).toBeGreaterThanOrEqual(5);
    expect(of('runs_total', 'type="delta",status="held"')).toBe(1);
    const users = (await api.users.list({ environmentId })).count ?? 0;
    expect(of('objects_total', 'type="user",outcome="created"')).toBe(users);
    expect(of('objects_total', 'type="user",outcome="held"')).toBe(3);
    expect(after.get('sallyport_objects_unchanged_total')).toBeGreaterThanOrEqual(users);
    expect(of('rule_links_objects', `${rule},type="user",state="success"`)).toBe(users - 3);
    expect(of('rule_links_objects', `${rule},type="user",state="held"`)).toBe(3);
    expect(of('rule_removals_held_objects', `${rule},type="user"`)).toBe(3);
    expect(of('rule_breaker_open', `rule="${broken.ruleId}"`)).toBe(1);
    expect(of('rule_breaker_open', rule)).toBe(0);
    expect(of('rule_push', rule)).toBe(1);
    for (const age of ['applied_change', 'successful_poll']) {
      expect(of(`rule_last_${age}_age_seconds`, rule)).toBeLessThan(60);
      expect(of(`rule_last_${age}_age_seconds`, `rule="${broken.ruleId}"`)).toBeUndefined();
    }
    expect(of('gateway_instances', `gateway="${gatewayId}",state="healthy"`)).toBe(1);
    expect(of('gateway_instances', `gateway="${lonely.gatewayId}",state="connected"`)).toBe(0);
    expect(after.get('sallyport_active_rules')).toBe(2);

    await api.runs.release({ environmentId, ruleId, runId: held.id });
    const released = await scrape();
    expect(released.get(`sallyport_rule_removals_held_objects{${rule},type="user"}`)).toBe(0);
    expect(released.get('sallyport_objects_total{type="user",outcome="deleted"}')).toBe(3);

    const about = async (filter: string) =>
      (await api.activities.list({ environmentId, query: { filter, limit: 1000 } }))._embedded.activities;
    const told = await about(`resources.id eq "${ruleId}"`);
    const actions = told.map(({ action }) => action.type);
    expect(actions).toEqual(
      expect.arrayContaining([
        'RULES.CREATE',
        'RULES.REPLACE',
        'RUNS.START',
        'RUNS.COMPLETED',
        'RUNS.HELD',
        'RUNS.RELEASE',
      ]),
    );
    expect(told.find(({ action }) => action.type === 'RUNS.HELD')).toMatchObject({
      actors: { client: { type: 'SERVER' } },
      resources: [
        { type: 'RULES', id: ruleId, name: 'Watched "in"' },
        { type: 'RUNS', id: held.id },
      ],
      result: { status: 'SUCCESS', description: expect.stringContaining('3 held') },
    });
    expect(told.find(({ action }) => action.type === 'RUNS.RELEASE')).toMatchObject({
      actors: { client: { id: corp.server.clientId, type: 'APPLICATION' } },
      resources: [{ id: ruleId }, { id: held.id }],
      result: { status: 'SUCCESS', description: expect.stringMatching(/^\d+ removals/) },
    });
    const failed = await about('action.type eq "RUNS.FAILED" and actors.client.id eq "sallyport"');
    expect(failed.length).toBeGreaterThanOrEqual(5);
    expect(failed[0]?.result).toMatchObject({
      status: 'FAILED',
      description: expect.stringContaining('gateway'),
    });
    // Releasing it again is refused, and that is told as well.
    await errorOf(api.runs.release({ environmentId, ruleId, runId: held.id }));
    const since = told[0]?.recordedAt ?? '';
    const [refused, ...more] = await about(
      `recordedAt gt "${since}" and resources.type eq "RULES" and action.type eq "RUNS.RELEASE"`,
    );
    expect(refused?.result).toEqual({ status: 'FAILED', description: 'NOTHING_HELD' });
    expect(more).toEqual([]);
    for (const filter of [
      'name eq "x"',
      'constructor eq "x"',
      'recordedAt gt "yesterday"',
      'resources.id sw "a"',
      'and',
    ])
      expect((await errorOf(api.activities.list({ environmentId, query: { filter } }))).status, filter).toBe(
        400,
      );
  });

  it('forgets runs by number and age, and what it forgot is gone from the API', async () => {
    const { api, environmentId, gatewayId, directory, server } = corp;
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'Pruned',
      gatewayId,
      ldapType: AD,
      configuration: {
        USERS_BASE_DN: directory.baseDn,
        USERS_LDAP_FILTER: '(sAMAccountName=nobody)',
        ...SLOW,
      },
    });
    await makeRevision(api, environmentId);
    for (let at = 0; at < 4; at += 1) await runToEnd(api, environmentId, ruleId, 'full');
    const ids = async () =>
      (await api.runs.list({ environmentId, ruleId, query: { limit: 100 } }))._embedded.runs.map(
        ({ id }) => id,
      );
    const all = await ids();
    const parts = { store: server.store, clock: systemClock, log: silentLog };
    const signal = new AbortController().signal;
    await prune(
      { ...parts, limits: { runAgeMs: undefined, runsOfRule: 2, activityAgeMs: undefined } },
      signal,
    );
    expect(await ids()).toEqual(all.slice(0, 2));
    expect((await errorOf(api.runs.read({ environmentId, ruleId, runId: all[3] ?? newUuid() }))).status).toBe(
      404,
    );
    expect((await api.activities.list({ environmentId })).count).toBeGreaterThan(0);
    await prune(
      { ...parts, limits: { runAgeMs: -60_000, runsOfRule: 1000, activityAgeMs: -60_000 } },
      signal,
    );
    // The newest says how the rule stands.
    expect(await ids()).toEqual(all.slice(0, 1));
    expect((await api.activities.list({ environmentId })).count).toBe(0);
  });
});
