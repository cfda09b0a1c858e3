import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DirectoryServer, startOpenLdap, writeOrganisationLdif } from '@sallyport/testkit';
import { Client as OtherClient } from 'ldapts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReadEntryRequestControl, parseReadEntryResponseControl } from '../control/read-entry.ts';
import { makeSyncRequestControl } from '../control/sync-request.ts';
import { parseSyncStateControl } from '../control/sync-state.ts';
import { EntryBatch } from '../entry/entry-batch.ts';
import { EXTENDED_OID } from '../extended/extended-oid.ts';
import { parseSyncInfo } from '../extended/sync-info.ts';
import { parseWhoAmI } from '../extended/who-am-i.ts';
import type { LdapSecurity } from './client-options.ts';
import { type LdapClient, makeLdapClient } from './ldap-client.ts';

const PEOPLE = 2500;
const isPerson = { kind: 'equality', attribute: 'objectClass', value: Buffer.from('person') } as const;
const isAnything = { kind: 'present', attribute: 'objectClass' } as const;

let server: DirectoryServer;
let folder: string;
let ca: Buffer;

function clientOf(
  security: LdapSecurity,
  port = security === 'ldaps' ? server.tlsPort : server.port,
): LdapClient {
  return makeLdapClient({
    servers: [{ host: server.host, port }],
    security,
    tls: { ca },
    bind: { dn: server.bindDn, password: server.bindPassword },
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-ldap-'));
  const ldif = join(folder, 'people.ldif');
  await writeOrganisationLdif({ kind: 'openLdap', people: PEOPLE }, ldif);
  server = await startOpenLdap({ ldif });
  ca = await readFile(server.caFile);
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the client against OpenLDAP', () => {
  it('reads the same people as another implementation, over TLS and in pages', async () => {
    using client = clientOf('ldaps');
    const names = ['uid', 'cn', 'mail', 'entryUUID'];
    const stream = client.search({
      base: server.baseDn,
      scope: 'sub',
      filter: isPerson,
      attributes: names,
      pageSize: 300,
    });
    const ours = new Map<string, (string | undefined)[]>();
    for await (const bytes of stream) {
      for (const entry of new EntryBatch(bytes).entries())
        ours.set(
          entry.dn,
          names.map((name) => entry.first(name)),
        );
    }
    expect(await stream.outcome).toMatchObject({ entryCount: ours.size, pages: Math.ceil(ours.size / 300) });
    const other = new OtherClient({ url: server.url });
    await other.bind(server.bindDn, server.bindPassword);
    const { searchEntries } = await other.search(server.baseDn, {
      filter: '(objectClass=person)',
      attributes: names,
      paged: { pageSize: 500 },
      timeLimit: 0,
    });
    await other.unbind();
    const first = (value: unknown): string => String(Array.isArray(value) ? value[0] : value);
    const theirs = new Map(searchEntries.map((entry) => [entry.dn, names.map((name) => first(entry[name]))]));
    expect(ours.size).toBeGreaterThanOrEqual(PEOPLE);
    expect(ours).toEqual(theirs);
  });

  it('writes, renames, compares and deletes over StartTLS', async () => {
    using client = clientOf('startTls');
    const dn = `cn=Silva\\, Ana,${server.baseDn}`;
    const added = await client.add(
      dn,
      [
        { type: 'objectClass', values: ['inetOrgPerson'] },
        { type: 'cn', values: ['Silva, Ana'] },
        { type: 'sn', values: ['Silva'] },
        { type: 'userPassword', values: ['Geheim-42'] },
      ],
      { controls: [makeReadEntryRequestControl('postRead', ['entryUUID'], true)] },
    );
    const [read] = added.controls;
    expect(read && parseReadEntryResponseControl(read).attributes[0]?.values[0]?.toString()).toMatch(
      /^[0-9a-f-]{36}$/,
    );
    await client.modify(dn, [{ operation: 'add', type: 'mail', values: ['ana@corp.example'] }]);
    expect(await client.compare(dn, 'mail', 'ana@corp.example')).toBe(true);
    expect((await client.checkPassword(dn, 'Geheim-42')).resultCode).toBe(0);
    await expect(client.checkPassword(dn, 'falsch')).rejects.toMatchObject({ class: 'signOn' });
    await client.modifyDn(dn, 'cn=Ana', { deleteOldRdn: true });
    await expect(client.delete(dn)).rejects.toMatchObject({ code: 'LDAP_NO_SUCH_OBJECT', class: 'gone' });
    await client.delete(`cn=Ana,${server.baseDn}`);
    const who = await client.extended(EXTENDED_OID.whoAmI, undefined);
    expect(parseWhoAmI(who.value)).toBe(`dn:${server.bindDn}`);
  });

  it('follows RFC 4533 changes as they happen', async () => {
    using client = clientOf('none');
    const stop = new AbortController();
    const stream = client.watch(
      {
        base: server.baseDn,
        scope: 'sub',
        filter: isPerson,
        attributes: ['uid', 'title'],
        controls: [makeSyncRequestControl({ mode: 'refreshAndPersist' })],
      },
      { signal: stop.signal },
    );
    let initial = 0;
    let target = '';
    const changed: string[] = [];
    const reading = (async () => {
      for await (const bytes of stream) {
        for (const item of new EntryBatch(bytes).items()) {
          if (item.kind === 'entry') {
            const [state] = item.controls().map(parseSyncStateControl);
            if (state?.state === 'add') {
              initial += 1;
              target = item.dn;
            } else if (state?.state === 'modify') {
              changed.push(item.first('title') ?? '');
              stop.abort();
            }
          } else if (item.kind === 'intermediate' && item.value !== undefined) {
            expect(parseSyncInfo(item.value)).toMatchObject({ refreshDone: true });
            await client.modify(target, [{ operation: 'replace', type: 'title', values: ['Chief'] }]);
          }
        }
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'LDAP_ABORTED' });
    expect(initial).toBeGreaterThanOrEqual(PEOPLE);
    expect(changed).toEqual(['Chief']);
  });

  it('carries on after the server was restarted', async () => {
    using client = clientOf('ldaps');
    const readRoot = async (): Promise<number> => {
      const stream = client.search({
        base: server.baseDn,
        scope: 'one',
        filter: isAnything,
        attributes: ['1.1'],
      });
      for await (const bytes of stream) expect(bytes.length).toBeGreaterThan(0);
      return (await stream.outcome).entryCount;
    };
    const before = await readRoot();
    await client.compare(server.baseDn, 'dc', 'corp');
    await server.restart();
    expect(await readRoot()).toBe(before);
    expect(await client.compare(server.baseDn, 'dc', 'corp')).toBe(true);
  });

  it('has its connections free again after readers that stopped early', async () => {
    using client = clientOf('none');
    for (let round = 0; round < 20; round += 1) {
      const stream = client.search({ base: server.baseDn, scope: 'sub', filter: isPerson, attributes: [] });
      for await (const bytes of stream) {
        expect(bytes.length).toBeGreaterThan(0);
        break;
      }
    }
    expect(await client.compare(server.baseDn, 'dc', 'corp')).toBe(true);
  });

  it('tells which server answered and what it can do', async () => {
    using client = clientOf('ldaps');
    const [report] = await client.testConnection();
    expect(report).toMatchObject({ ok: true, server: `${server.host}:${server.tlsPort}` });
    expect(report?.rootDse?.get('namingContexts')).toContain(server.baseDn);
  });
});
