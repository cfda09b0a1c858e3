import { type ApiClient, ApiError } from '@sallyport/contract';
import { runGateway } from '@sallyport/gateway';
import { makeLife, silentLog } from '@sallyport/runtime';
import {
  type InMemoryDirectory,
  makeGateway,
  makeInboundRule,
  makeRevision,
  runToEnd,
  startInMemoryDirectory,
  waitForInstances,
  waitForRun,
  waitUntil,
} from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSupervisedRules } from '../propagation/runs/supervised-rules.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const PEOPLE = 40;
const AD = 'Microsoft Active Directory' as const;

let directory: InMemoryDirectory;
let server: TestServer;
let api: ApiClient;
let environmentId: string;
let gatewayId: string;
let credentialId: string;
let gatewayProcess: PlayedGateway;

beforeAll(async () => {
  directory = await startInMemoryDirectory({ people: PEOPLE, parts: 'people' });
  server = await startTestServer({ makeRules: makeSupervisedRules });
  ({ api } = server);
  environmentId = (await api.environments.create({ body: { name: 'Corp', type: 'SANDBOX' } })).id;
  const gateway = await makeGateway(api, environmentId, 'AD', address());
  ({ gatewayId, credentialId } = gateway);
  gatewayProcess = startGateway(gateway.credential);
  await waitForInstances(api, environmentId, gatewayId);
});
afterAll(async () => {
  await gatewayProcess.stop();
  await server.close();
  await directory.stop();
});

const serverName = (): string => `${directory.host}:${directory.port}`;

function address() {
  return {
    servers: [serverName()],
    bindDn: directory.bindDn,
    bindPassword: directory.bindPassword,
    vendor: AD,
  };
}

interface PlayedGateway {
  stop(): Promise<void>;
}

/** A gateway program in this process. */
function startGateway(credential: string): PlayedGateway {
  const life = makeLife(1000);
  const ended = runGateway({
    settings: {
      url: new URL(`${server.publicUrl.replace('http', 'ws')}/gateway`),
      credential: () => credential,
      limits: undefined,
      proxy: undefined,
      extraCa: undefined,
      logLevel: 'silent',
      logFormat: 'json',
      drainMs: 1000,
      unknownVariables: [],
    },
    version: '1.0.0-test',
    life,
    log: silentLog,
  });
  return {
    stop: async () => {
      life.stop('the test is over');
      await ended;
      await life.end();
    },
  };
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const reason: unknown = await promise.then(
    () => new Error('It was accepted'),
    (error: unknown) => error,
  );
  if (reason instanceof ApiError) return reason;
  throw reason;
}

const connectedInstances = async (id: string): Promise<readonly string[]> =>
  (await api.gateways.listInstances({ environmentId, gatewayId: id }))._embedded.gatewayInstances
    .filter(({ connected }) => connected)
    .map(({ credential }) => credential.id);

const codes = (error: ApiError): readonly (readonly [string, string | undefined])[] =>
  error.details.map(({ code, target }) => [code, target] as const);

describe('a gateway', () => {
  it('shows its instance, its schema and a bounded look at its directory', async () => {
    const gateway = await api.gateways.read({ environmentId, gatewayId, query: { expand: 'instances' } });
    expect(gateway).toMatchObject({
      type: 'LDAP',
      vendor: AD,
      credentials: [{ id: credentialId }],
      currentAlerts: [{ type: 'WARNING' }],
      _embedded: {
        instances: [
          { connected: true, credential: { id: credentialId }, version: { updateStatus: 'AT_LATEST' } },
        ],
      },
    });
    const schema = await api.gateways.readSchema({
      environmentId,
      gatewayId,
      query: { contains: 'samaccount' },
    });
    expect(schema.attributes.map(({ name }) => name)).toContain('sAMAccountName');
    const search = await api.gateways.search({
      environmentId,
      gatewayId,
      body: {
        base: directory.baseDn,
        scope: 'sub',
        filter: '(objectClass=user)',
        attributes: ['sAMAccountName'],
        limit: 5,
      },
    });
    expect(search).toMatchObject({ truncated: true });
    expect(search.entries).toHaveLength(5);
    const root = await api.gateways.search({ environmentId, gatewayId, body: { base: '' } });
    expect(root.entries[0]?.attributes.namingContexts).toContain(directory.baseDn);
    const wrong = await errorOf(
      api.gateways.search({ environmentId, gatewayId, body: { base: 'nonsense', filter: '(((' } }),
    );
    expect(codes(wrong)).toEqual([
      ['INVALID_DN', 'base'],
      ['INVALID_LDAP_FILTER', 'filter'],
    ]);
  });

  it('is refused with every fault at once', async () => {
    const error = await errorOf(
      api.gateways.create({
        environmentId,
        // The fields a careless client gets wrong: all that a schema can see.
        body: {
          name: '',
          type: 'LDAP',
          enabled: true,
          vendor: AD,
          serversHostAndPort: ['dc1', '[::1]:636'],
          bindDN: 'x',
          bindPassword: '',
        },
      }),
    );
    expect(error.details.map(({ target }) => target)).toEqual([
      'name',
      'serversHostAndPort.0',
      'bindPassword',
    ]);
    const response = await fetch(`${server.publicUrl}/v1/environments/${environmentId}/gateways`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'n',
        type: 'LDAP',
        enabled: true,
        vendor: 'Novell',
        serversHostAndPort: ['a:1'],
        bindDN: 'cn=a',
        bindPassword: 'p',
      }),
    });
    expect(await response.json()).toMatchObject({
      code: 'INVALID_DATA',
      details: [
        {
          code: 'INVALID_VALUE',
          target: 'vendor',
          innerError: { allowedValues: expect.arrayContaining([AD]) },
        },
      ],
    });
  });

  it('has at most five credentials, each shown once, and lets go of one that is revoked', async () => {
    const key = { environmentId, gatewayId };
    const made = [];
    for (let at = 0; at < 4; at += 1) made.push(await api.gateways.createCredential(key));
    expect(codes(await errorOf(api.gateways.createCredential(key)))[0]?.[0]).toBe('QUOTA_EXCEEDED');
    const [spare] = made;
    if (spare === undefined) throw new TypeError('four credentials were made');
    const second = startGateway(spare.credential);
    await waitForInstances(api, environmentId, gatewayId, 2);
    await api.gateways.removeCredential({ ...key, credentialId: spare.id });
    await waitUntil(
      async () => (await connectedInstances(gatewayId)).length === 1,
      'the revoked instance is gone',
    );
    expect(await connectedInstances(gatewayId)).toEqual([credentialId]);
    await second.stop();
    expect((await errorOf(api.gateways.readCredential({ ...key, credentialId: spare.id }))).status).toBe(404);
    for (const { id } of made.slice(1)) await api.gateways.removeCredential({ ...key, credentialId: id });
  });
});

describe('the connection check', () => {
  const check = (configuration: Record<string, string>, baseDn?: string) =>
    api.stores.checkConnection({
      environmentId,
      body: { type: 'LdapGateway', configuration, ...(baseDn === undefined ? {} : { baseDn }) },
    });

  it('connects as a rule would, and says which change strategy it would use and why', async () => {
    const answer = await check({ GATEWAY_ID: gatewayId }, directory.baseDn);
    expect(answer).toMatchObject({ status: 'OK', server: serverName() });
    expect(answer.strategy).toBeTruthy();
    expect(answer.strategyReason).toBeTruthy();
    expect(answer.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gateway', 'signOn', 'baseDn', 'changes']),
    );
  });

  it('names each failure with one code', async () => {
    const { gatewayId: wrongPassword, credential } = await makeGateway(api, environmentId, 'Wrong password', {
      ...address(),
      bindPassword: 'wrong',
    });
    const lonely = await makeGateway(api, environmentId, 'Nobody home', address());
    expect(codes(await errorOf(check({ GATEWAY_ID: lonely.gatewayId })))[0]?.[0]).toBe(
      'GATEWAY_NOT_CONNECTED',
    );
    const other = startGateway(credential);
    await waitForInstances(api, environmentId, wrongPassword);
    expect(codes(await errorOf(check({ GATEWAY_ID: wrongPassword })))[0]?.[0]).toMatch(
      /^LDAP_(INVALID_CREDENTIALS|BIND_REFUSED)$/,
    );
    await api.gateways.replace({
      environmentId,
      gatewayId: wrongPassword,
      body: {
        ...(await api.gateways.read({ environmentId, gatewayId: wrongPassword })),
        serversHostAndPort: ['127.0.0.1:1'],
      },
    });
    expect(codes(await errorOf(check({ GATEWAY_ID: wrongPassword })))[0]?.[0]).toBe('LDAP_HOST_UNREACHABLE');
    await api.gateways.remove({ environmentId, gatewayId: wrongPassword });
    await waitUntil(
      async () => server.hub.instances(wrongPassword).every(({ connected }) => !connected),
      'the deleted gateway is let go',
    );
    await other.stop();
    expect(
      codes(await errorOf(check({ GATEWAY_ID: gatewayId }, `OU=Nowhere,${directory.baseDn}`)))[0]?.[0],
    ).toBe('BASE_DN_NOT_FOUND');
    expect(codes(await errorOf(check({ GATEWAY_ID: gatewayId }, 'nonsense')))).toEqual([
      ['INVALID_DN', 'baseDn'],
    ]);
  });
});

describe('what cannot work is refused at the door', () => {
  it('stores', async () => {
    const create = (type: string, configuration: Record<string, string | boolean>) =>
      api.stores.create({ environmentId, body: { name: crypto.randomUUID(), type, configuration } });
    expect(codes(await errorOf(create('Workday', {})))).toEqual([['UNKNOWN_STORE_TYPE', 'type']]);
    expect(
      codes(
        await errorOf(
          create('LdapGateway', {
            LDAP_TYPE: 'PingDirectory',
            GATEWAY_ID: gatewayId,
            ENVIRONMENT_ID: gatewayId,
            CREATE_USERS: 'perhaps',
          }),
        ),
      ),
    ).toEqual([
      ['INVALID_VALUE', 'configuration.ENVIRONMENT_ID'],
      ['INVALID_VALUE', 'configuration.LDAP_TYPE'],
      ['INVALID_VALUE', 'configuration.CREATE_USERS'],
    ]);
    expect(codes(await errorOf(create('LdapGateway', {})))).toEqual([
      ['REQUIRED_VALUE', 'configuration.GATEWAY_ID'],
    ]);
    expect(
      codes(
        await errorOf(
          create('PingOne', { REMOVE_ACTION: 'Delete', PROVISION_DISABLED_USERS_PROV_OPT: 'true' }),
        ),
      ),
    ).toEqual([['INVALID_VALUE', 'configuration.PROVISION_DISABLED_USERS_PROV_OPT']]);
  });

  it('gateways that migrate users at their first sign-on, and the other way round', async () => {
    const body = {
      name: 'Migrating',
      type: 'LDAP' as const,
      enabled: true,
      vendor: AD,
      serversHostAndPort: ['127.0.0.1:389'],
      bindDN: 'CN=svc,DC=corp,DC=example',
      bindPassword: 'secret-password',
      userTypes: [
        {
          name: 'Staff',
          passwordAuthority: 'LDAP' as const,
          searchBaseDn: directory.baseDn,
          orderedCorrelationAttributes: ['objectGUID'],
          newUserLookup: {
            ldapFilterPattern: `(uid=$${'{identifier}'})`,
            attributeMappings: [{ name: 'username', value: `$${'{ldapAttributes.uid}'}` }],
          },
        },
      ],
    };
    const migrating = await api.gateways.create({ environmentId, body });
    const refused = await errorOf(
      api.stores.create({
        environmentId,
        body: { name: 'm', type: 'LdapGateway', configuration: { GATEWAY_ID: migrating.id } },
      }),
    );
    expect(codes(refused)).toEqual([['GATEWAY_MIGRATES_USERS', 'configuration.GATEWAY_ID']]);
    const store = await api.stores.create({
      environmentId,
      body: { name: 'in use', type: 'LdapGateway', configuration: { GATEWAY_ID: gatewayId } },
    });
    const back = await errorOf(
      api.gateways.replace({
        environmentId,
        gatewayId,
        body: { ...(await api.gateways.read({ environmentId, gatewayId })), userTypes: body.userTypes },
      }),
    );
    expect(codes(back)).toEqual([['GATEWAY_MIGRATES_USERS', 'userTypes']]);
    const inUse = await errorOf(api.gateways.remove({ environmentId, gatewayId }));
    expect(inUse).toMatchObject({ status: 400, details: [{ code: 'REFERENCED' }] });
    await api.stores.remove({ environmentId, storeId: store.id });
    await api.gateways.remove({ environmentId, gatewayId: migrating.id });
  });

  it('rules and mappings, checked against the directory and the identity store', async () => {
    const { ruleId, sourceStoreId, targetStoreId } = await makeInboundRule(api, environmentId, {
      name: 'refusals',
      gatewayId,
      ldapType: AD,
      configuration: {},
      active: false,
    });
    const key = { environmentId, ruleId };
    const faulty = await errorOf(
      api.rules.replace({
        ...key,
        body: {
          name: 'refusals',
          active: true,
          populationExpression: 'username ==',
          configuration: {
            USERS_BASE_DN: 'nowhere at all',
            USERS_LDAP_FILTER: '(department=Sales',
            POLL_INTERVAL_SECONDS: 'soon',
            MAX_REMOVALS_PERCENT: 200,
            POPULATION_ID: ruleId,
            MATCHING_ATTRIBUTE: 'shoeSize',
            CHANGE_STRATEGY: 'magic',
            DEFAULT_PASSWORD_EXPRESSION: '1 +',
          },
        },
      }),
    );
    expect(
      codes(faulty)
        .map(([, target]) => target)
        .toSorted(),
    ).toEqual(
      [
        'populationExpression',
        ...[
          'CHANGE_STRATEGY',
          'DEFAULT_PASSWORD_EXPRESSION',
          'MATCHING_ATTRIBUTE',
          'MAX_REMOVALS_PERCENT',
          'POLL_INTERVAL_SECONDS',
          'POPULATION_ID',
          'USERS_BASE_DN',
          'USERS_LDAP_FILTER',
        ].map((name) => `configuration.${name}`),
      ].toSorted(),
    );
    const unknown = await errorOf(
      api.rules.replace({
        ...key,
        body: {
          name: 'refusals',
          configuration: { USERS_BASE_DN: directory.baseDn, USERS_LDAP_FILTER: '(shoeSizeEu=42)' },
        },
      }),
    );
    expect(codes(unknown)).toEqual([['UNKNOWN_ATTRIBUTE', 'configuration.USERS_LDAP_FILTER']]);
    const mapping = (body: Record<string, unknown>) =>
      errorOf(api.mappings.create({ ...key, body: { targetAttribute: 'title', ...body } }));
    expect(codes(await mapping({}))).toEqual([['CONSTRAINT_VIOLATION', 'sourceAttribute']]);
    expect(codes(await mapping({ sourceAttribute: 'titel', targetAttribute: 'titel' }))).toEqual([
      ['UNKNOWN_ATTRIBUTE', 'targetAttribute'],
      ['UNKNOWN_ATTRIBUTE', 'sourceAttribute'],
    ]);
    expect(codes(await mapping({ expression: 'givenName +' }))).toEqual([
      ['INVALID_EXPRESSION', 'expression'],
    ]);
    const made = await api.mappings.create({
      ...key,
      body: { sourceAttribute: 'ADD:title', targetAttribute: 'Title' },
    });
    expect(made).toMatchObject({
      name: 'title',
      sourceAttribute: 'title',
      targetAttribute: 'title',
      attributeMappingType: 'userAttributeMapping',
    });
    expect(codes(await mapping({ sourceAttribute: 'description' }))).toEqual([
      ['UNIQUENESS_VIOLATION', 'targetAttribute'],
    ]);
    const unready = await errorOf(
      api.rules.replace({
        ...key,
        body: { name: 'refusals', active: true, configuration: { USERS_BASE_DN: directory.baseDn } },
      }),
    );
    expect(codes(unready)).toEqual([['RULE_NOT_READY', 'mappings']]);
    const reversed = await errorOf(
      api.rules.create({
        environmentId,
        body: { name: 'reversed', sourceStore: { id: targetStoreId }, targetStore: { id: sourceStoreId } },
      }),
    );
    expect(codes(reversed)).toEqual([['CONSTRAINT_VIOLATION', 'targetStore.id']]);
    expect(codes(await errorOf(api.stores.remove({ environmentId, storeId: sourceStoreId })))[0]?.[0]).toBe(
      'REFERENCED',
    );
    const plan = await errorOf(api.plans.create({ environmentId, body: { name: 'another' } }));
    expect(plan.details[0]).toMatchObject({
      target: 'environment',
      message: expect.stringContaining('existing plan'),
    });
    await api.rules.remove(key);
  });
});

describe('a rule', () => {
  it('previews, runs, explains, holds, releases and reports through the API', {
    timeout: 60_000,
  }, async () => {
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'AD in',
      gatewayId,
      ldapType: AD,
      configuration: {
        USERS_BASE_DN: directory.baseDn,
        USERS_LDAP_FILTER: '(mail=*)',
        MAX_REMOVALS: 2,
        POLL_INTERVAL_SECONDS: 3600,
      },
      actions: { REMOVE_ACTION: 'Delete' },
    });
    const key = { environmentId, ruleId };
    const preview = await runToEnd(api, environmentId, ruleId, 'preview');
    expect(preview).toMatchObject({ status: 'completed', type: 'preview' });
    expect(preview.counts.created).toBeGreaterThan(PEOPLE / 2);
    const planned = await api.runs.listChanges({
      ...key,
      runId: preview.id,
      query: { limit: 5, outcome: 'created' },
    });
    expect(planned.count).toBe(preview.counts.created);
    expect(planned._links.next).toBeDefined();
    expect((await api.users.list({ environmentId })).count).toBe(0);
    expect((await api.ruleState.readStatus(key)).state).toBe('WAITING');

    const revision = await api.revisions.read({
      environmentId,
      revisionId: await makeRevision(api, environmentId),
    });
    expect(await api.revisions.read({ environmentId, revisionId: 'id:latest' })).toEqual(revision);
    const first = await waitForRun(api, environmentId, ruleId, await firstRunId());
    expect(first).toMatchObject({
      status: 'completed',
      type: 'full',
      counts: { created: preview.counts.created, failed: 0 },
    });
    expect((await api.users.list({ environmentId })).count).toBe(preview.counts.created);
    const user = (await api.users.list({ environmentId, query: { limit: 1 } }))._embedded.users[0];
    if (user === undefined) throw new TypeError('users were created');
    expect(await api.users.readSyncedRule({ environmentId, userId: user.id, ruleId })).toMatchObject({
      rule: { id: ruleId, name: 'AD in' },
      sourceStore: { type: 'LdapGateway' },
      type: 'INBOUND',
      status: 'SUCCESS',
    });
    const changes = await api.runs.listChanges({ ...key, runId: first.id, query: { limit: 1000 } });
    expect(changes._embedded.changes.find(({ targetId }) => targetId === user.id)?.changes).toContainEqual({
      attribute: 'username',
      before: [],
      after: [user.username],
    });
    const explained = await api.ruleState.explain({ ...key, body: { identifier: user.username } });
    expect(explained).toMatchObject({
      found: true,
      scope: { inScope: true },
      action: { outcome: 'unchanged' },
    });
    expect((await api.ruleState.explain({ ...key, body: { identifier: 'nobody-here' } })).found).toBe(false);
    const status = await api.ruleState.readStatus(key);
    expect(status).toMatchObject({
      state: 'ACTIVE',
      users: { success: preview.counts.created, failed: 0 },
      breaker: { open: false },
    });
    expect(status.strategy).toBeTruthy();

    // All but one leave the scope: far more than the guard lets pass.
    const { configuration, name } = await api.rules.read(key);
    await api.rules.replace({
      ...key,
      body: {
        name,
        active: true,
        configuration: { ...configuration, USERS_LDAP_FILTER: `(sAMAccountName=${user.username})` },
      },
    });
    await makeRevision(api, environmentId);
    const held = await waitForRun(api, environmentId, ruleId, await firstRunId(first.id));
    expect(held.status).toBe('held');
    expect((await api.users.list({ environmentId })).count).toBe(preview.counts.created);
    const removals = await api.runs.listRemovals({ ...key, runId: held.id });
    expect(removals.count).toBe(preview.counts.created - 1);
    expect(removals._embedded.removals[0]).toMatchObject({ how: 'outOfScope', objectType: 'user' });
    expect((await api.ruleState.readStatus(key)).state).toBe('HELD');
    expect(await api.runs.release({ ...key, runId: held.id })).toMatchObject({ removals: removals.count });
    expect((await api.users.list({ environmentId }))._embedded.users.map(({ username }) => username)).toEqual(
      [user.username],
    );
    expect(codes(await errorOf(api.runs.release({ ...key, runId: held.id })))[0]?.[0]).toBe('NOTHING_HELD');

    async function firstRunId(other?: string): Promise<string> {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const { _embedded } = await api.runs.list({ ...key, query: { limit: 1 } });
        const id = _embedded.runs[0]?.id;
        if (id !== undefined && id !== other) return id;
        if (Date.now() > deadline) throw new Error('No run began');
        await new Promise((done) => setTimeout(done, 20));
      }
    }
  });

  it('fails under the code of whatever it met, changes nothing, and says so on its status', async () => {
    const lonely = await makeGateway(api, environmentId, 'No instance', address());
    const before = (await api.users.list({ environmentId })).count;
    for (const [name, gateway, base, code] of [
      ['lonely', lonely.gatewayId, directory.baseDn, 'GATEWAY_NOT_CONNECTED'],
      ['nowhere', gatewayId, `OU=Nowhere,${directory.baseDn}`, 'BASE_DN_NOT_FOUND'],
    ] as const) {
      const { ruleId } = await makeInboundRule(api, environmentId, {
        name,
        gatewayId: gateway,
        ldapType: AD,
        configuration: { USERS_BASE_DN: base, POLL_INTERVAL_SECONDS: 3600 },
      });
      await makeRevision(api, environmentId);
      const run = await runToEnd(api, environmentId, ruleId, 'full');
      expect(run, name).toMatchObject({ status: 'failed', error: { code } });
      expect(await api.ruleState.readStatus({ environmentId, ruleId }), name).toMatchObject({
        state: 'FAILED',
      });
      await api.rules.remove({ environmentId, ruleId });
    }
    expect((await api.users.list({ environmentId })).count).toBe(before);
    await makeRevision(api, environmentId);
  });

  it('that is deleted deprovisions its users where its store is managed', async () => {
    const own = (await api.environments.create({ body: { name: 'Managed', type: 'SANDBOX' } })).id;
    const gateway = await makeGateway(api, own, 'AD', address());
    const played = startGateway(gateway.credential);
    await waitForInstances(api, own, gateway.gatewayId);
    const { ruleId } = await makeInboundRule(api, own, {
      name: 'managed',
      gatewayId: gateway.gatewayId,
      ldapType: AD,
      configuration: {
        USERS_BASE_DN: directory.baseDn,
        MAX_REMOVALS_PERCENT: 100,
        POLL_INTERVAL_SECONDS: 3600,
      },
      actions: { REMOVE_ACTION: 'Delete' },
      managed: true,
    });
    await makeRevision(api, own);
    await runToEnd(api, own, ruleId, 'full');
    expect((await api.users.list({ environmentId: own })).count).toBeGreaterThan(PEOPLE / 2);
    await api.rules.remove({ environmentId: own, ruleId });
    await makeRevision(api, own);
    await waitUntil(
      async () => (await api.users.list({ environmentId: own })).count === 0,
      'everybody is deprovisioned',
    );
    await api.environments.remove({ environmentId: own });
    await played.stop();
  });

  it('that is unknown, not in effect, or not readable says so', async () => {
    const missing = { environmentId, ruleId: '00000000-0000-4000-8000-000000000000' };
    expect((await errorOf(api.runs.start({ ...missing, body: { type: 'full' } }))).status).toBe(404);
    expect((await errorOf(api.ruleState.readStatus(missing))).status).toBe(404);
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'idle',
      gatewayId,
      ldapType: AD,
      configuration: {},
      active: false,
    });
    await makeRevision(api, environmentId);
    const error = await errorOf(api.runs.start({ environmentId, ruleId, body: { type: 'full' } }));
    expect(codes(error)[0]?.[0]).toBe('RULE_NOT_ACTIVE');
  });
});

describe('expressions', () => {
  it('are evaluated over given attributes, and their faults are answers with places', async () => {
    const evaluate = (expression: string) =>
      api.expressions.evaluate({
        environmentId,
        body: { expression, attributes: { givenName: ['Ana'], mail: ['a@x', 'b@x'] } },
      });
    expect(await evaluate("givenName + ' Silva'")).toEqual({
      values: ['Ana Silva'],
      type: 'string',
      attributes: ['givenName'],
    });
    expect(await evaluate('mail')).toMatchObject({ values: ['a@x', 'b@x'], type: 'list' });
    expect(await evaluate('givenName +')).toMatchObject({ values: [], error: { code: 'SYNTAX' } });
  });
});
