import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UserBody } from '@sallyport/contract';
import { FILE_TIME_NEVER } from '@sallyport/ldap';
import { makeInboundRule, makeRevision, runToEnd, waitForFirstRun, waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AD, addPerson, codes, errorOf, type PlayedCorp, playCorp } from './played-corp.ts';

const DIRECTORY_PASSWORD = 'Directory.Pass-1';
const OTHER_PASSWORD = 'Never.Right-2';

let corp: PlayedCorp;
beforeAll(async () => {
  corp = await playCorp(20);
});
afterAll(() => corp.stop());

/** Everything the server keeps or says of itself, as bytes read as Latin-1. */
function traces(): string {
  const { folder, logLines } = corp.server;
  return [...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')), ...logLines].join(
    '\n',
  );
}

function unit(name: string): string {
  const dn = `OU=${name},${corp.directory.baseDn}`;
  corp.directory.edit.add(dn, { objectClass: 'organizationalUnit', ou: name });
  return dn;
}

function person(under: string, login: string, more?: Readonly<Record<string, string>>): string {
  return addPerson(corp.directory, under, login, more);
}

const firstRun = (ruleId: string) => waitForFirstRun(corp.api, corp.environmentId, ruleId);

async function userNamed(username: string): Promise<UserBody> {
  const { api, environmentId } = corp;
  const page = await api.users.list({ environmentId, query: { filter: `username eq "${username}"` } });
  const [user] = page._embedded.users;
  if (user === undefined) throw new Error(`there is no user ${username}`);
  return user;
}

const SLOW = { POLL_INTERVAL_SECONDS: 3600 };

describe('new users', () => {
  it('get the default password of the rule, to be changed, and the population of their department', {
    timeout: 60_000,
  }, async () => {
    const { api, environmentId, gatewayId } = corp;
    const base = unit('New');
    person(base, 'nora', { employeeID: 'K7-4711', department: 'Sales' });
    person(base, 'nils', { employeeID: 'K7-4712', department: 'Atlantis' });
    person(base, 'nemo', { department: 'Sales' });
    const sales = await api.populations.create({ environmentId, body: { name: 'Sales' } });
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'New in',
      gatewayId,
      ldapType: AD,
      configuration: {
        USERS_BASE_DN: base,
        DEFAULT_PASSWORD_EXPRESSION: "employeeID == null ? null : 'Hello-' + employeeID",
        POPULATION_EXPRESSION: 'department',
        ...SLOW,
      },
    });
    const preview = await runToEnd(api, environmentId, ruleId, 'preview');
    expect(preview.counts).toMatchObject({ created: 1, failed: 2 });
    const shown = await api.runs.listChanges({ environmentId, ruleId, runId: preview.id });
    const created = shown._embedded.changes.find(({ outcome }) => outcome === 'created');
    expect(created?.changes).toContainEqual(
      expect.objectContaining({ attribute: 'password', after: [], masked: true }),
    );
    expect(created?.changes).toContainEqual(
      expect.objectContaining({ attribute: 'population', after: ['Sales'] }),
    );
    expect(JSON.stringify(shown)).not.toContain('Hello-');

    await makeRevision(api, environmentId);
    const run = await firstRun(ruleId);
    expect(run.counts).toMatchObject({ created: 1, failed: 2 });
    const nora = await userNamed('nora');
    expect(nora.population.id).toBe(sales.id);
    const key = { environmentId, userId: nora.id };
    expect((await api.passwords.read(key)).status).toBe('MUST_CHANGE_PASSWORD');
    for (let turn = 0; turn < 2; turn += 1)
      expect((await api.passwords.check({ ...key, body: { password: 'Hello-K7-4711' } })).status).toBe(
        'MUST_CHANGE_PASSWORD',
      );
    expect((await errorOf(api.passwords.check({ ...key, body: { password: 'Hello-K7-4712' } }))).status).toBe(
      400,
    );
    const changes = await api.runs.listChanges({ environmentId, ruleId, runId: run.id });
    const failed = Object.fromEntries(
      changes._embedded.changes
        .filter(({ outcome }) => outcome === 'failed')
        .map(({ label, reason }) => [label, reason]),
    );
    expect(failed.nils).toBe(
      'not created: POPULATION_EXPRESSION gave "Atlantis": no population has that id or name; there are "Default", "Sales"',
    );
    expect(failed.nemo).toContain('DEFAULT_PASSWORD_EXPRESSION');
    expect(traces()).not.toContain('Hello-K7');

    // Of those that exist nothing is made anew: neither another expression nor another department moves them.
    const rule = await api.rules.read({ environmentId, ruleId });
    await api.rules.replace({
      environmentId,
      ruleId,
      body: {
        name: rule.name,
        active: true,
        configuration: { ...rule.configuration, DEFAULT_PASSWORD_EXPRESSION: "'Another-1'" },
      },
    });
    await makeRevision(api, environmentId);
    const next = await runToEnd(api, environmentId, ruleId, 'delta');
    expect(next.type).toBe('delta');
    expect((await api.passwords.check({ ...key, body: { password: 'Hello-K7-4711' } })).status).toBe(
      'MUST_CHANGE_PASSWORD',
    );
  });

  it('have their expressions checked when the rule is saved, with place, found and expected', async () => {
    const { api, environmentId, gatewayId } = corp;
    const refused = (configuration: Record<string, string | boolean>) =>
      errorOf(
        makeInboundRule(api, environmentId, {
          name: 'Refused',
          gatewayId,
          ldapType: AD,
          configuration: { USERS_BASE_DN: corp.directory.baseDn, ...configuration },
        }),
      );
    const syntax = await refused({
      DEFAULT_PASSWORD_EXPRESSION: "'x' + ",
      POPULATION_EXPRESSION: '#string.nothing(department)',
    });
    expect(codes(syntax)).toEqual([
      ['INVALID_EXPRESSION', 'configuration.DEFAULT_PASSWORD_EXPRESSION'],
      ['INVALID_EXPRESSION', 'configuration.POPULATION_EXPRESSION'],
    ]);
    expect(syntax.details[0]?.message).toMatch(/at character \d+: found .+, expected /);
    expect(
      codes(await refused({ DEFAULT_PASSWORD_EXPRESSION: "'short'", POPULATION_EXPRESSION: "'Atlantis'" })),
    ).toEqual([
      ['PASSWORD_POLICY_VIOLATION', 'configuration.DEFAULT_PASSWORD_EXPRESSION'],
      ['INVALID_VALUE', 'configuration.POPULATION_EXPRESSION'],
    ]);
    expect(codes(await refused({ DEFAULT_PASSWORD_EXPRESSION: 'noSuchAttribute' }))).toEqual([
      ['UNKNOWN_ATTRIBUTE', 'configuration.DEFAULT_PASSWORD_EXPRESSION'],
    ]);
  });
});

describe('users who sign on through the directory', () => {
  it('are linked, found by their key wherever they are, and signed on there and nowhere else', {
    timeout: 60_000,
  }, async () => {
    const { api, environmentId, gatewayId, directory } = corp;
    const base = unit('Linked');
    const anaDn = person(base, 'ana');
    const boDn = person(base, 'bo');
    directory.edit.setPassword(anaDn, DIRECTORY_PASSWORD);
    directory.edit.setPassword(boDn, DIRECTORY_PASSWORD);
    // Was there before the rule, with a password of its own.
    const bo = await api.users.create({
      environmentId,
      body: { username: 'bo', password: { value: 'Local.Pass-1' } },
    });
    const gateway = await api.gateways.read({ environmentId, gatewayId });
    const withType = async (more: object) =>
      api.gateways.replace({
        environmentId,
        gatewayId,
        body: {
          name: gateway.name,
          type: 'LDAP',
          enabled: true,
          vendor: gateway.vendor,
          serversHostAndPort: gateway.serversHostAndPort,
          bindDN: gateway.bindDN,
          connectionSecurity: gateway.connectionSecurity,
          userTypes: [
            {
              id: 'aa110000-0000-4000-8000-000000000001',
              name: 'Staff',
              passwordAuthority: 'LDAP',
              searchBaseDn: directory.baseDn,
              orderedCorrelationAttributes: ['objectGUID', 'sAMAccountName'],
              ...more,
            },
          ],
        },
      });
    const setUp = {
      name: 'Linked in',
      gatewayId,
      ldapType: AD,
      configuration: { USERS_BASE_DN: base, AUTHENTICATE_VIA_AD_LDAP: true, ...SLOW },
    };
    const without = await errorOf(makeInboundRule(api, environmentId, setUp));
    expect(codes(without)).toEqual([['CONSTRAINT_VIOLATION', 'configuration.AUTHENTICATE_VIA_AD_LDAP']]);
    // Made at their first sign-on, or provisioned: not both.
    const jit = await errorOf(
      withType({ newUserLookup: { ldapFilterPattern: '(cn=x)', attributeMappings: [] } }),
    );
    expect(codes(jit)).toContainEqual(['GATEWAY_MIGRATES_USERS', expect.any(String)]);
    await withType({});
    const pair = await errorOf(
      makeInboundRule(api, environmentId, {
        ...setUp,
        configuration: { ...setUp.configuration, DEFAULT_PASSWORD_EXPRESSION: "'Some.Pass-1'" },
      }),
    );
    expect(codes(pair)).toContainEqual(['INVALID_VALUE', 'configuration.DEFAULT_PASSWORD_EXPRESSION']);

    const { ruleId } = await makeInboundRule(api, environmentId, setUp);
    await makeRevision(api, environmentId);
    expect((await firstRun(ruleId)).counts).toMatchObject({ created: 1, linked: 1, failed: 0 });
    const ana = await userNamed('ana');
    const key = { environmentId, userId: ana.id };
    const guid = (await api.passwords.read(key)).external?.gateway.correlationAttributes.objectGUID;
    expect(await api.passwords.read(key)).toMatchObject({
      status: 'EXTERNAL',
      external: {
        gateway: {
          id: gatewayId,
          type: 'LDAP',
          userType: { id: 'aa110000-0000-4000-8000-000000000001' },
          correlationAttributes: { objectGUID: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        },
      },
    });
    const check = (password: string) => api.passwords.check({ ...key, body: { password } });
    const refusal = async (password = DIRECTORY_PASSWORD) => {
      const error = await errorOf(check(password));
      return [error.status, error.details[0]?.code];
    };
    expect((await check(DIRECTORY_PASSWORD)).status).toBe('EXTERNAL');
    expect(await refusal(OTHER_PASSWORD)).toEqual([400, 'INVALID_VALUE']);
    // The one who was linked: what the store knew of a password counts no more.
    const boKey = { environmentId, userId: bo.id };
    expect((await api.passwords.check({ ...boKey, body: { password: DIRECTORY_PASSWORD } })).status).toBe(
      'EXTERNAL',
    );
    expect(
      (await errorOf(api.passwords.check({ ...boKey, body: { password: 'Local.Pass-1' } }))).status,
    ).toBe(400);

    // The directory alone from here on: what its hints would make the rule do is not what this is about.
    const setActive = async (active: boolean): Promise<void> => {
      const { name, configuration } = await api.rules.read({ environmentId, ruleId });
      await api.rules.replace({ environmentId, ruleId, body: { name, active, configuration } });
      await makeRevision(api, environmentId);
    };
    await setActive(false);
    directory.edit.rename(anaDn, 'CN=Ana Renamed');
    directory.edit.move(`CN=Ana Renamed,${base}`, directory.baseDn);
    const moved = `CN=Ana Renamed,${directory.baseDn}`;
    expect((await check(DIRECTORY_PASSWORD)).status).toBe('EXTERNAL');

    directory.edit.modify(moved, { replace: { lockoutTime: '132000000000000000' } });
    expect(await refusal()).toEqual([400, 'PASSWORD_LOCKED_OUT']);
    directory.edit.modify(moved, { replace: { lockoutTime: '0', pwdLastSet: '0' } });
    expect(await refusal()).toEqual([400, 'MUST_CHANGE_PASSWORD']);
    directory.edit.modify(moved, {
      replace: { pwdLastSet: String(FILE_TIME_NEVER), userAccountControl: '546' },
    });
    expect(await refusal()).toEqual([400, 'ACCOUNT_NOT_USABLE']);
    directory.edit.modify(moved, {
      replace: { userAccountControl: '544', accountExpires: '132000000000000000' },
    });
    expect(await refusal()).toEqual([400, 'ACCOUNT_NOT_USABLE']);
    directory.edit.modify(moved, { replace: { accountExpires: '0' } });
    expect((await check(DIRECTORY_PASSWORD)).status).toBe('EXTERNAL');
    expect(
      await errorOf(
        api.passwords.reset({ ...key, body: { currentPassword: 'x', newPassword: 'Whatever-1' } }),
      ),
    ).toMatchObject({
      details: [{ code: 'PASSWORD_HELD_BY_DIRECTORY' }],
    });

    await directory.goDown();
    expect(await refusal()).toEqual([503, expect.stringMatching(/^LDAP_/)]);
    // A directory would take an empty one for nobody, and say yes (RFC 4513 §5.1.2): it is never asked.
    expect(await refusal('')).toEqual([400, 'INVALID_VALUE']);
    await directory.comeUp();
    await waitUntil(
      () =>
        check(DIRECTORY_PASSWORD).then(
          ({ status }) => status === 'EXTERNAL',
          () => false,
        ),
      'the directory is back',
    );

    directory.edit.remove(moved);
    expect((await refusal())[1]).toBe('DIRECTORY_USER_NOT_FOUND');

    const silent = await api.gateways.create({
      environmentId,
      body: {
        name: 'Without an instance',
        type: 'LDAP',
        enabled: true,
        vendor: AD,
        serversHostAndPort: ['127.0.0.1:1'],
        bindDN: 'CN=x',
        bindPassword: 'x',
        userTypes: [
          {
            name: 'Staff',
            passwordAuthority: 'LDAP',
            searchBaseDn: directory.baseDn,
            orderedCorrelationAttributes: ['objectGUID'],
          },
        ],
      },
    });
    await api.passwords.setGateway({
      ...key,
      body: {
        id: silent.id,
        userType: { id: silent.userTypes[0]?.id ?? '' },
        correlationAttributes: { objectGUID: guid ?? '' },
      },
    });
    expect(await refusal()).toEqual([503, 'GATEWAY_NOT_CONNECTED']);
    // Who takes the link away gets it back by the next full run, as with every attribute the rule owns.
    await api.passwords.set({ ...boKey, body: { value: 'Local.Pass-2' } });
    expect((await api.passwords.check({ ...boKey, body: { password: 'Local.Pass-2' } })).status).toBe('OK');
    await setActive(true);
    await runToEnd(api, environmentId, ruleId, 'full');
    expect((await api.passwords.read(boKey)).status).toBe('EXTERNAL');

    const kept = traces();
    for (const secret of [DIRECTORY_PASSWORD, OTHER_PASSWORD]) expect(kept.includes(secret)).toBe(false);
  });
});
