import { type LdapClient, makeLdapClient } from '@sallyport/ldap';
import { readInboundSettings } from '@sallyport/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDirectorySource } from '../../directory-source.ts';

interface Directory {
  readonly host: string;
  readonly port: number;
  readonly baseDn: string;
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly reader: { readonly dn: string; readonly password: string };
  stop(): Promise<void>;
}

/** What is chosen on a server with a changelog by an account's rights, and that a change is told at once. */
export function registerChangelogChoice(name: string, start: () => Promise<Directory>): void {
  describe(`the choice of a change feed on ${name}`, () => {
    let server: Directory;
    const clients: LdapClient[] = [];
    const signal = new AbortController().signal;

    beforeAll(async () => {
      server = await start();
    });
    afterAll(async () => {
      for (const client of clients) await client.close();
      await server?.stop();
    });

    function connect(dn: string, password: string): LdapClient {
      const client = makeLdapClient({
        servers: [{ host: server.host, port: server.port }],
        security: 'none',
        bind: { dn, password },
      });
      clients.push(client);
      return client;
    }

    function source(link: LdapClient) {
      const { settings } = readInboundSettings({ USERS_BASE_DN: server.baseDn });
      return makeDirectorySource({ link, settings, vendor: undefined, accountFlag: undefined });
    }

    it('is the changelog for an account that may read it, with nothing to warn of', async () => {
      // A first change, for what the log holds to be seen.
      await connect(server.bindDn, server.bindPassword).modify(server.baseDn, [
        { operation: 'replace', type: 'description', values: ['changed'] },
      ]);
      const summary = await source(connect(server.reader.dn, server.reader.password)).open(signal);
      expect(summary).toMatchObject({ strategy: 'changelog', warnings: [] });
    });

    it('is modifyTimestamp for one that may not, and says so', async () => {
      const admin = connect(server.bindDn, server.bindPassword);
      const dn = `uid=nobody,${server.baseDn}`;
      await admin.add(dn, [
        { type: 'objectClass', values: ['inetOrgPerson'] },
        { type: 'cn', values: ['nobody'] },
        { type: 'sn', values: ['nobody'] },
        { type: 'userPassword', values: ['Read3r.Passw0rd'] },
      ]);
      const summary = await source(connect(dn, 'Read3r.Passw0rd')).open(signal);
      expect(summary.strategy).toBe('timestamp');
      expect(summary.strategyReason).toMatch(/bind account/);
    });

    it('tells of a change at once', async () => {
      const admin = connect(server.bindDn, server.bindPassword);
      const followed = source(connect(server.reader.dn, server.reader.password));
      await followed.open(signal);
      const stop = new AbortController();
      const hints = followed.hints(stop.signal)[Symbol.asyncIterator]();
      let told = 0;
      const listening = (async () => {
        for (; told < 3; told += 1) await hints.next();
      })();
      // Two hints are of the beginning of the watch; only the server gives a third.
      for (let round = 0; told < 3 && round < 2_000; round += 1)
        await admin.modify(server.baseDn, [
          { operation: 'replace', type: 'description', values: [`round ${round}`] },
        ]);
      await listening;
      stop.abort();
      await hints.next().catch(() => undefined);
      expect(told).toBe(3);
    });
  });
}
