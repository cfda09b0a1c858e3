import { PositionLost, type SourceReader } from '@sallyport/engine';
import {
  CONTROL_OID,
  EXTENDED_OID,
  findControl,
  type LdapClient,
  makeFlagControl,
  makeLdapClient,
  makeSoftDeleteControl,
  parseSoftDeleteResponseControl,
} from '@sallyport/ldap';
import { readInboundSettings } from '@sallyport/model';
import { type InMemoryDirectory, startInMemoryDirectory } from '@sallyport/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDirectorySource } from '../../directory-source.ts';
import { changes, clientOf, position } from './follow-feed.ts';

const signal = new AbortController().signal;

let directory: InMemoryDirectory;
let base: string;
const clients: LdapClient[] = [];

beforeEach(async () => {
  directory = await startInMemoryDirectory({
    manner: 'pingDirectory',
    accounts: [
      { name: 'follower', password: 'Passw0rd.1', rights: { read: true, replicate: true } },
      { name: 'reader', password: 'Passw0rd.1' },
    ],
  });
  base = directory.baseDn;
  for (const name of ['a', 'b', 'c']) add(name);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await directory.stop();
  expect(directory.failures).toEqual([]);
});

const dn = (name: string) => `uid=${name},${base}`;
const add = (name: string) =>
  directory.edit.add(dn(name), { objectClass: ['inetOrgPerson'], uid: [name], cn: [name], sn: [name] });
const change = (name: string, sn: readonly string[]) => directory.edit.modify(dn(name), { replace: { sn } });
function reader(account = 'follower'): SourceReader {
  const link = clientOf(directory, account);
  clients.push(link);
  const { settings } = readInboundSettings({ USERS_BASE_DN: base });
  return makeDirectorySource({ link, settings, vendor: undefined, accountFlag: undefined });
}

const withoutToken = (value: { readonly strategy: string; readonly value: string }) => {
  const { token: _, ...rest } = JSON.parse(value.value);
  return { ...value, value: JSON.stringify(rest) };
};

test('is chosen for an account that may read the log, by batches, and refused with the missing right for one that may not', async () => {
  expect(await reader('follower').open(signal)).toMatchObject({ strategy: 'changelog', warnings: [] });
  const summary = await reader('reader').open(signal);
  expect(summary.strategy).toBe('timestamp');
  expect(summary.strategyReason).toMatch(/grant it the right to read cn=changelog/);
});

test('goes on by its token on another server of the topology, whose numbers are others', async () => {
  const source = reader();
  const start = await position(source);
  change('a', ['Changed']);
  directory.edit.switchReplica('ping-2', 70_000);
  directory.edit.remove(dn('b'));
  const first = await changes(source, start);
  expect(first.told.sort()).toEqual(['gone deleted', 'present uid=a']);
  expect((await changes(source, first.position)).told).toEqual([]);
});

test('without a token another server, a trimmed log and one begun anew lose the position, each with its reason', async () => {
  const source = reader();
  const start = withoutToken(await position(source));
  change('a', ['Changed']);
  expect((await changes(source, start)).told).toEqual(['present uid=a']);
  change('a', ['Again']);
  directory.edit.trimChangelog(1);
  await expect(changes(source, start)).rejects.toThrow(/was trimmed: it begins at change/);
  directory.edit.switchReplica('ping-2', 1);
  for (const name of ['d', 'e', 'f', 'g', 'h', 'i']) add(name);
  await expect(changes(source, start)).rejects.toBeInstanceOf(PositionLost);
});

test('a log trimmed behind the token loses the position; one trimmed up to it does not', async () => {
  const source = reader();
  const start = await position(source);
  directory.edit.trimChangelog(0);
  expect((await changes(source, start)).told).toEqual([]);
  change('a', ['Changed']);
  change('b', ['Changed']);
  directory.edit.trimChangelog(1);
  await expect(changes(source, start)).rejects.toThrow(PositionLost);
  await expect(changes(source, start)).rejects.toThrow(/trimmed/);
});

test('where batches are refused the numbers are gone by, and batches again when they work', async () => {
  const source = reader();
  const start = await position(source);
  const refused = directory.faults.inject({
    on: 'extendedRequest',
    when: (request) => request.kind === 'extendedRequest' && request.oid === EXTENDED_OID.getChangelogBatch,
    effect: { kind: 'result', resultCode: 53, diagnosticMessage: 'not now' },
  });
  change('a', ['Changed']);
  const byNumber = await changes(source, start);
  expect(byNumber.told).toEqual(['present uid=a']);
  expect(refused.strikes).toBeGreaterThan(0);
  refused.remove();
  change('b', ['Changed']);
  const back = await changes(source, byNumber.position);
  expect(back.told).toEqual(['present uid=b']);
  expect(JSON.parse(back.position.value)).toHaveProperty('token');
});

test('a connection cut in the middle of a batch is an error and no position', async () => {
  const source = reader();
  const start = await position(source);
  for (let index = 0; index < 20; index += 1) change('a', [`Changed ${index}`]);
  const cut = directory.faults.inject({ on: 'extendedRequest', effect: { kind: 'drop' } });
  await expect(changes(source, start)).rejects.toMatchObject({ retryable: true });
  cut.remove();
  expect((await changes(source, start)).told).toEqual(['present uid=a']);
});

test('a soft-deleted person is gone, and present again once undeleted', async () => {
  const source = reader();
  const start = await position(source);
  const admin = makeLdapClient({
    servers: [{ host: directory.host, port: directory.port }],
    security: 'none',
    bind: { dn: directory.bindDn, password: directory.bindPassword },
  });
  clients.push(admin);
  const { controls } = await admin.delete(dn('a'), { controls: [makeSoftDeleteControl()] });
  const gone = await changes(source, start);
  expect(gone.told).toEqual(['gone deleted']);
  const response = findControl(controls, CONTROL_OID.softDeleteResponse);
  if (response === undefined) throw new Error('the server did not say under which name it keeps the entry');
  await admin.add(
    dn('a'),
    [{ type: 'ds-undelete-from-dn', values: [parseSoftDeleteResponseControl(response)] }],
    { controls: [makeFlagControl('undelete')] },
  );
  expect((await changes(source, gone.position)).told).toEqual(['present uid=a']);
  expect((await changes(source, start)).told).toEqual(['present uid=a']);
});

test('many changes of one person are one re-reading, in batches of any number', async () => {
  const source = reader();
  const start = await position(source);
  for (let index = 0; index < 2_500; index += 1) change('a', [`Changed ${index}`]);
  directory.edit.remove(dn('c'));
  expect((await changes(source, start)).told.sort()).toEqual(['gone deleted', 'present uid=a']);
  expect((await changes(source, withoutToken(start))).told.sort()).toEqual(['gone deleted', 'present uid=a']);
});

test('someone deleted and added again under the same name is two persons, the old one gone first', async () => {
  const source = reader();
  const start = await position(source);
  directory.edit.remove(dn('a'));
  add('a');
  expect((await changes(source, start)).told).toEqual(['gone deleted', 'present uid=a']);
});

test('a persistent search tells of a change at once', async () => {
  const source = reader();
  await source.open(signal);
  const stop = new AbortController();
  const hints = source.hints(stop.signal)[Symbol.asyncIterator]();
  let told = 0;
  const seen = (async () => {
    for (; told < 3; told += 1) await hints.next();
  })();
  // Two are of the beginning of the watch, the second of them after two seconds.
  const since = performance.now();
  for (let index = 0; told < 3; index += 1) {
    change('a', [`Changed ${index}`]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await seen;
  expect(performance.now() - since).toBeLessThan(2000);
  stop.abort();
  await hints.next().catch(() => undefined);
});
