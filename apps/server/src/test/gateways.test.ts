import { makeGateway, waitForInstances, waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AD, codes, errorOf, type PlayedCorp, playCorp, playGateway } from './played-corp.ts';
import { startTestServer } from './test-server.ts';

let corp: PlayedCorp;
beforeAll(async () => {
  corp = await playCorp(40);
});
afterAll(() => corp.stop());

const connectedInstances = async (id: string): Promise<readonly string[]> =>
  (
    await corp.api.gateways.listInstances({ environmentId: corp.environmentId, gatewayId: id })
  )._embedded.gatewayInstances
    .filter(({ connected }) => connected)
    .map(({ credential }) => credential.id);

describe('a gateway', () => {
  it('shows its instance, its schema and a bounded look at its directory', async () => {
    const { environmentId, gatewayId, credentialId } = corp;
    const gateway = await corp.api.gateways.read({
      environmentId,
      gatewayId,
      query: { expand: 'instances' },
    });
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
    const schema = await corp.api.gateways.readSchema({
      environmentId,
      gatewayId,
      query: { contains: 'samaccount' },
    });
    expect(schema.attributes.map(({ name }) => name)).toContain('sAMAccountName');
    const search = await corp.api.gateways.search({
      environmentId,
      gatewayId,
      body: {
        base: corp.directory.baseDn,
        scope: 'sub',
        filter: '(objectClass=user)',
        attributes: ['sAMAccountName'],
        limit: 5,
      },
    });
    expect(search).toMatchObject({ truncated: true });
    expect(search.entries).toHaveLength(5);
    const root = await corp.api.gateways.search({ environmentId, gatewayId, body: { base: '' } });
    expect(root.entries[0]?.attributes.namingContexts).toContain(corp.directory.baseDn);
    const wrong = await errorOf(
      corp.api.gateways.search({ environmentId, gatewayId, body: { base: 'nonsense', filter: '(((' } }),
    );
    expect(codes(wrong)).toEqual([
      ['INVALID_DN', 'base'],
      ['INVALID_LDAP_FILTER', 'filter'],
    ]);
  });

  it('tells no secret of its directory, neither as a value nor as the answer to a guess', async () => {
    const { environmentId, gatewayId } = corp;
    const search = (filter: string, attributes: string[] = []) =>
      corp.api.gateways.search({
        environmentId,
        gatewayId,
        body: { base: corp.directory.baseDn, scope: 'sub', filter, attributes, limit: 3 },
      });
    for (const filter of [
      '(unicodePwd=*)',
      '(&(objectClass=user)(!(MS-MCS-AdmPwd=a*)))',
      '(userPassword;x-old>=a)',
      '(2.5.4.35=secret)',
      '(|(cn=a)(msDS-ManagedPassword:2.5.13.17:=a))',
    ])
      expect(codes(await errorOf(search(filter))), filter).toEqual([['SECRET_ATTRIBUTE', 'filter']]);
    const shown = await search('(sAMAccountName=*)', [
      '*',
      '+',
      'unicodePwd',
      'userPassword;binary',
      '2.5.4.35',
    ]);
    expect(shown.entries).not.toHaveLength(0);
    for (const { attributes } of shown.entries)
      expect(Object.keys(attributes).join(' ')).not.toMatch(/pwd\b|password\b|2\.5\.4\.35/i);
  });

  it('never sends its kept bind password where nobody who knows it has sent it', async () => {
    const { environmentId } = corp;
    const { gatewayId } = await makeGateway(corp.api, environmentId, 'Kept', corp.address);
    const key = { environmentId, gatewayId };
    const { bindDN } = await corp.api.gateways.read(key);
    const read = { ...(await corp.api.gateways.read(key)), bindDN };
    const replace = (change: object) => corp.api.gateways.replace({ ...key, body: { ...read, ...change } });
    const evil = ['192.0.2.66:389'];
    expect(codes(await errorOf(replace({ serversHostAndPort: evil })))).toEqual([
      ['BIND_PASSWORD_REQUIRED', 'bindPassword'],
    ]);
    expect(
      codes(await errorOf(replace({ serversHostAndPort: [...read.serversHostAndPort, ...evil] }))),
    ).toEqual([['BIND_PASSWORD_REQUIRED', 'bindPassword']]);
    expect((await replace({ name: 'Renamed', connectionSecurity: 'TLS' })).name).toBe('Renamed');
    expect(codes(await errorOf(replace({ connectionSecurity: 'None' })))).toHaveLength(1);
    expect(
      codes(await errorOf(replace({ connectionSecurity: 'TLS', validateTlsCertificates: false }))),
    ).toHaveLength(1);
    const told = await replace({ serversHostAndPort: evil, bindPassword: 'known' });
    expect(told.serversHostAndPort).toEqual(evil);
    await corp.api.gateways.remove(key);
  });

  it('is refused with every fault at once', async () => {
    const { environmentId } = corp;
    const error = await errorOf(
      corp.api.gateways.create({
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
    const response = await fetch(`${corp.server.publicUrl}/v1/environments/${environmentId}/gateways`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await corp.server.token()}`, 'content-type': 'application/json' },
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
    const { environmentId, gatewayId, credentialId } = corp;
    const key = { environmentId, gatewayId };
    const made = [];
    for (let at = 0; at < 4; at += 1) made.push(await corp.api.gateways.createCredential(key));
    expect(codes(await errorOf(corp.api.gateways.createCredential(key)))[0]?.[0]).toBe('QUOTA_EXCEEDED');
    const [spare] = made;
    if (spare === undefined) throw new TypeError('four credentials were made');
    const second = corp.startGateway(spare.credential);
    await waitForInstances(corp.api, corp.environmentId, gatewayId, 2);
    await corp.api.gateways.removeCredential({ ...key, credentialId: spare.id });
    await waitUntil(
      async () => (await connectedInstances(gatewayId)).length === 1,
      'the revoked instance is gone',
    );
    expect(await connectedInstances(gatewayId)).toEqual([credentialId]);
    await second.stop();
    expect((await errorOf(corp.api.gateways.readCredential({ ...key, credentialId: spare.id }))).status).toBe(
      404,
    );
    for (const { id } of made.slice(1))
      await corp.api.gateways.removeCredential({ ...key, credentialId: id });
  });
});

it('a server that starts again still knows the instances that served the last one', async () => {
  const first = await startTestServer();
  const { gatewayId, credential } = await makeGateway(first.api, first.environmentId, 'AD', corp.address);
  const key = { environmentId: first.environmentId, gatewayId };
  const gateway = playGateway(first.publicUrl, credential);
  await waitForInstances(first.api, first.environmentId, gatewayId);
  const [before] = (await first.api.gateways.listInstances(key))._embedded.gatewayInstances;
  await first.stop(AbortSignal.timeout(5_000));
  await gateway.stop();
  const second = await startTestServer({ folder: first.folder });
  try {
    const list = (await second.api.gateways.listInstances(key))._embedded.gatewayInstances;
    expect(list).toMatchObject([
      {
        id: before?.id,
        connected: false,
        hostname: before?.hostname,
        credential: before?.credential,
        initializedAt: before?.initializedAt,
        version: { versionNumber: '1.0.0-test' },
      },
    ]);
    await second.api.gateways.readInstance({ ...key, instanceId: before?.id ?? '' });
  } finally {
    await second.close();
  }
});

describe('the connection check', () => {
  const check = (configuration: Record<string, string>, baseDn?: string) =>
    corp.api.stores.checkConnection({
      environmentId: corp.environmentId,
      body: { type: 'LdapGateway', configuration, ...(baseDn === undefined ? {} : { baseDn }) },
    });

  it('connects as a rule would, and says which change strategy it would use and why', async () => {
    const { gatewayId } = corp;
    const answer = await check({ GATEWAY_ID: gatewayId }, corp.directory.baseDn);
    expect(answer).toMatchObject({ status: 'OK', server: corp.serverName });
    expect(answer.strategy).toBeTruthy();
    expect(answer.strategyReason).toBeTruthy();
    expect(answer.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gateway', 'signOn', 'baseDn', 'changes']),
    );
  });

  it('warns where the account can do less than a rule would like, and promises nothing else', async () => {
    const reader = corp.directory.accounts.reader;
    if (reader === undefined) throw new TypeError('the directory was made with this account');
    const weak = await makeGateway(corp.api, corp.environmentId, 'Weak', { ...corp.address, ...reader });
    const gateway = corp.startGateway(weak.credential);
    await waitForInstances(corp.api, corp.environmentId, weak.gatewayId);
    const answer = await check({ GATEWAY_ID: weak.gatewayId }, corp.directory.baseDn);
    await gateway.stop();
    const deletions = /cannot read CN=Deleted Objects,.*deletions are noticed only by full runs/;
    expect(answer.checks).toContainEqual({
      name: 'rights',
      status: 'WARNING',
      message: expect.stringMatching(deletions),
    });
    expect(answer.strategyReason).toContain('deletions by full runs');
    expect((await check({ GATEWAY_ID: corp.gatewayId })).checks.map(({ status }) => status)).not.toContain(
      'WARNING',
    );
  });

  it('names each failure with one code', async () => {
    const { environmentId, gatewayId } = corp;
    const { gatewayId: wrongPassword, credential } = await makeGateway(
      corp.api,
      corp.environmentId,
      'Wrong password',
      {
        ...corp.address,
        bindPassword: 'wrong',
      },
    );
    const lonely = await makeGateway(corp.api, corp.environmentId, 'Nobody home', corp.address);
    expect(codes(await errorOf(check({ GATEWAY_ID: lonely.gatewayId })))[0]?.[0]).toBe(
      'GATEWAY_NOT_CONNECTED',
    );
    const other = corp.startGateway(credential);
    await waitForInstances(corp.api, corp.environmentId, wrongPassword);
    expect(codes(await errorOf(check({ GATEWAY_ID: wrongPassword })))[0]?.[0]).toMatch(
      /^LDAP_(INVALID_CREDENTIALS|BIND_REFUSED)$/,
    );
    await corp.api.gateways.replace({
      environmentId,
      gatewayId: wrongPassword,
      body: {
        ...(await corp.api.gateways.read({ environmentId, gatewayId: wrongPassword })),
        serversHostAndPort: ['127.0.0.1:1'],
        bindPassword: 'wrong',
      },
    });
    expect(codes(await errorOf(check({ GATEWAY_ID: wrongPassword })))[0]?.[0]).toBe('LDAP_HOST_UNREACHABLE');
    await corp.api.gateways.remove({ environmentId, gatewayId: wrongPassword });
    await waitUntil(
      async () => corp.server.hub.instances(wrongPassword).every(({ connected }) => !connected),
      'the deleted gateway is let go',
    );
    await other.stop();
    expect(
      codes(await errorOf(check({ GATEWAY_ID: gatewayId }, `OU=Nowhere,${corp.directory.baseDn}`)))[0]?.[0],
    ).toBe('BASE_DN_NOT_FOUND');
    expect(codes(await errorOf(check({ GATEWAY_ID: gatewayId }, 'nonsense')))).toEqual([
      ['INVALID_DN', 'baseDn'],
    ]);
  });
});
