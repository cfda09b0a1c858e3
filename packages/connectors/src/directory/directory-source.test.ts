import { type DirectoryLink, makeLdapClient } from '@sallyport/ldap';
import { readInboundSettings } from '@sallyport/model';
import { startInMemoryDirectory } from '@sallyport/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDirectorySource } from './directory-source.ts';

const signal = new AbortController().signal;
const NEED = { attributes: ['sn'] };
const PEOPLE = 30;

type Client = ReturnType<typeof makeLdapClient>;
type Directory = Awaited<ReturnType<typeof startInMemoryDirectory>>;

const open: { readonly directory: Directory; readonly client: Client }[] = [];
let first: Client;
let second: Client;
let baseDn: string;

async function start(): Promise<Client> {
  const directory = await startInMemoryDirectory({ manner: 'activeDirectory' });
  const client = makeLdapClient({
    servers: [{ host: directory.host, port: directory.port }],
    security: 'none',
    bind: { dn: directory.bindDn, password: directory.bindPassword },
  });
  open.push({ directory, client });
  baseDn = directory.baseDn;
  for (let at = 0; at < PEOPLE; at += 1) await put(client, `p${at}`);
  return client;
}

const put = (client: Client, name: string) =>
  client.add(`CN=${name},${baseDn}`, [
    { type: 'objectClass', values: ['user'] },
    { type: 'sAMAccountName', values: [name] },
    { type: 'sn', values: ['Silva'] },
    { type: 'description', values: ['off'] },
  ]);

beforeAll(async () => {
  first = await start();
  second = await start();
});
afterAll(async () => {
  for (const { client, directory } of open) {
    await client.close();
    await directory.stop();
  }
});

async function read(link: DirectoryLink, disabledValue?: string) {
  const source = makeDirectorySource({
    link,
    settings: readInboundSettings({ USERS_BASE_DN: baseDn }).settings,
    vendor: undefined,
    accountFlag: disabledValue === undefined ? undefined : { attribute: 'description', disabledValue },
  });
  await source.open(signal);
  const fingerprints = new Map<string, string>();
  const batches = source.readAll(NEED, signal);
  for (;;) {
    const next = await batches.next();
    if (next.done === true) return { source, fingerprints, position: next.value.position };
    for (const object of next.value) fingerprints.set(object.place, object.fingerprint);
  }
}

test('another meaning of the account flag is another content, though the entry is the same', async () => {
  const off = await read(first, 'off');
  expect(off.fingerprints.size).toBeGreaterThanOrEqual(PEOPLE);
  expect((await read(first, 'off')).fingerprints).toEqual(off.fingerprints);
  const place = [...off.fingerprints.keys()][0] ?? '';
  expect((await read(first, 'gone')).fingerprints.get(place)).not.toBe(off.fingerprints.get(place));
});

test('changes that nobody wants any more leave no search open', async () => {
  const { source, position } = await read(first);
  for (let at = 0; at < 3; at += 1) await put(first, `later${at}`);
  let left = 0;
  const watched: DirectoryLink = Object.assign(Object.create(first), {
    search: (...args: Parameters<DirectoryLink['search']>) => {
      const stream = first.search(...args);
      const iterate = async function* () {
        left += 1;
        try {
          yield* stream;
        } finally {
          left -= 1;
        }
      };
      return Object.assign(iterate(), { outcome: stream.outcome });
    },
  });
  if (position === undefined) throw new Error('a full read of one controller has a position');
  const again = makeDirectorySource({
    link: watched,
    settings: readInboundSettings({ USERS_BASE_DN: baseDn }).settings,
    vendor: undefined,
    accountFlag: undefined,
  });
  await again.open(signal);
  const changes = again.changesSince(position, NEED, signal);
  expect((await changes.next()).done).toBe(false);
  expect(left).toBe(1);
  await changes.return({ position: undefined, basesRead: [], deletionsSeen: false });
  expect(left).toBe(0);
  expect(source).toBeDefined();
});

test('a full read that ends at another domain controller is no ground for a position', async () => {
  expect((await read(first)).position).toBeDefined();
  let searches = 0;
  const failingOver: DirectoryLink = Object.assign(Object.create(first), {
    search: (...args: Parameters<DirectoryLink['search']>) => {
      if (args[0].attributes?.includes('sn') === true) searches += 1;
      return (searches > 0 ? second : first).search(...args);
    },
  });
  const { fingerprints, position } = await read(failingOver);
  expect(fingerprints.size).toBeGreaterThanOrEqual(PEOPLE);
  expect(position).toBeUndefined();
});
