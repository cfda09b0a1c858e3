import type { Position, ReadEnd } from '@sallyport/engine';
import { encodeUnicodePwd, type LdapClient, makeLdapClient } from '@sallyport/ldap';
import { readInboundSettings } from '@sallyport/model';
import { type DirectoryServer, startSamba } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDirectorySource } from '../../directory-source.ts';
import { grantReplication } from './grant-replication.ts';
import { registerMemberDeltaSuite } from './register-member-delta-suite.ts';

registerMemberDeltaSuite({
  name: 'Samba AD',
  kind: 'activeDirectory',
  strategy: 'dirsync',
  start: () => startSamba(),
  bigGroup: 400,
  people: async (stage, base, count) => {
    const people: string[] = [];
    for (let index = 0; index < count; index += 1) people.push(await stage.person(base, stage.name('p')));
    return people;
  },
});

describe('the choice of a change feed on Samba AD', () => {
  let server: DirectoryServer;
  let admin: LdapClient;
  const account = () => `CN=Follower,CN=Users,${server.baseDn}`;
  const connect = (dn: string, password: string): LdapClient =>
    makeLdapClient({
      servers: [{ host: server.host, port: server.port }],
      security: 'none',
      bind: { dn, password },
    });

  beforeAll(async () => {
    server = await startSamba();
    admin = connect(server.bindDn, server.bindPassword);
    await admin.add(account(), [
      { type: 'objectClass', values: ['user'] },
      { type: 'sAMAccountName', values: ['follower'] },
      { type: 'unicodePwd', values: [encodeUnicodePwd('Read3r.Passw0rd')] },
    ]);
    await admin.modify(account(), [{ operation: 'replace', type: 'userAccountControl', values: ['512'] }]);
  });
  afterAll(async () => {
    await admin?.close();
    await server?.stop();
  });

  it('falls on uSNChanged without the right to replicate, and on DirSync with it', async () => {
    const signal = new AbortController().signal;
    const choice = async (changeStrategy: Record<string, string> = {}) => {
      const link = connect(account(), 'Read3r.Passw0rd');
      const { settings } = readInboundSettings({ USERS_BASE_DN: server.baseDn, ...changeStrategy });
      const source = makeDirectorySource({ link, settings, vendor: undefined, accountFlag: undefined });
      return { source, summary: await source.open(signal).finally(() => link.close()) };
    };
    const without = await choice();
    expect(without.summary.strategy).toBe('usn');
    expect(without.summary.strategyReason).toContain('lacks the right Replicating Directory Changes');
    await expect(choice({ CHANGE_STRATEGY: 'dirsync' })).rejects.toMatchObject({
      code: 'CHANGE_STRATEGY_UNSUPPORTED',
    });
    await grantReplication(admin, server.baseDn, account());
    expect((await choice()).summary.strategy).toBe('dirsync');

    const link = connect(account(), 'Read3r.Passw0rd');
    const { settings } = readInboundSettings({ USERS_BASE_DN: server.baseDn });
    const source = makeDirectorySource({ link, settings, vendor: undefined, accountFlag: undefined });
    await source.open(signal);
    const need = { attributes: ['description'] };
    const position = await lastOf(source.readAll(need, signal));
    await admin.modify(account(), [{ operation: 'replace', type: 'description', values: ['seen'] }]);
    await source.open(signal);
    const told: string[] = [];
    for await (const batch of source.changesSince(position, need, signal))
      for (const change of batch)
        if (change.kind === 'present') told.push(...change.object.values('description'));
    expect(told).toEqual(['seen']);
    await link.close();
  });
});

async function lastOf(read: AsyncGenerator<unknown, ReadEnd>): Promise<Position> {
  for (;;) {
    const next = await read.next();
    if (next.done !== true) continue;
    if (next.value.position === undefined) throw new Error('no position');
    return next.value.position;
  }
}
