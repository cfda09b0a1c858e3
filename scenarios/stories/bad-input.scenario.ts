import { createServer } from 'node:net';
import { ApiError, type RunBody } from '@sallyport/contract';
import { freePort, startGateway } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REAL_SERVERS } from '../house/directory-kind.ts';
import type { Story } from '../house/story.ts';
import { openHouse, PROGRAMS_FROM, type StoryHouse } from '../house/story-house.ts';

/** Longer than DNS allows (RFC 1035 §2.3.4): no resolver has to be asked to know that it does not exist. */
const UNKNOWN_HOST = `${'x'.repeat(64)}.invalid`;

interface Refusal {
  readonly status: number;
  readonly code: string;
  /** `code` or `code at target`. */
  readonly details: readonly string[];
  /** Values that would have been taken, where the answer lists them. */
  readonly allowed: unknown;
}

async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.message).not.toBe('');
    return {
      status: error.status,
      code: error.code,
      details: error.details.map(({ code, target }) =>
        target === undefined ? code : `${code} at ${target}`,
      ),
      allowed: error.details[0]?.innerError?.allowedValues,
    };
  }
  throw new Error('nothing was refused');
}

describe.each(REAL_SERVERS)('bad input about %s', (kind) => {
  let house: StoryHouse;
  let story: Story;

  beforeAll(async () => {
    house = await openHouse(kind);
    story = await house.story('bad input');
    await story.people.addMany(['paula', 'peter']);
  });
  afterAll(() => house?.close());

  const gatewayBody = (change: object) => ({
    name: 'Directory',
    type: 'LDAP' as const,
    enabled: true,
    vendor: house.spelling.vendor,
    serversHostAndPort: [`${house.directory.host}:${house.directory.port}`],
    bindDN: house.directory.bindDn,
    bindPassword: house.directory.bindPassword,
    connectionSecurity: 'None' as const,
    validateTlsCertificates: true,
    ...change,
  });

  const checkConnection = (of: Story, baseDn = of.root) =>
    house.api.stores.checkConnection({
      environmentId: of.environmentId,
      body: {
        type: 'LdapGateway',
        configuration: { LDAP_TYPE: house.spelling.vendor, GATEWAY_ID: of.gateway.gatewayId },
        baseDn,
      },
    });

  /** A rule in good order whose gateway is then changed for the worse: what check and run say, and that nothing is lost. */
  async function spoilt(name: string, change: object, codes: RegExp): Promise<void> {
    const one = await house.story(name, { besideOthers: true });
    await one.people.addMany([`${name.replaceAll(' ', '-')}-1`]);
    const { rule } = await one.rule({
      configuration: { MAX_REMOVALS_PERCENT: 100 },
      actions: { REMOVE_ACTION: 'Delete' },
    });
    const before = await one.users();
    expect(before.size).toBe(1);
    await house.api.gateways.replace({
      environmentId: one.environmentId,
      gatewayId: one.gateway.gatewayId,
      body: gatewayBody(change),
    });
    const refusal = await refusalOf(checkConnection(one));
    expect(refusal.status).toBeLessThan(500);
    expect([refusal.code, ...refusal.details].join(' ')).toMatch(codes);
    const run = await failedRun(rule.start('full'), (id) => rule.waitFor(id));
    expect(run.error?.code).toMatch(codes);
    expect(run.error?.message).not.toContain(house.directory.bindPassword);
    expect(await one.users()).toEqual(before);
    expect((await rule.status()).users).toMatchObject({ success: 1, failed: 0 });
    await house.api.gateways.replace({
      environmentId: one.environmentId,
      gatewayId: one.gateway.gatewayId,
      body: gatewayBody({}),
    });
    expect((await checkConnection(one)).status).toBe('OK');
    expect((await rule.sync('full')).last).toMatchObject({ status: 'completed', counts: { unchanged: 1 } });
  }

  async function failedRun(
    started: Promise<RunBody>,
    waitFor: (id: string) => Promise<RunBody>,
  ): Promise<RunBody> {
    const run = await waitFor((await started).id);
    expect(run.status).toBe('failed');
    expect(run.counts).toMatchObject({ created: 0, updated: 0, disabled: 0, deleted: 0, failed: 0 });
    return run;
  }

  test('a wrong bind password is told as such', () =>
    spoilt('wrong password', { bindPassword: 'not-the-password' }, /LDAP_BIND_REFUSED/));

  test('an unreachable host is told as such', async () =>
    spoilt(
      'unreachable host',
      { serversHostAndPort: [`127.0.0.1:${await freePort()}`] },
      /LDAP_HOST_UNREACHABLE/,
    ));

  test('an unknown host is told as such', () =>
    spoilt('unknown host', { serversHostAndPort: [`${UNKNOWN_HOST}:389`] }, /LDAP_HOST_UNKNOWN/));

  test('an untrusted certificate is told as such', () =>
    spoilt(
      'untrusted certificate',
      {
        connectionSecurity: 'TLS',
        serversHostAndPort: [`${house.directory.host}:${house.directory.tlsPort}`],
      },
      /LDAP_TLS_UNTRUSTED/,
    ));

  test('a server that speaks no LDAP is told as such', async () => {
    const chatter = createServer((socket) => {
      // What comes is read and thrown away, or the connection would never close.
      socket.on('error', () => socket.destroy()).resume();
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((listening) => chatter.listen(0, '127.0.0.1', listening));
    const address = chatter.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    try {
      await spoilt(
        'no LDAP',
        { serversHostAndPort: [`127.0.0.1:${address.port}`] },
        /LDAP_PROTOCOL|LDAP_CONNECTION_LOST|LDAP_HOST_UNREACHABLE/,
      );
    } finally {
      await new Promise((closed) => chatter.close(closed));
    }
  });

  test('a base DN that does not exist is told by the check and on the run, and makes nothing', async () => {
    const base = `${house.spelling.unitAttribute}=Nowhere,${story.root}`;
    const refusal = await refusalOf(checkConnection(story, base));
    expect([refusal.code, ...refusal.details].join(' ')).toMatch(/BASE_DN_NOT_FOUND|BASE_DN_UNREADABLE/);
    const rule = await story.startRule({ base });
    const run = await failedRun(rule.start('full'), (id) => rule.waitFor(id));
    expect(run.error?.code).toMatch(/BASE_DN_NOT_FOUND|BASE_DN_UNREADABLE/);
    expect(run.error?.message).toContain('Nowhere');
    expect((await story.users()).size).toBe(0);
  });

  test('a filter and a DN that cannot be read are refused together at the door', async () => {
    const configuration = { USERS_BASE_DN: 'not a DN', USERS_LDAP_FILTER: '(&(sn=Silva)' };
    const refusal = await refusalOf(story.startRule({ configuration }));
    expect(refusal).toMatchObject({ status: 400, code: 'INVALID_DATA' });
    expect([...refusal.details].sort()).toEqual([
      'INVALID_DN at configuration.USERS_BASE_DN',
      'INVALID_LDAP_FILTER at configuration.USERS_LDAP_FILTER',
    ]);
  });

  test('attributes that nobody knows are refused in a mapping, on either side', async () => {
    const rule = await story.startRule({ mappings: [] });
    const create = (body: { sourceAttribute?: string; expression?: string; targetAttribute: string }) =>
      refusalOf(house.api.mappings.create({ environmentId: story.environmentId, ruleId: rule.ruleId, body }));
    const unknownTarget = await create({ sourceAttribute: 'sn', targetAttribute: 'shoeSize' });
    expect(unknownTarget).toMatchObject({ status: 400, code: 'INVALID_DATA' });
    expect(unknownTarget.details).toEqual(['UNKNOWN_ATTRIBUTE at targetAttribute']);
    const unknownSource = await create({ sourceAttribute: 'shoeSize', targetAttribute: 'nickname' });
    expect(unknownSource.details).toEqual(['UNKNOWN_ATTRIBUTE at sourceAttribute']);
    const unreadable = await create({ expression: '1 + (', targetAttribute: 'nickname' });
    expect(unreadable.details).toEqual(['INVALID_EXPRESSION at expression']);
  });

  test('an unknown vendor is refused at the door', async () => {
    const body = { ...gatewayBody({ name: 'Other' }), vendor: 'Banyan VINES' };
    const refusal = await refusalOf(
      // The client's types would not let it through: what they say is what is tested.
      house.api.gateways.create({
        environmentId: story.environmentId,
        body: JSON.parse(JSON.stringify(body)),
      }),
    );
    expect(refusal).toMatchObject({
      status: 400,
      code: 'INVALID_DATA',
      details: ['INVALID_VALUE at vendor'],
      // Which vendors there are is said in the same breath.
      allowed: expect.arrayContaining([house.spelling.vendor, 'PingDirectory']),
    });
  });

  test('a user type that makes users at their first sign-on and provisioning exclude each other', async () => {
    const userTypes = [
      {
        name: 'Staff',
        passwordAuthority: 'LDAP' as const,
        searchBaseDn: story.root,
        orderedCorrelationAttributes: [house.spelling.loginAttribute],
        newUserLookup: {
          ldapFilterPattern: `(${house.spelling.loginAttribute}=\${identifier})`,
          attributeMappings: [{ name: 'username', value: 'x' }],
        },
      },
    ];
    const { environmentId, gateway } = story;
    const migrating = await house.api.gateways.create({
      environmentId,
      body: gatewayBody({ name: 'Migrating', userTypes }),
    });
    const asStore = await refusalOf(
      house.api.stores.create({
        environmentId,
        body: {
          name: 'Source',
          type: 'LdapGateway',
          configuration: { LDAP_TYPE: house.spelling.vendor, GATEWAY_ID: migrating.id },
        },
      }),
    );
    expect(asStore.details).toEqual(['GATEWAY_MIGRATES_USERS at configuration.GATEWAY_ID']);
    // And the other way round: a gateway that a rule reads through may not begin to.
    const inUse = await refusalOf(
      house.api.gateways.replace({
        environmentId,
        gatewayId: gateway.gatewayId,
        body: gatewayBody({ userTypes }),
      }),
    );
    expect(inUse.details.join(' ')).toContain('GATEWAY_MIGRATES_USERS');
    expect(
      (await house.api.gateways.read({ environmentId, gatewayId: gateway.gatewayId })).userTypes,
    ).toEqual([]);
  });

  test('a revoked credential lets nobody in, and the rule says that no gateway is connected', async () => {
    const one = await house.story('revoked', { besideOthers: true });
    await one.people.add('rita');
    const { rule } = await one.rule();
    const before = await one.users();
    await house.api.gateways.removeCredential({
      environmentId: one.environmentId,
      gatewayId: one.gateway.gatewayId,
      credentialId: one.gateway.credentialId,
    });
    const late = startGateway({
      serverUrl: house.server.url,
      credential: one.gateway.credential,
      from: PROGRAMS_FROM,
    });
    expect(await late.exited).not.toBe(0);
    expect(late.output()).toContain('refuse');
    const refusal = await refusalOf(checkConnection(one));
    expect([refusal.code, ...refusal.details].join(' ')).toContain('GATEWAY_NOT_CONNECTED');
    const run = await failedRun(rule.start('full'), (id) => rule.waitFor(id));
    expect(run.error?.code).toBe('GATEWAY_NOT_CONNECTED');
    expect(await one.users()).toEqual(before);
  });
});
