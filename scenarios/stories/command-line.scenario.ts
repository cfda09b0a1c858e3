import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProgram } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Story } from '../house/story.ts';
import { openHouse, PROGRAMS_FROM, type StoryHouse } from '../house/story-house.ts';
import type { SyncedRule } from '../house/synced-rule.ts';

const STAFF = ['una', 'uri', 'ute', 'una2', 'uri2'];

describe('the command line', () => {
  let house: StoryHouse;
  let story: Story;
  let rule: SyncedRule;
  const home = mkdtempSync(join(tmpdir(), 'sallyport-home-'));

  beforeAll(async () => {
    house = await openHouse('OpenLDAP');
    story = await house.story('command line');
    await story.people.addMany(STAFF);
    ({ rule } = await story.rule({ actions: { REMOVE_ACTION: 'Delete' } }));
  });
  afterAll(async () => {
    await house?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** What an operator types, without a terminal and without files of their own. */
  async function sallyport(...args: readonly string[]): Promise<{ exit: number | string; output: string }> {
    const { url, environmentId, clientId, clientSecret } = house.server;
    const program = startProgram({
      name: 'cli',
      from: PROGRAMS_FROM,
      args: [...args, '--environment', story.environmentId],
      environment: {
        HOME: home,
        XDG_CONFIG_HOME: home,
        SALLYPORT_SERVER_URL: url,
        SALLYPORT_ENVIRONMENT_ID: environmentId,
        SALLYPORT_CLIENT_ID: clientId,
        SALLYPORT_CLIENT_SECRET: clientSecret,
      },
    });
    return { exit: await program.exited, output: program.output() };
  }

  const replaceGateway = (change: object) =>
    house.api.gateways.replace({
      environmentId: story.environmentId,
      gatewayId: story.gateway.gatewayId,
      body: {
        name: 'Directory',
        enabled: true,
        serversHostAndPort: [`${house.directory.host}:${house.directory.port}`],
        bindDN: house.directory.bindDn,
        bindPassword: house.directory.bindPassword,
        connectionSecurity: 'None',
        ...change,
      },
    });

  test('runs a rule to its end and says what became of it', async () => {
    const { exit, output } = await sallyport('rule', 'run', 'Rule 1', '--full', '--wait', '--yes');
    expect({ exit, output }).toMatchObject({ exit: 0 });
    expect(output).toContain('unchanged');
    expect((await sallyport('gateway', 'test', 'Directory', '--base', story.root)).exit).toBe(0);
  });

  test.each([
    ['a wrong bind password', () => ({ bindPassword: 'not-the-password' }), 'LDAP_BIND_REFUSED'],
    [
      'an unreachable host',
      async () => ({ serversHostAndPort: [`127.0.0.1:${await freePort()}`] }),
      'LDAP_HOST_UNREACHABLE',
    ],
    [
      'an untrusted certificate',
      () => ({
        connectionSecurity: 'TLS',
        serversHostAndPort: [`${house.directory.host}:${house.directory.tlsPort}`],
      }),
      'LDAP_TLS_UNTRUSTED',
    ],
  ])('tells %s by one code, in a check and in a run, and nothing changes', async (_what, change, code) => {
    const before = await story.users();
    await replaceGateway(await change());
    for (const args of [
      ['gateway', 'test', 'Directory', '--base', story.root],
      ['rule', 'run', 'Rule 1', '--full', '--wait', '--yes'],
    ]) {
      const { exit, output } = await sallyport(...args);
      expect({ exit, output }).toMatchObject({ exit: 1 });
      expect(output).toContain(code);
      expect(output).not.toContain('not-the-password');
      expect(output).not.toMatch(/\n {4}at /);
    }
    expect(await story.users()).toEqual(before);
    await replaceGateway({});
    expect((await rule.sync('full')).last.status).toBe('completed');
  });

  test('tells a base that is not there, a rule that is not there and a vendor nobody knows', async () => {
    const wrongBase = await sallyport('gateway', 'test', 'Directory', '--base', `ou=Nowhere,${story.root}`);
    expect(wrongBase).toMatchObject({ exit: 1 });
    expect(wrongBase.output).toMatch(/BASE_DN_(NOT_FOUND|UNREADABLE)/);
    const noRule = await sallyport('rule', 'run', 'No such rule', '--yes');
    expect(noRule.exit).toBe(1);
    expect(noRule.output).toContain('No such rule');
    const vendor = await sallyport(
      ...['gateway', 'create', 'Other', '--vendor', 'Banyan VINES', '--server', 'h:389'],
      ...['--bind-dn', 'cn=x', '--yes'],
    );
    expect([1, 2]).toContain(vendor.exit);
    expect(vendor.output).toContain('Banyan VINES');
    const gateways = await house.api.gateways.list({ environmentId: story.environmentId });
    expect(gateways._embedded.gateways.map(({ name }) => name)).toEqual(['Directory']);
  });

  test('ends a run whose removals are held with an exit code of its own, and releases them', async () => {
    await story.people.remove(...STAFF.slice(0, 4).map((login) => story.people.dnOf(login)));
    const held = await sallyport('rule', 'run', 'Rule 1', '--full', '--wait', '--yes');
    expect(held).toMatchObject({ exit: 3 });
    expect((await story.users()).size).toBe(5);
    const list = await sallyport('rule', 'hold', 'list', 'Rule 1');
    expect(list).toMatchObject({ exit: 0 });
    for (const login of STAFF.slice(0, 4)) expect(list.output).toContain(login);
    expect(await sallyport('rule', 'hold', 'release', 'Rule 1', '--yes')).toMatchObject({ exit: 0 });
    expect([...(await story.users()).keys()]).toEqual(['uri2']);
  });

  test('says that no gateway is connected once its credential is revoked', async () => {
    await house.api.gateways.removeCredential({
      environmentId: story.environmentId,
      gatewayId: story.gateway.gatewayId,
      credentialId: story.gateway.credentialId,
    });
    const { exit, output } = await sallyport('gateway', 'test', 'Directory', '--base', story.root);
    expect({ exit, output }).toMatchObject({ exit: 1 });
    expect(output).toContain('GATEWAY_NOT_CONNECTED');
  });
});
