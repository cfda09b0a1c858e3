import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ApiClient,
  ApiError,
  listOperations,
  makeApiClient,
  ROLES,
  type Role,
} from '@sallyport/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let api: ApiClient;
const NOWHERE = '00000000-0000-4000-8000-000000000000';

beforeAll(async () => {
  server = await startTestServer();
  ({ api } = server);
});
afterAll(() => server.close());

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const reason: unknown = await promise.then(
    () => new Error('It was accepted'),
    (error: unknown) => error,
  );
  if (reason instanceof ApiError) return reason;
  throw reason;
}

function form(parameters: Record<string, string>): URLSearchParams {
  return new URLSearchParams(parameters);
}

async function askToken(
  body: URLSearchParams | string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await fetch(`${server.publicUrl}/${server.environmentId}/as/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
  const json: Record<string, unknown> = JSON.parse(await response.text());
  return { status: response.status, body: json, headers: response.headers };
}

/** An application with one role in one environment, and a client that acts as it. */
async function actorWith(role: Role, environmentId: string): Promise<ApiClient> {
  const application = await api.applications.create({
    environmentId,
    body: { name: `${role} ${crypto.randomUUID()}`, roles: [{ role }] },
  });
  return makeApiClient({
    baseUrl: server.publicUrl,
    clientCredentials: { environmentId, clientId: application.id, clientSecret: application.secret },
  });
}

describe('the token endpoint', () => {
  it('takes the client by HTTP Basic or in the body, and answers as RFC 6749 says', async () => {
    const basic = Buffer.from(`${server.clientId}:${server.clientSecret}`).toString('base64');
    const answers = [
      await askToken(form({ grant_type: 'client_credentials' }), { authorization: `Basic ${basic}` }),
      await askToken(
        form({
          grant_type: 'client_credentials',
          client_id: server.clientId,
          client_secret: server.clientSecret,
        }),
      ),
    ];
    for (const { status, body, headers } of answers) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
      expect(headers.get('cache-control')).toBe('no-store');
    }
    const jwks: unknown = await (await fetch(`${server.publicUrl}/${server.environmentId}/as/jwks`)).json();
    expect(jwks).toMatchObject({ keys: [{ kty: 'EC', alg: 'ES256', use: 'sig' }] });
    expect(JSON.stringify(jwks)).not.toContain('"d"');
  });

  it('refuses with the error codes of RFC 6749', async () => {
    const basic = (id: string, secret: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    });
    const grant = form({ grant_type: 'client_credentials' });
    for (const [body, headers, status, error] of [
      [grant, {}, 401, 'invalid_client'],
      [grant, basic(server.clientId, 'wrong'), 401, 'invalid_client'],
      [grant, basic(NOWHERE, server.clientSecret), 401, 'invalid_client'],
      [grant, { authorization: 'Bearer x' }, 401, 'invalid_client'],
      [form({}), basic(server.clientId, server.clientSecret), 400, 'invalid_request'],
      [
        form({ grant_type: 'password' }),
        basic(server.clientId, server.clientSecret),
        400,
        'unsupported_grant_type',
      ],
      [
        'grant_type=client_credentials&grant_type=password',
        basic(server.clientId, server.clientSecret),
        400,
        'invalid_request',
      ],
      [
        form({ grant_type: 'client_credentials', client_secret: 'x' }),
        basic(server.clientId, server.clientSecret),
        400,
        'invalid_request',
      ],
      [
        grant,
        { ...basic(server.clientId, server.clientSecret), 'content-type': 'application/json' },
        400,
        'invalid_request',
      ],
    ] as const) {
      const answer = await askToken(body, headers);
      expect([answer.status, answer.body.error], JSON.stringify([String(body), headers])).toEqual([
        status,
        error,
      ]);
      if ('authorization' in headers && status === 401)
        expect(answer.headers.get('www-authenticate')).toContain('Basic');
    }
  });

  it('gives tokens that end with their application', async () => {
    const environmentId = (await api.environments.create({ body: { name: 'Short-lived', type: 'SANDBOX' } }))
      .id;
    const application = await api.applications.create({
      environmentId,
      body: { name: 'temp', roles: [{ role: 'Environment Admin' }] },
    });
    const credentials = { environmentId, clientId: application.id, clientSecret: application.secret };
    const temp = makeApiClient({ baseUrl: server.publicUrl, clientCredentials: credentials });
    await temp.populations.list({ environmentId });
    const { secret } = await api.applications.rotateSecret({ environmentId, applicationId: application.id });
    const old = makeApiClient({ baseUrl: server.publicUrl, clientCredentials: credentials });
    expect((await errorOf(old.populations.list({ environmentId }))).status).toBe(401);
    const rotated = makeApiClient({
      baseUrl: server.publicUrl,
      clientCredentials: { ...credentials, clientSecret: secret },
    });
    await rotated.populations.list({ environmentId });
    await api.applications.remove({ environmentId, applicationId: application.id });
    expect((await errorOf(temp.populations.list({ environmentId }))).status).toBe(401);
  });
});

describe('roles', () => {
  it('open exactly the operations that name them', { timeout: 60_000 }, async () => {
    const environmentId = (await api.environments.create({ body: { name: 'Roles', type: 'SANDBOX' } })).id;
    for (const role of ROLES) {
      const token = await tokenOf(
        await api.applications.create({ environmentId, body: { name: role, roles: [{ role }] } }),
        environmentId,
      );
      for (const { id, operation } of listOperations()) {
        const path = operation.path.replace('{environmentId}', environmentId).replaceAll(/\{\w+\}/g, NOWHERE);
        // Organization-wide writes ask for a role in every environment, which none of these has.
        const inOrganization = !operation.path.includes('{environmentId}') && operation.method !== 'GET';
        const allowed = operation.roles.some((needed) => needed === role) && !inOrganization;
        const isRemoval =
          operation.path === '/v1/environments/{environmentId}' && operation.method === 'DELETE';
        if (allowed && isRemoval) continue;
        const response = await fetch(`${server.publicUrl}${path}`, {
          method: operation.method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(operation.body === undefined
              ? {}
              : { 'content-type': operation.mediaTypes?.[0] ?? 'application/json' }),
          },
          // No object of any shape has a list for a body: what may be done fails only after the roles were looked at.
          ...(operation.body === undefined ? {} : { body: '[]' }),
        });
        const body = await response.text();
        if (allowed)
          expect([200, 201, 202, 204, 400, 404], `${role} ${id}: ${body}`).toContain(response.status);
        else expect(response.status, `${role} ${id}: ${body}`).toBe(403);
        if (!allowed)
          expect(JSON.parse(body)).toMatchObject({
            code: 'ACCESS_FAILED',
            details: [{ code: 'INSUFFICIENT_PERMISSIONS' }],
          });
      }
    }
  });

  it('cannot be handed out, nor taken over, by who has less', async () => {
    const environmentId = (await api.environments.create({ body: { name: 'Escalation', type: 'SANDBOX' } }))
      .id;
    const developer = await actorWith('Client Application Developer', environmentId);
    const body = { name: 'more', roles: [{ role: 'Identity Data Admin' as const }] };
    expect(await errorOf(developer.applications.create({ environmentId, body }))).toMatchObject({
      status: 403,
    });
    const wider = {
      name: 'wider',
      roles: [{ role: 'Client Application Developer' as const, scope: 'ORGANIZATION' as const }],
    };
    expect(await errorOf(developer.applications.create({ environmentId, body: wider }))).toMatchObject({
      status: 403,
    });
    const strong = await api.applications.create({ environmentId, body });
    const applicationId = strong.id;
    expect(
      await errorOf(developer.applications.rotateSecret({ environmentId, applicationId })),
    ).toMatchObject({ status: 403 });
    expect(
      await errorOf(
        developer.applications.replace({
          environmentId,
          applicationId,
          body: { ...body, roles: [{ role: 'Client Application Developer' }] },
        }),
      ),
    ).toMatchObject({ status: 403 });
    expect(
      (
        await developer.applications.create({
          environmentId,
          body: { name: 'equal', roles: [{ role: 'Client Application Developer' }] },
        })
      ).id,
    ).toBeTruthy();
  });
});

describe('tenants', () => {
  it('never see each other: neither by path nor by id', async () => {
    const [first, second] = await Promise.all(
      ['Tenant A', 'Tenant B'].map((name) => api.environments.create({ body: { name, type: 'SANDBOX' } })),
    );
    if (first === undefined || second === undefined) throw new TypeError('two environments were made');
    const user = await api.users.create({ environmentId: second.id, body: { username: 'hidden' } });
    const population = (await api.populations.list({ environmentId: second.id }))._embedded.populations[0];
    const plan = await api.plans.create({ environmentId: second.id, body: { name: 'plan' } });
    // Through an environment of one's own.
    for (const call of [
      api.users.read({ environmentId: first.id, userId: user.id }),
      api.users.merge({ environmentId: first.id, userId: user.id, body: { title: 'x' } }),
      api.users.remove({ environmentId: first.id, userId: user.id }),
      api.populations.read({ environmentId: first.id, populationId: population?.id ?? '' }),
      api.plans.remove({ environmentId: first.id, planId: plan.id }),
    ])
      expect((await errorOf(call)).status).toBe(404);
    const into = await errorOf(
      api.users.create({
        environmentId: first.id,
        body: { username: 'spy', population: { id: population?.id ?? '' } },
      }),
    );
    expect(into.details[0]).toMatchObject({ target: 'population.id' });
    // Through the other one's path, with a role in one's own alone: the same answer as for what does not exist.
    const stranger = await actorWith('Identity Data Admin', first.id);
    const foreign = await errorOf(stranger.users.list({ environmentId: second.id }));
    const nowhere = await errorOf(stranger.users.list({ environmentId: NOWHERE }));
    expect([foreign.status, foreign.code, foreign.message]).toEqual([
      nowhere.status,
      nowhere.code,
      nowhere.message,
    ]);
    expect(foreign.status).toBe(404);
    expect((await stranger.environments.list())._embedded.environments.map(({ id }) => id)).toEqual([
      first.id,
    ]);
    expect((await stranger.environments.list({ query: { filter: `id eq "${second.id}"` } })).count).toBe(0);
  });
});

describe('secrets', () => {
  it('are in no answer, no log line and no file', async () => {
    const environmentId = (await api.environments.create({ body: { name: 'Secrets', type: 'SANDBOX' } })).id;
    const bindPassword = 'Tr0ub4dor-bind-password';
    const clientSecret = 'Tr0ub4dor-store-secret';
    const gateway = await api.gateways.create({
      environmentId,
      body: {
        name: 'AD',
        type: 'LDAP',
        enabled: true,
        vendor: 'Microsoft Active Directory',
        serversHostAndPort: ['127.0.0.1:1'],
        bindDN: 'CN=svc,DC=corp,DC=example',
        bindPassword,
      },
    });
    const credential = await api.gateways.createCredential({ environmentId, gatewayId: gateway.id });
    const store = await api.stores.create({
      environmentId,
      body: {
        name: 'AD',
        type: 'LdapGateway',
        configuration: { GATEWAY_ID: gateway.id, CLIENT_SECRET: clientSecret },
      },
    });
    const application = await api.applications.create({
      environmentId,
      body: { name: 'app', roles: [{ role: 'Environment Admin' }] },
    });
    await actorWith('Environment Admin', environmentId);
    const key = { environmentId, gatewayId: gateway.id };
    const answers = JSON.stringify([
      await api.gateways.list({ environmentId }),
      await api.gateways.read({ ...key, query: { expand: 'instances' } }),
      await api.gateways.listCredentials(key),
      await api.gateways.readCredential({ ...key, credentialId: credential.id }),
      await api.stores.read({ environmentId, storeId: store.id }),
      await api.applications.list({ environmentId }),
      await api.activities.list({ environmentId }),
      gateway,
      store,
    ]);
    const files = await readdir(server.folder);
    const contents = await Promise.all(
      files
        .filter((name) => name !== 'secret.key')
        .map((name) => readFile(join(server.folder, name), 'latin1')),
    );
    const secrets = [
      bindPassword,
      clientSecret,
      application.secret,
      credential.credential,
      server.clientSecret,
      await server.token(),
    ];
    for (const secret of secrets) {
      expect(answers).not.toContain(secret);
      expect(server.logLines.join('\n')).not.toContain(secret);
      for (const content of contents) expect(content.includes(secret)).toBe(false);
    }
    expect((await stat(join(server.folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  });
});
async function tokenOf(
  application: { readonly id: string; readonly secret: string },
  environmentId: string,
): Promise<string> {
  const response = await fetch(`${server.publicUrl}/${environmentId}/as/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form({
      grant_type: 'client_credentials',
      client_id: application.id,
      client_secret: application.secret,
    }),
  });
  const body: { access_token: string } = JSON.parse(await response.text());
  return body.access_token;
}

it('keeps the last administrator of the installation, however somebody tries to remove it', async () => {
  const { environmentId, clientId } = server;
  const key = { environmentId, applicationId: clientId };
  const last = await api.applications.read(key);
  const admin = { role: 'Organization Admin', scope: 'ORGANIZATION' } as const;
  const everyRole = ROLES.map((role) => ({ role, scope: 'ORGANIZATION' as const }));
  const tries = {
    'deleting its environment': () => api.environments.remove({ environmentId }),
    'deleting it': () => api.applications.remove(key),
    'disabling it': () => api.applications.replace({ ...key, body: { ...last, enabled: false } }),
    'taking its role': () =>
      api.applications.replace({ ...key, body: { ...last, roles: [{ role: 'Organization Admin' }] } }),
  };
  for (const [way, attempt] of Object.entries(tries)) {
    const error = await errorOf(attempt());
    expect([error.status, error.details[0]?.code], way).toEqual([400, 'LAST_ADMINISTRATOR']);
    expect(error.message, way).toMatch(/^The request could not be completed/);
  }
  // One that is disabled is nobody.
  const spare = await api.applications.create({
    environmentId,
    body: { name: 'Spare', enabled: false, roles: everyRole },
  });
  expect((await errorOf(tries['deleting it']())).details[0]?.code).toBe('LAST_ADMINISTRATOR');
  const other = await api.environments.create({ body: { name: 'Second house', type: 'SANDBOX' } });
  const second = await api.applications.create({
    environmentId: other.id,
    body: { name: 'Second', roles: [admin] },
  });
  const before = await api.applications.replace({
    ...key,
    body: { ...last, name: 'Renamed', roles: everyRole },
  });
  expect(before.name).toBe('Renamed');
  await api.applications.replace({ ...key, body: { ...last, roles: everyRole.slice(1) } });
  // The administrator gave its own role away; the other one is now the last.
  const heir = makeApiClient({
    baseUrl: server.publicUrl,
    clientCredentials: { environmentId: other.id, clientId: second.id, clientSecret: second.secret },
  });
  expect((await errorOf(heir.environments.remove({ environmentId: other.id }))).details[0]?.code).toBe(
    'LAST_ADMINISTRATOR',
  );
  expect(spare.enabled).toBe(false);
});
