import { type ApiClient, ApiError, pagesOf } from '@sallyport/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let api: ApiClient;
let environmentId: string;

beforeAll(async () => {
  server = await startTestServer();
  ({ api } = server);
  environmentId = (await api.environments.create({ body: { name: 'People', type: 'SANDBOX', region: 'EU' } }))
    .id;
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

describe('environments', () => {
  it('come with one default population, and follow their calls', async () => {
    const made = await api.environments.create({
      body: { name: 'Second', type: 'SANDBOX', region: 'NA', description: 'x' },
    });
    expect(made).toMatchObject({
      name: 'Second',
      type: 'SANDBOX',
      region: 'NA',
      status: 'ACTIVE',
      description: 'x',
    });
    expect(made._links?.['propagation/revisions/id:latest']?.href).toBe(
      `${server.publicUrl}/v1/environments/${made.id}/propagation/revisions/id:latest`,
    );
    const populations = await api.populations.list({ environmentId: made.id });
    expect(populations._embedded.populations).toMatchObject([{ default: true }]);
    expect(
      (await api.environments.setType({ environmentId: made.id, body: { type: 'PRODUCTION' } })).type,
    ).toBe('PRODUCTION');
    const put = await api.environments.replace({
      environmentId: made.id,
      body: { name: 'Renamed', type: 'SANDBOX' },
    });
    expect(put).toMatchObject({ name: 'Renamed', type: 'PRODUCTION', region: 'NA' });
    expect(put.description).toBeUndefined();
    const bill = await api.environments.replaceBillOfMaterials({
      environmentId: made.id,
      body: {
        products: [{ type: 'PING_ONE_PROVISIONING', tags: ['DAVINCI_MINIMAL'] }],
        solutionType: 'WORKFORCE',
      },
    });
    expect(bill).toMatchObject({
      products: [{ type: 'PING_ONE_PROVISIONING', tags: ['DAVINCI_MINIMAL'] }],
      solutionType: 'WORKFORCE',
    });
    expect(await api.environments.readBillOfMaterials({ environmentId: made.id })).toEqual(bill);
    expect(await api.environments.readCapabilities({ environmentId: made.id })).toMatchObject({
      canUseProvisioning: true,
    });
    await api.environments.remove({ environmentId: made.id });
    expect((await errorOf(api.environments.read({ environmentId: made.id }))).status).toBe(404);
    expect(server.rules.asked).toContain(`removed ${made.id}`);
  });

  it('are found by name and id, and have names of their own', async () => {
    const { _embedded } = await api.environments.list({ query: { filter: 'name sw "Peo"' } });
    expect(_embedded.environments.map(({ id }) => id)).toEqual([environmentId]);
    const byId = await api.environments.list({
      query: { filter: `ID eq "${environmentId}" AND organization.id eq "x"` },
    });
    expect(byId.count).toBe(1);
    const clash = await errorOf(api.environments.create({ body: { name: 'People', type: 'SANDBOX' } }));
    expect(clash).toMatchObject({
      status: 400,
      code: 'INVALID_DATA',
      details: [{ code: 'UNIQUENESS_VIOLATION', target: 'name' }],
    });
    const filter = await errorOf(api.environments.list({ query: { filter: 'description pr' } }));
    expect(filter).toMatchObject({ status: 400, details: [{ code: 'INVALID_FILTER' }] });
  });
});

describe('populations', () => {
  it('hand the default mark on, and cannot be deleted while they hold users', async () => {
    const before = (await api.populations.list({ environmentId }))._embedded.populations[0];
    const made = await api.populations.create({
      environmentId,
      body: { name: 'Staff', description: 'all of them' },
    });
    expect(made).toMatchObject({ default: false, userCount: 0 });
    await api.populations.replace({
      environmentId,
      populationId: made.id,
      body: { name: 'Staff', default: true },
    });
    const after = (await api.populations.list({ environmentId }))._embedded.populations;
    expect(after.filter((population) => population.default).map(({ id }) => id)).toEqual([made.id]);
    const user = await api.users.create({ environmentId, body: { username: 'in-staff' } });
    expect(user.population.id).toBe(made.id);
    await api.populations.replace({
      environmentId,
      populationId: before?.id ?? '',
      body: { name: 'Default', default: true },
    });
    const refused = await errorOf(api.populations.remove({ environmentId, populationId: made.id }));
    expect(refused.status).toBe(400);
    expect(refused.message.startsWith('The request could not be completed')).toBe(true);
    await api.users.remove({ environmentId, userId: user.id });
    await api.populations.remove({ environmentId, populationId: made.id });
  });
});

describe('users', () => {
  it('are made, replaced, merged and deleted as clients expect of PUT and PATCH', async () => {
    const user = await api.users.create({
      environmentId,
      body: {
        username: 'ana',
        email: 'ana@corp.example',
        name: { given: 'Ana', family: 'Silva' },
        title: 'Engineer',
      },
    });
    expect(user).toMatchObject({
      username: 'ana',
      enabled: true,
      mfaEnabled: false,
      account: { canAuthenticate: true, status: 'OK' },
      identityProvider: { type: 'PING_ONE' },
      lifecycle: { status: 'ACCOUNT_OK' },
      environment: { id: environmentId },
    });
    expect(user.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const merged = await api.users.merge({
      environmentId,
      userId: user.id,
      body: { name: { given: 'Anna' }, title: null },
    });
    expect(merged).toMatchObject({ name: { given: 'Anna', family: 'Silva' }, email: 'ana@corp.example' });
    expect(merged.title).toBeUndefined();
    // A client that PUTs back what it read, links and read-only properties included.
    const replaced = await api.users.replace({
      environmentId,
      userId: user.id,
      body: { ...merged, id: 'ignored', enabled: false, name: { family: 'Souza' }, unknownProperty: 1 },
    });
    expect(replaced).toMatchObject({ id: user.id, enabled: true, name: { family: 'Souza' } });
    expect(replaced.name?.given).toBeUndefined();
    expect(replaced.unknownProperty).toBeUndefined();
    await api.users.remove({ environmentId, userId: user.id });
    expect((await errorOf(api.users.read({ environmentId, userId: user.id }))).code).toBe('NOT_FOUND');
  });

  it('have calls of their own for enabled, MFA, population, lock', async () => {
    const other = await api.populations.create({ environmentId, body: { name: 'Other' } });
    const user = await api.users.import({
      environmentId,
      body: {
        username: 'ben',
        enabled: false,
        emailVerified: true,
        mfaEnabled: true,
        lifecycle: { status: 'VERIFICATION_REQUIRED' },
      },
    });
    expect(user).toMatchObject({
      enabled: false,
      emailVerified: true,
      mfaEnabled: true,
      lifecycle: { status: 'VERIFICATION_REQUIRED' },
    });
    const key = { environmentId, userId: user.id };
    expect(await api.users.setEnabled({ ...key, body: { enabled: true } })).toEqual({ enabled: true });
    expect(await api.users.readEnabled(key)).toEqual({ enabled: true });
    expect(await api.users.setMfaEnabled({ ...key, body: { mfaEnabled: false } })).toEqual({
      mfaEnabled: false,
    });
    expect((await api.users.setPopulation({ ...key, body: { id: other.id } })).id).toBe(other.id);
    expect((await api.users.read(key)).population.id).toBe(other.id);
    expect((await api.users.lock(key)).account).toMatchObject({ status: 'LOCKED', canAuthenticate: false });
    expect((await api.users.unlock(key)).account).toEqual({ status: 'OK', canAuthenticate: true });
    const wrong = await errorOf(api.users.setPopulation({ ...key, body: { id: environmentId } }));
    expect(wrong.details[0]).toMatchObject({ code: 'INVALID_VALUE', target: 'id' });
    await api.users.remove(key);
  });

  it('list every fault of a body at once, each with its place', async () => {
    const error = await errorOf(
      api.users.create({
        environmentId,
        body: {
          email: 'nobody',
          address: { countryCode: 'Portugal' },
          primaryPhone: 'none',
          timezone: 'x'.repeat(300),
        },
      }),
    );
    expect(error).toMatchObject({ status: 400, code: 'INVALID_DATA' });
    expect(error.details.map(({ target }) => target).toSorted()).toEqual([
      'address.countryCode',
      'email',
      'primaryPhone',
      'timezone',
      'username',
    ]);
    expect(error.details.find(({ target }) => target === 'username')?.code).toBe('REQUIRED_VALUE');
    expect(error.message).toContain('5 properties are invalid');
  });

  it('have one username each, whatever its case', async () => {
    const first = await api.users.create({ environmentId, body: { username: 'Carla' } });
    const error = await errorOf(api.users.create({ environmentId, body: { username: 'cARLA' } }));
    expect(error).toMatchObject({
      status: 400,
      code: 'INVALID_DATA',
      details: [{ code: 'UNIQUENESS_VIOLATION', target: 'username' }],
    });
    await api.users.remove({ environmentId, userId: first.id });
  });

  it('carry custom attributes once these are defined', async () => {
    const schemaId = (await api.schemas.list({ environmentId }))._embedded.schemas[0]?.id ?? '';
    const before = await api.users.create({ environmentId, body: { username: 'dora', costCenter: '42' } });
    expect(before.costCenter).toBeUndefined();
    const attribute = await api.schemas.createAttribute({
      environmentId,
      schemaId,
      body: { name: 'costCenter' },
    });
    expect(attribute).toMatchObject({ schemaType: 'CUSTOM', type: 'STRING' });
    const key = { environmentId, userId: before.id };
    expect((await api.users.merge({ ...key, body: { costCenter: '42' } })).costCenter).toBe('42');
    const found = await api.users.list({ environmentId, query: { filter: 'costCenter eq "42"' } });
    expect(found._embedded.users.map(({ id }) => id)).toEqual([before.id]);
    const twice = await errorOf(
      api.schemas.createAttribute({ environmentId, schemaId, body: { name: 'COSTCENTER' } }),
    );
    expect(twice.details[0]?.code).toBe('UNIQUENESS_VIOLATION');
    const attributes = (await api.schemas.listAttributes({ environmentId, schemaId }))._embedded.attributes;
    expect(attributes.find(({ name }) => name === 'name')?.subAttributes?.map(({ name }) => name)).toContain(
      'given',
    );
    await api.schemas.removeAttribute({ environmentId, schemaId, attributeId: attribute.id });
    await api.users.remove(key);
  });

  it('are selected by SCIM filters', async () => {
    const names = ['filter-eva', 'filter-finn', 'filter-gil'];
    for (const username of names)
      await api.users.create({
        environmentId,
        body: {
          username,
          email: `${username}@corp.example`,
          title: username === 'filter-gil' ? 'Boss' : 'Staff',
        },
      });
    const usernames = async (filter: string): Promise<readonly string[]> =>
      (await api.users.list({ environmentId, query: { filter } }))._embedded.users
        .map(({ username }) => username)
        .toSorted();
    expect(await usernames('USERNAME SW "filter-" AND NOT (title EQ "boss")')).toEqual([
      'filter-eva',
      'filter-finn',
    ]);
    expect(await usernames('email ew "gil@corp.example" or username eq "FILTER-EVA"')).toEqual([
      'filter-eva',
      'filter-gil',
    ]);
    expect(await usernames('username sw "filter-" and name.given pr')).toEqual([]);
    const populationId = (
      await api.users.list({ environmentId, query: { filter: 'username eq "filter-eva"' } })
    )._embedded.users[0]?.population.id;
    expect(await usernames(`username sw "filter-" and population.id eq "${populationId}"`)).toEqual(names);
    for (const filter of ['username eq', 'shoeSize eq "42"', 'username eq "a" and', '(((']) {
      const error = await errorOf(api.users.list({ environmentId, query: { filter } }));
      expect(error, filter).toMatchObject({
        status: 400,
        code: 'INVALID_DATA',
        details: [{ code: 'INVALID_FILTER' }],
      });
    }
  });

  it('page without loss or repetition while users are inserted', async () => {
    const own = (await api.environments.create({ body: { name: 'Paging', type: 'SANDBOX' } })).id;
    for (let at = 0; at < 25; at += 1)
      await api.users.create({ environmentId: own, body: { username: `page-${at}` } });
    const seen: string[] = [];
    let pages = 0;
    for await (const page of pagesOf(api.users.list, { environmentId: own, query: { limit: 10 } })) {
      pages += 1;
      seen.push(...page._embedded.users.map(({ username }) => username));
      expect(page.size).toBe(page._embedded.users.length);
      if (pages <= 2) await api.users.create({ environmentId: own, body: { username: `late-${pages}` } });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((username) => username.startsWith('page-'))).toHaveLength(25);
    const whole = await api.users.list({ environmentId: own, query: { limit: 99_999 } });
    expect(whole).toMatchObject({ count: 27, size: 27 });
    for (const query of [{ limit: 0 }, { limit: 'ten' }, { cursor: 'nonsense' }]) {
      const error = await errorOf(api.users.list({ environmentId: own, query }));
      expect(error, JSON.stringify(query)).toMatchObject({ status: 400, code: 'INVALID_DATA' });
    }
  });
});

describe('activities', () => {
  it('say who changed what', async () => {
    const user = await api.users.create({ environmentId, body: { username: 'watched' } });
    await api.users.remove({ environmentId, userId: user.id });
    const { _embedded } = await api.activities.list({ environmentId, query: { limit: 2 } });
    expect(_embedded.activities).toMatchObject([
      {
        action: { type: 'USERS.REMOVE' },
        resources: [{ id: user.id }],
        actors: { client: { id: server.clientId } },
      },
      { action: { type: 'USERS.CREATE' }, resources: [{ id: user.id, name: 'watched' }] },
    ]);
  });
});
