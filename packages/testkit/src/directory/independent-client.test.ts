import { readFileSync } from 'node:fs';
import { Attribute, Change, Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InMemoryDirectory, startInMemoryDirectory } from './start-in-memory-directory.ts';

/** Our client and our server share a codec and could share a mistake. ldapts shares nothing with them. */
describe('an independent client', () => {
  let directory: InMemoryDirectory;
  let client: Client;

  beforeAll(async () => {
    directory = await startInMemoryDirectory({ people: 1_200 });
    client = new Client({ url: directory.ldapsUrl, tlsOptions: { ca: [readFileSync(directory.caFile)] } });
    await client.bind(directory.bindDn, directory.bindPassword);
  });

  afterAll(async () => {
    await client.unbind();
    await directory.stop();
  });

  it('reads pages', async () => {
    const { searchEntries } = await client.search(`OU=People,${directory.baseDn}`, {
      filter: '(&(objectCategory=person)(objectClass=user))',
      paged: { pageSize: 500 },
      attributes: ['cn', 'mail', 'objectGUID'],
      explicitBufferAttributes: ['objectGUID'],
      timeLimit: 0,
    });
    expect(searchEntries).toHaveLength(1_200);
    expect(new Set(searchEntries.map((entry) => hexOf(entry.objectGUID))).size).toBe(1_200);
  });

  it('adds, changes, renames and deletes over StartTLS', async () => {
    const plain = new Client({ url: directory.url });
    await plain.startTLS({ ca: [readFileSync(directory.caFile)] });
    await plain.bind(directory.bindDn, directory.bindPassword);
    const parent = `OU=People,${directory.baseDn}`;
    const dn = `CN=Tester\\, Ivy,${parent}`;
    await plain.add(dn, { objectClass: 'user', sAMAccountName: 'itester', sn: 'Tester' });
    await plain.modify(
      dn,
      new Change({
        operation: 'replace',
        modification: new Attribute({ type: 'title', values: ['Ünïcode'] }),
      }),
    );
    await plain.modifyDN(dn, `CN=Tester\\, Iris,OU=Groups,${directory.baseDn}`);
    const { searchEntries } = await plain.search(directory.baseDn, {
      filter: '(sAMAccountName=itester)',
      attributes: ['title', 'name'],
    });
    expect(searchEntries).toMatchObject([
      { dn: `CN=Tester\\, Iris,OU=Groups,${directory.baseDn}`, title: 'Ünïcode', name: 'Tester, Iris' },
    ]);
    await plain.del(`CN=Tester\\, Iris,OU=Groups,${directory.baseDn}`);
    expect(
      (await plain.search(directory.baseDn, { filter: '(sAMAccountName=itester)' })).searchEntries,
    ).toHaveLength(0);
    await plain.unbind();
  });

  it('is refused with a wrong password and a code it understands', async () => {
    const other = new Client({
      url: directory.ldapsUrl,
      tlsOptions: { ca: [readFileSync(directory.caFile)] },
    });
    await expect(other.bind(directory.bindDn, 'wrong')).rejects.toMatchObject({ code: 49 });
    await other.unbind();
  });
});

function hexOf(value: unknown): string {
  if (!Buffer.isBuffer(value)) throw new TypeError(`Bytes expected, found ${typeof value}.`);
  return value.toString('hex');
}
