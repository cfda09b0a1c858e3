import { randomUUID } from 'node:crypto';
import { type ApiClient, makeApiClient, OPERATIONS } from '@sallyport/contract';
import { makeInboundRule, makeRevision, waitForFirstRun } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AD, codes, errorOf, type PlayedCorp, playCorp } from './played-corp.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('groups made by hand', () => {
  let server: TestServer;
  let api: ApiClient;
  let environmentId: string;
  beforeAll(async () => {
    server = await startTestServer();
    ({ api, environmentId } = server);
  });
  afterAll(() => server.close());

  it('refuse a body with every fault of it at once, as users do', async () => {
    const group = await errorOf(
      api.groups.create({
        environmentId,
        body: { name: 'two\nlines', userFilter: 'email ew "@x"', population: { id: NOBODY } },
      }),
    );
    expect(codes(group)).toEqual([
      ['INVALID_VALUE', 'name'],
      ['USER_FILTER_UNSUPPORTED', 'userFilter'],
      ['INVALID_VALUE', 'population.id'],
    ]);
    const long = {
      name: 'x'.repeat(257),
      description: 'x'.repeat(1025),
      externalId: '',
      customData: { a: 'ü' },
    };
    const tooLong = await errorOf(api.groups.create({ environmentId, body: long }));
    expect(tooLong.details).toMatchObject([
      {
        code: 'SIZE_LIMIT_EXCEEDED',
        target: 'name',
        message: 'name must have at most 256 characters, found 257',
        innerError: { rangeMaximumValue: 256 },
      },
      { code: 'SIZE_LIMIT_EXCEEDED', target: 'description' },
    ]);
    const made = await api.groups.create({ environmentId, body: { name: 'Movers' } });
    const elsewhere = { name: 'two\nlines', population: { id: NOBODY } };
    expect(
      codes(await errorOf(api.groups.replace({ environmentId, groupId: made.id, body: elsewhere }))),
    ).toEqual([
      ['INVALID_VALUE', 'name'],
      ['CONSTRAINT_VIOLATION', 'population.id'],
    ]);
    const password = {
      value: 'short',
      external: {
        gateway: { id: NOBODY, userType: { id: NOBODY }, correlationAttributes: { objectGUID: 'x' } },
      },
    };
    const user = await errorOf(
      api.users.create({
        environmentId,
        body: { username: 'fault', email: 'none', password, population: { id: NOBODY } },
      }),
    );
    expect(codes(user)).toEqual([
      ['INVALID_VALUE', 'email'],
      ['INVALID_VALUE', 'password.external.gateway.id'],
      ['PASSWORD_POLICY_VIOLATION', 'password.value'],
      ['INVALID_VALUE', 'population.id'],
    ]);
  });

  it('count, contain and name what they are asked for, and refuse to be asked for what nobody knows', async () => {
    const { id: groupId } = await api.groups.create({ environmentId, body: { name: 'Inner' } });
    const { id: outerId } = await api.groups.create({ environmentId, body: { name: 'Outer' } });
    const { id: userId, population } = await api.users.create({ environmentId, body: { username: 'ina' } });
    await api.memberships.create({ environmentId, userId, body: { id: groupId } });
    await api.groups.addNesting({ environmentId, groupId, body: { id: outerId } });
    expect(
      await api.groups.read({ environmentId, groupId: outerId, query: { include: 'totalMemberCounts' } }),
    ).toMatchObject({ directMemberCounts: { users: 0 }, totalMemberCounts: { users: 1 } });
    const listed = await api.memberships.list({ environmentId, userId, query: { expand: 'group' } });
    expect(
      listed._embedded.groupMemberships.map(({ type, _embedded }) => [type, _embedded?.group.name]),
    ).toEqual([
      ['DIRECT', 'Inner'],
      ['INDIRECT', 'Outer'],
    ]);
    const read = await api.users.read({
      environmentId,
      userId,
      query: { include: 'memberOfGroupNames', expand: 'population' },
    });
    expect(read).toMatchObject({ memberOfGroupNames: ['Inner', 'Outer'] });
    expect(read._embedded?.population).toMatchObject({ id: population.id, default: true, userCount: 1 });

    const several = api.groups.read({
      environmentId,
      groupId,
      query: { include: 'size,totalMemberCounts,shape' },
    });
    expect((await errorOf(several)).details[0]?.message).toBe(
      'include takes totalMemberCounts; found size, shape',
    );
    const query = { include: 'colour', expand: 'colour' };
    const asked = [
      [api.groups.read({ environmentId, groupId, query }), 'include'],
      [api.memberships.list({ environmentId, userId, query }), 'expand'],
      [api.users.read({ environmentId, userId, query: { include: 'colour' } }), 'include'],
      [api.users.read({ environmentId, userId, query: { expand: 'colour' } }), 'expand'],
    ] as const;
    for (const [refused, parameter] of asked)
      expect(codes(await errorOf(refused))).toEqual([['INVALID_PARAMETER', parameter]]);
    expect(codes(await errorOf(api.groups.list({ environmentId, query: { cursor: 'zzz' } })))).toEqual([
      ['INVALID_CURSOR', 'cursor'],
    ]);
  });

  it('are not there for another environment, by whatever operation and in whatever place of it', async () => {
    const other = (await api.environments.create({ body: { name: 'Other', type: 'SANDBOX' } })).id;
    const theirs = async (name: string) =>
      (await api.groups.create({ environmentId: other, body: { name, population: null } })).id;
    const [foreignGroup, foreignParent] = [await theirs('Theirs'), await theirs('Their parent')];
    const foreignUser = (await api.users.create({ environmentId: other, body: { username: 'theo' } })).id;
    await api.memberships.create({ environmentId: other, userId: foreignUser, body: { id: foreignGroup } });
    await api.groups.addNesting({
      environmentId: other,
      groupId: foreignGroup,
      body: { id: foreignParent },
    });
    const before = await api.groups.read({ environmentId: other, groupId: foreignGroup });
    const ownGroup = (await api.groups.create({ environmentId, body: { name: 'Own' } })).id;
    const ownUser = (await api.users.create({ environmentId, body: { username: 'own' } })).id;

    const token = await server.token();
    const call = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${server.publicUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
      });
      return response.status;
    };
    const fill = (path: string, ids: Readonly<Record<string, string>>): string =>
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? environmentId);
    const ownIds = { groupId: ownGroup, parentId: ownGroup, userId: ownUser };
    const foreignIds = { groupId: foreignGroup, parentId: foreignParent, userId: foreignUser };
    const tried: string[] = [];
    for (const operations of [OPERATIONS.groups, OPERATIONS.memberships])
      for (const { method, path } of Object.values(operations)) {
        // Each place in turn has an id of the other environment, the rest of them ids of this one.
        for (const [place, foreign] of Object.entries(foreignIds)) {
          if (!path.includes(`{${place}}`)) continue;
          const address = fill(path, { ...ownIds, [place]: foreign });
          expect(await call(method, address, { id: ownGroup, name: 'Taken over' }), `${method} ${path}`).toBe(
            404,
          );
          tried.push(`${method} ${place}`);
        }
      }
    expect(tried.length).toBeGreaterThan(15);
    // In a body.
    const E = `/v1/environments/${environmentId}`;
    expect(await call('POST', `${E}/users/${ownUser}/memberOfGroups`, { id: foreignGroup })).toBe(404);
    expect(await call('POST', `${E}/groups/${ownGroup}/memberOfGroups`, { id: foreignParent })).toBe(404);
    // In filters: nothing of theirs is found, whatever is asked for.
    const filter = `memberOfGroups[id eq "${foreignGroup}"]`;
    expect((await api.users.list({ environmentId, query: { filter } })).count).toBe(0);
    const byId = { filter: `id eq "${foreignGroup}" or name eq "Theirs"` };
    expect((await api.groups.list({ environmentId, query: byId })).count).toBe(0);
    expect(await api.groups.read({ environmentId: other, groupId: foreignGroup })).toEqual(before);
    expect(
      (await api.memberships.list({ environmentId: other, userId: foreignUser }))._embedded.groupMemberships,
    ).toHaveLength(2);
  });
});

describe('groups made by a rule', () => {
  let corp: PlayedCorp;
  let ruleId: string;
  beforeAll(async () => {
    corp = await playCorp(4);
    const { api, environmentId, gatewayId, directory } = corp;
    const base = `OU=Teams,${directory.baseDn}`;
    directory.edit.add(base, { objectClass: 'organizationalUnit', ou: 'Teams' });
    for (const login of ['ada', 'bob'])
      directory.edit.add(`CN=${login},${base}`, {
        objectClass: 'user',
        sAMAccountName: login,
        cn: login,
        sn: 'Silva',
        userAccountControl: '544',
      });
    const group = (cn: string, member: readonly string[]) =>
      directory.edit.add(`CN=${cn},${base}`, {
        objectClass: 'group',
        cn,
        sAMAccountName: cn,
        groupType: '-2147483646',
        description: `All of ${cn}`,
        member: [...member],
      });
    group('Blue', [`CN=ada,${base}`, `CN=bob,${base}`]);
    group('All', [`CN=Blue,${base}`]);
    ({ ruleId } = await makeInboundRule(api, environmentId, {
      name: 'Teams in',
      gatewayId,
      ldapType: AD,
      configuration: { USERS_BASE_DN: base, POLL_INTERVAL_SECONDS: 3600 },
    }));
    await makeRevision(api, environmentId);
    await waitForFirstRun(api, environmentId, ruleId);
  }, 60_000);
  afterAll(() => corp.stop());

  it('say where they come from and what the rule says of them, and let nobody change them by hand', async () => {
    const { api, environmentId, gatewayId } = corp;
    const listed = await api.groups.list({ environmentId, query: { filter: 'sourceType eq "GATEWAY"' } });
    expect(listed.count).toBe(2);
    const blue = listed._embedded.groups.find(({ name }) => name === 'Blue');
    const all = listed._embedded.groups.find(({ name }) => name === 'All');
    if (blue === undefined || all === undefined) throw new Error('the groups are not there');
    expect(blue).toMatchObject({
      name: 'Blue',
      displayName: 'Blue',
      description: 'All of Blue',
      externalId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sourceType: 'GATEWAY',
      sourceId: gatewayId,
      directMemberCounts: { users: 2 },
    });
    const nested = await api.groups.listNestings({ environmentId, groupId: blue.id });
    expect(nested._embedded.groupMemberships).toMatchObject([{ id: all.id, name: 'All', type: 'DIRECT' }]);

    const rules = await api.groups.listSyncedRules({ environmentId, groupId: blue.id });
    expect(rules._embedded.syncedRules).toMatchObject([
      { rule: { id: ruleId, name: 'Teams in' }, type: 'INBOUND', status: 'SUCCESS', details: '' },
    ]);
    const synced = await api.syncedGroups.list({ environmentId, ruleId });
    expect(synced._embedded.syncedGroups.map(({ name }) => name).toSorted()).toEqual(['All', 'Blue']);
    expect(await api.syncedGroups.read({ environmentId, ruleId, groupId: blue.id })).toMatchObject({
      status: 'SUCCESS',
      pendingMembers: 0,
      place: expect.stringMatching(/^CN=Blue,OU=Teams,/),
    });

    const user = await api.users.create({ environmentId, body: { username: 'by-hand' } });
    const ada = (await api.users.list({ environmentId, query: { filter: 'username eq "ada"' } }))._embedded
      .users[0];
    const ordinary = await api.groups.create({ environmentId, body: { name: 'Ordinary' } });
    const [userId, adaId, groupId] = [user.id, ada?.id ?? '', blue.id];
    const edits = {
      replace: () => api.groups.replace({ environmentId, groupId, body: { name: 'Green' } }),
      remove: () => api.groups.remove({ environmentId, groupId }),
      add: () => api.memberships.create({ environmentId, userId, body: { id: groupId } }),
      take: () => api.memberships.remove({ environmentId, userId: adaId, groupId }),
      'put into': () => api.groups.addNesting({ environmentId, groupId: ordinary.id, body: { id: groupId } }),
      'put elsewhere': () => api.groups.addNesting({ environmentId, groupId, body: { id: ordinary.id } }),
      'take out': () => api.groups.removeNesting({ environmentId, groupId, parentId: all.id }),
    };
    for (const [name, edit] of Object.entries(edits)) {
      const refused = await errorOf(edit());
      expect([refused.status, refused.details[0]?.code], name).toEqual([400, 'EXTERNAL_GROUP']);
    }
    expect(await api.groups.read({ environmentId, groupId })).toEqual(blue);
  });

  it('are tried by expressions only by who may search the directory', async () => {
    const { api, environmentId, server } = corp;
    const reader = await api.applications.create({
      environmentId,
      body: { name: 'Reader', roles: [{ role: 'Configuration Read Only' }] },
    });
    const readers = makeApiClient({
      baseUrl: server.publicUrl,
      clientCredentials: { environmentId, clientId: reader.id, clientSecret: reader.secret },
    });
    expect(
      (await readers.expressions.evaluate({ environmentId, body: { expression: '1 + 1' } })).result,
    ).toBe(2);
    for (const object of ['ada', randomUUID()]) {
      const refused = await errorOf(
        readers.expressions.evaluate({
          environmentId,
          body: { expression: 'homePhone', rule: { id: ruleId }, object },
        }),
      );
      expect([refused.status, codes(refused)]).toEqual([403, [['INSUFFICIENT_PERMISSIONS', undefined]]]);
    }
  });
});
