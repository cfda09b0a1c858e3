import { readFileSync } from 'node:fs';
import {
  CONTROL_OID,
  EntryBatch,
  findControl,
  type LdapClient,
  type LdapClientOptions,
  makeDirSyncRequestControl,
  makeFlagControl,
  makeLdapClient,
  parseDirSyncResponseControl,
  parseFilter,
  RESULT_CODE,
  type SearchRequest,
} from '@sallyport/ldap';
import { afterEach, describe, expect, it } from 'vitest';
import { commonFaults } from './faults/directory-faults.ts';
import { peoplePassword } from './server/load-organisation.ts';
import {
  type InMemoryDirectory,
  type InMemoryDirectoryOptions,
  startInMemoryDirectory,
} from './start-in-memory-directory.ts';

let directory: InMemoryDirectory;
const clients: LdapClient[] = [];

async function start(options: InMemoryDirectoryOptions = {}): Promise<LdapClient> {
  directory = await startInMemoryDirectory(options);
  return connect();
}

function connect(options: Partial<LdapClientOptions> = {}): LdapClient {
  const client = makeLdapClient({
    servers: [{ host: directory.host, port: directory.tlsPort }],
    security: 'ldaps',
    tls: { ca: readFileSync(directory.caFile) },
    bind: { dn: directory.bindDn, password: directory.bindPassword },
    ...options,
  });
  clients.push(client);
  return client;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  expect(directory.failures).toEqual([]);
  await directory.stop();
});

async function search(client: LdapClient, filter: string, request: Partial<SearchRequest> = {}) {
  const stream = client.search({
    base: directory.baseDn,
    scope: 'sub',
    filter: parseFilter(filter),
    attributes: ['cn'],
    ...request,
  });
  const entries = [];
  for await (const bytes of stream) entries.push(...new EntryBatch(bytes).entries());
  return { entries, outcome: await stream.outcome };
}

async function dirSync(client: LdapClient, cookie: Buffer) {
  const control = makeDirSyncRequestControl({ flags: 0, maxBytes: 0, cookie });
  const { entries, outcome } = await search(client, '(objectClass=*)', { pageSize: 0, controls: [control] });
  const response = findControl(outcome.controls, CONTROL_OID.dirSync);
  if (response === undefined) throw new Error('No DirSync control in the answer.');
  return { entries, ...parseDirSyncResponseControl(response) };
}

describe('faults', () => {
  it('an empty page with a cookie does not end a search', async () => {
    const client = await start({ people: 60 });
    directory.faults.inject({ on: 'searchRequest', after: 1, times: 2, effect: { kind: 'emptyPage' } });
    const { entries, outcome } = await search(client, '(objectCategory=person)', {
      base: `OU=People,${directory.baseDn}`,
      pageSize: 20,
    });
    expect(entries).toHaveLength(60);
    expect(outcome.pages).toBeGreaterThanOrEqual(5);
  });

  it('a page that looked at enough entries goes out short or empty', async () => {
    const client = await start({ people: 300, limits: { maxExaminedPerPage: 50 } });
    const { entries, outcome } = await search(client, '(&(title=*)(employeeID>=0)(l=Oslo))', {
      pageSize: 1_000,
    });
    expect(entries.length).toBeGreaterThan(10);
    expect(outcome.pages).toBeGreaterThan(5);
  });

  it('a connection cut between entries is a failed search, never a short one', async () => {
    const client = await start({ people: 60 });
    directory.faults.inject({
      on: 'searchRequest',
      times: 1,
      effect: { kind: 'dropAfterEntries', entries: 10 },
    });
    await expect(search(client, '(objectCategory=person)')).rejects.toMatchObject({
      code: 'LDAP_CONNECTION_LOST',
    });
    expect((await search(client, '(objectCategory=person)')).entries.length).toBeGreaterThan(60);
  });

  it('busy, size limit, garbage and a dropped request each show as what they are', async () => {
    const client = await start({ people: 20 });
    const during = async (fault: Parameters<typeof directory.faults.inject>[0]) => {
      const injected = directory.faults.inject({ ...fault, on: 'searchRequest', times: 1 });
      const error: unknown = await search(client, '(objectCategory=person)').catch(
        (caught: unknown) => caught,
      );
      expect(injected.strikes).toBe(1);
      injected.remove();
      return error;
    };
    expect(await during(commonFaults.busy)).toMatchObject({ resultCode: RESULT_CODE.busy });
    expect(await during({ effect: { kind: 'sizeLimit', entries: 3 } })).toMatchObject({
      resultCode: RESULT_CODE.sizeLimitExceeded,
    });
    expect(await during({ effect: { kind: 'garbage' } })).toBeInstanceOf(Error);
    expect(await during({ effect: { kind: 'drop' } })).toMatchObject({ code: 'LDAP_CONNECTION_LOST' });
    expect((await search(client, '(objectCategory=person)')).entries).toHaveLength(21);
  });

  it('success without entries looks like an empty directory', async () => {
    const client = await start({ people: 20 });
    const fault = directory.faults.inject(commonFaults.emptySearches);
    expect((await search(client, '(objectCategory=person)')).entries).toHaveLength(0);
    fault.remove();
    expect((await search(client, '(objectCategory=person)')).entries).toHaveLength(21);
  });

  it('going down and coming up keeps data and ports', async () => {
    const client = await start({ people: 5 });
    const { port } = directory;
    await directory.goDown();
    await expect(search(connect(), '(cn=*)')).rejects.toMatchObject({ retryable: true });
    await directory.comeUp();
    expect(directory.port).toBe(port);
    expect((await search(client, '(objectCategory=person)')).entries).toHaveLength(6);
  });
});

describe('the Active Directory manner', () => {
  it('hides deleted objects from an account without the right, whatever control it sends', async () => {
    await start({
      people: 3,
      accounts: [
        { name: 'reader', password: 'Passw0rd.r' },
        { name: 'auditor', password: 'Passw0rd.a', rights: { readDeleted: true } },
      ],
    });
    const [person] = directory.edit.find('(employeeID=100000)');
    directory.edit.remove(person?.dn ?? '');
    const deletedOf = async (name: string) => {
      const account = directory.accounts[name];
      const client = connect({ bind: { dn: account?.bindDn ?? '', password: account?.bindPassword ?? '' } });
      const controls = [makeFlagControl('showDeleted')];
      const inDomain = await search(client, '(&(isDeleted=TRUE)(objectClass=user))', { controls });
      const inContainer = await search(client, '(isDeleted=TRUE)', {
        base: `CN=Deleted Objects,${directory.baseDn}`,
        controls,
      }).catch((error: { resultCode: number }) => error.resultCode);
      return [
        inDomain.entries.length,
        typeof inContainer === 'number' ? inContainer : inContainer.entries.length,
      ];
    };
    expect(await deletedOf('reader')).toEqual([0, RESULT_CODE.noSuchObject]);
    expect(await deletedOf('auditor')).toEqual([1, 2]);
  });

  it('lets DirSync without the object-security flag to the replicating only', async () => {
    await start({ accounts: [{ name: 'reader', password: 'Passw0rd.r' }] });
    const account = directory.accounts.reader;
    const reader = connect({ bind: { dn: account?.bindDn ?? '', password: account?.bindPassword ?? '' } });
    await expect(dirSync(reader, Buffer.alloc(0))).rejects.toMatchObject({
      resultCode: RESULT_CODE.insufficientAccessRights,
    });
  });

  it('begins DirSync anew after a restore, and refuses a cookie it cannot read with 203D', async () => {
    const client = await start({ people: 10 });
    const first = await dirSync(client, Buffer.alloc(0));
    const cookie = Buffer.from(first.cookie);
    expect((await dirSync(client, cookie)).entries).toHaveLength(0);
    directory.restoreFromBackup();
    expect((await dirSync(client, cookie)).entries.length).toBeGreaterThanOrEqual(first.entries.length);
    await expect(dirSync(client, Buffer.from('nonsense'))).rejects.toMatchObject({ adCode: 0x203d });
    directory.faults.inject(commonFaults.staleDirSyncCookie);
    await expect(dirSync(client, cookie)).rejects.toMatchObject({ adCode: 0x203d, class: 'resync' });
    expect((await dirSync(client, Buffer.alloc(0))).entries.length).toBeGreaterThan(10);
  });

  it('signs people on by name, and says why not: unknown, wrong, disabled', async () => {
    const client = await start({ people: 20 });
    const login = (person: { attributes: Readonly<Record<string, readonly string[]>> } | undefined) =>
      person?.attributes.userPrincipalName?.[0] ?? '';
    const [enabled] = directory.edit.find('(&(objectClass=user)(employeeID=100000))');
    const [disabled] = directory.edit.find('(&(objectClass=user)(employeeID=100019))');
    await expect(client.checkPassword(login(enabled), peoplePassword)).resolves.toMatchObject({
      resultCode: 0,
    });
    await expect(client.checkPassword(login(enabled), 'wrong')).rejects.toMatchObject({ adCode: 0x52e });
    await expect(client.checkPassword(login(disabled), peoplePassword)).rejects.toMatchObject({
      adCode: 0x533,
    });
    await expect(client.checkPassword('nobody@corp.example', 'wrong')).rejects.toMatchObject({
      adCode: 0x525,
    });
  });

  it('finds what changed since a number by the answer, not by the directory', async () => {
    const client = await start({ people: 20_000, parts: 'people' });
    const mark = directory.edit.find('(cn=Administrator)');
    expect(mark).toHaveLength(1);
    const usn = Number(
      (
        await search(client, '(objectClass=*)', {
          base: '',
          scope: 'base',
          attributes: ['highestCommittedUSN'],
        })
      ).entries[0]?.first('highestCommittedUSN'),
    );
    for (const { dn } of directory.edit
      .find('(&(objectClass=user)(department=Security)(l=Oslo))')
      .slice(0, 50)) {
      directory.edit.modify(dn, { replace: { title: 'Changed' } });
    }
    const changed = async () =>
      (await search(client, `(&(uSNChanged>=${usn + 1})(objectClass=user))`)).entries.length;
    expect(await changed()).toBe(50);
    const startedAt = performance.now();
    for (let round = 0; round < 20; round++) await changed();
    const byIndexMs = performance.now() - startedAt;
    const scanStartedAt = performance.now();
    await search(client, '(description=nobody has this)', { pageSize: 0 });
    const scanMs = performance.now() - scanStartedAt;
    // A scan of the directory takes as long as many answers from the index.
    expect(byIndexMs / 20).toBeLessThan(scanMs);
  });

  it('keeps everything of a deleted object when the Recycle Bin is on', async () => {
    const client = await start({ people: 3, activeDirectory: { recycleBin: true } });
    const [person] = directory.edit.find('(employeeID=100001)');
    await client.delete(person?.dn ?? '');
    const [deleted] = directory.edit.find('(employeeID=100001)', { deleted: true });
    expect(deleted?.attributes).toMatchObject({ isDeleted: ['TRUE'], mail: person?.attributes.mail });
    expect(deleted?.attributes).not.toHaveProperty('isRecycled');
  });
});

describe('content', () => {
  for (const manner of ['activeDirectory', 'openLdap'] as const) {
    it(`goes out as LDIF and comes in again (${manner})`, async () => {
      await start({ manner, people: 30 });
      const own = manner === 'activeDirectory' ? /^(?:OU|CN=[^,]+,OU)=.*OU=(?:People|Groups),/ : /ou=/;
      const comparable = (source: InMemoryDirectory) =>
        source.edit
          .snapshot()
          .filter(({ dn }) => own.test(dn))
          .map(({ dn, attributes }) => ({
            dn,
            mail: attributes.mail,
            member: attributes.member,
            objectClass: attributes.objectClass,
          }));
      const ldif = await directory.edit.toLdif();
      const other = await startInMemoryDirectory({ manner });
      try {
        const records = ldif.split('\n\n').filter((record) => /^dn:.*/.test(record));
        const unfolded = records.map((record) => record.replaceAll('\n ', ''));
        const wanted = unfolded.filter(
          (record) => own.test(nameOf(record)) || /^OU=(?:People|Groups),/i.test(nameOf(record)),
        );
        await other.edit.loadLdif(`version: 1\n\n${wanted.join('\n\n')}\n`);
        expect(comparable(other)).toEqual(comparable(directory));
      } finally {
        await other.stop();
      }
    });
  }

  it('is the same in two snapshots exactly if nothing was changed', async () => {
    const client = await start({ people: 10 });
    const before = directory.edit.snapshot();
    await search(client, '(objectClass=*)');
    expect(directory.edit.snapshot()).toEqual(before);
    const [person] = directory.edit.find('(employeeID=100001)');
    await client.modify(person?.dn ?? '', [{ operation: 'replace', type: 'title', values: ['Other'] }]);
    expect(directory.edit.snapshot()).not.toEqual(before);
  });
});

function nameOf(record: string): string {
  const plain = /^dn: (.*)$/m.exec(record)?.[1];
  return plain ?? Buffer.from(/^dn:: (.*)$/m.exec(record)?.[1] ?? '', 'base64').toString();
}
