import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DirectoryServer, startSamba, writeOrganisationLdif } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTROL_OID } from '../control/control-oid.ts';
import {
  DIR_SYNC_FLAG,
  makeDirSyncRequestControl,
  parseDirSyncResponseControl,
} from '../control/dir-sync.ts';
import { makeExtendedDnControl } from '../control/extended-dn.ts';
import { findControl } from '../control/find-control.ts';
import { makeFlagControl } from '../control/flag-controls.ts';
import { completeRanges } from '../entry/complete-ranges.ts';
import { EntryBatch } from '../entry/entry-batch.ts';
import type { LazyEntry } from '../entry/lazy-entry.ts';
import type { SearchRequest } from '../link/directory-link.ts';
import { type LdapClient, makeLdapClient } from './ldap-client.ts';

const PEOPLE = 1200;
const isUser = { kind: 'equality', attribute: 'objectClass', value: Buffer.from('user') } as const;
const isAnything = { kind: 'present', attribute: 'objectClass' } as const;

let server: DirectoryServer;
let folder: string;
let client: LdapClient;

async function read(request: Partial<SearchRequest>): Promise<LazyEntry[]> {
  const stream = client.search({
    base: server.baseDn,
    scope: 'sub',
    filter: isUser,
    attributes: [],
    ...request,
  });
  const entries: LazyEntry[] = [];
  for await (const bytes of stream) entries.push(...new EntryBatch(bytes).entries());
  expect((await stream.outcome).entryCount).toBe(entries.length);
  return entries;
}

/** One round of DirSync; the cookie goes in and comes out. */
async function dirSync(cookie: Buffer, attributes: string[]) {
  const control = makeDirSyncRequestControl({
    flags: DIR_SYNC_FLAG.incrementalValues | DIR_SYNC_FLAG.ancestorsFirstOrder,
    maxBytes: 1 << 20,
    cookie,
  });
  const stream = client.search({
    base: server.baseDn,
    scope: 'sub',
    filter: isAnything,
    attributes,
    pageSize: 0,
    controls: [control, makeFlagControl('showDeleted')],
  });
  const entries: LazyEntry[] = [];
  for await (const bytes of stream) entries.push(...new EntryBatch(bytes).entries());
  const answer = findControl((await stream.outcome).controls, CONTROL_OID.dirSync);
  if (answer === undefined) throw new Error('no DirSync answer');
  return { entries, ...parseDirSyncResponseControl(answer) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-ldap-'));
  const ldif = join(folder, 'people.ldif');
  await writeOrganisationLdif({ kind: 'activeDirectory', people: PEOPLE }, ldif);
  server = await startSamba({ ldif });
  client = makeLdapClient({
    servers: [{ host: server.host }],
    security: 'ldaps',
    tls: { ca: await readFile(server.caFile), servername: 'localhost' },
    bind: { dn: server.bindDn, password: server.bindPassword },
  });
});

afterAll(async () => {
  client.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the client against Samba as Active Directory', () => {
  it('reads every user in pages, with binary identities', async () => {
    const users = await read({ attributes: ['sAMAccountName', 'objectGUID'] });
    expect(users.length).toBeGreaterThanOrEqual(PEOPLE);
    expect(users.every((user) => user.bytes('objectguid')?.length === 16)).toBe(true);
    expect(new Set(users.map((user) => user.bytes('objectGUID')?.toString('hex'))).size).toBe(users.length);
  });

  it('follows DirSync: a value removed is not the same as one not sent', async () => {
    const attributes = ['mail', 'title', 'name'];
    const start = await dirSync(Buffer.alloc(0), attributes);
    expect(start.entries.length).toBeGreaterThan(PEOPLE);
    const [person] = await read({
      filter: { kind: 'and', filters: [isUser, { kind: 'present', attribute: 'mail' }] },
      attributes: ['mail'],
    });
    const dn = person?.dn ?? '';
    await client.modify(dn, [{ operation: 'delete', type: 'mail', values: [] }]);
    const next = await dirSync(Buffer.from(start.cookie), attributes);
    const [changed, ...others] = next.entries;
    expect(others).toEqual([]);
    expect([changed?.has('mail'), changed?.count('mail'), changed?.has('title')]).toEqual([true, 0, false]);
    expect(next.moreResults).toBe(false);
  });

  it('hears of a change by notification', async () => {
    const stop = new AbortController();
    const stream = client.watch(
      {
        base: server.baseDn,
        scope: 'sub',
        filter: isAnything,
        attributes: ['title'],
        controls: [makeFlagControl('changeNotification')],
      },
      { signal: stop.signal },
    );
    const iterator = stream[Symbol.asyncIterator]();
    const first = iterator.next();
    const [person] = await read({ filter: { kind: 'present', attribute: 'title' }, attributes: ['title'] });
    let round = 0;
    let settled = false;
    const done = first.finally(() => {
      settled = true;
    });
    // The server says nothing when the watch is registered: change until it is heard.
    while (!settled) {
      round += 1;
      await client.modify(person?.dn ?? '', [
        { operation: 'replace', type: 'title', values: [`Title ${round}`] },
      ]);
    }
    const { value } = await done;
    const dns = [...new EntryBatch(value ?? Buffer.alloc(0)).entries()].map(({ dn }) => dn);
    expect(dns).toContain(person?.dn);
    stop.abort();
  });

  it('completes the members of a group from a range', async () => {
    const groups = await read({
      filter: { kind: 'equality', attribute: 'objectClass', value: Buffer.from('group') },
      attributes: ['member'],
    });
    const largest = groups.toSorted((a, b) => b.count('member') - a.count('member'))[0];
    const all = largest?.values('member') ?? [];
    expect(all.length).toBeGreaterThanOrEqual(PEOPLE);
    const [sliced] = await read({
      base: largest?.dn ?? '',
      scope: 'base',
      filter: isAnything,
      attributes: ['member;range=0-499'],
    });
    if (sliced === undefined) throw new Error('the group is gone');
    expect(sliced.range('member')).toEqual({ first: 0, last: 499 });
    expect(() => sliced.values('member')).toThrow(expect.objectContaining({ code: 'LDAP_RANGE_INCOMPLETE' }));
    const completed = (await completeRanges(client, sliced, 'member')).map(String);
    expect(completed.toSorted()).toEqual(all.toSorted());
  });

  it('understands what Active Directory means by its errors', async () => {
    const [person] = await read({ filter: { kind: 'present', attribute: 'title' }, attributes: ['title'] });
    const dn = person?.dn ?? '';
    const weak = Buffer.from('"a"', 'utf16le');
    await expect(
      client.modify(dn, [{ operation: 'replace', type: 'unicodePwd', values: [weak] }]),
    ).rejects.toMatchObject({ class: 'reject', adCode: 0x52d });
    await expect(client.checkPassword(dn, 'wrong')).rejects.toMatchObject({ class: 'signOn', adCode: 0x52e });
    await expect(client.delete(`OU=People,${server.baseDn}`)).rejects.toMatchObject({
      code: 'LDAP_NOT_ALLOWED_ON_NON_LEAF',
    });
  });

  it('gets extended names and deletes a tree', async () => {
    const ou = `OU=Temporary,${server.baseDn}`;
    await client.add(ou, [{ type: 'objectClass', values: ['organizationalUnit'] }]);
    await client.add(`OU=Inner,${ou}`, [{ type: 'objectClass', values: ['organizationalUnit'] }]);
    const [extended] = await read({
      base: ou,
      scope: 'base',
      filter: isAnything,
      attributes: ['ou'],
      controls: [makeExtendedDnControl('text')],
    });
    expect(extended?.dn).toMatch(/^<GUID=[0-9a-f-]{36}>;OU=Temporary/);
    await client.delete(ou, { controls: [makeFlagControl('treeDelete')] });
    await expect(client.delete(ou)).rejects.toMatchObject({ class: 'gone' });
  });
});
