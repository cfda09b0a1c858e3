import { PositionLost, type SourceReader } from '@sallyport/engine';
import type { LdapClient } from '@sallyport/ldap';
import { readInboundSettings } from '@sallyport/model';
import { commonFaults, type InMemoryDirectory, readRights, startInMemoryDirectory } from '@sallyport/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDirectorySource } from '../../directory-source.ts';
import { changes, clientOf, position, readAll } from './follow-feed.ts';

const signal = new AbortController().signal;
const GROUP_TYPE = ['-2147483646'];

let directory: InMemoryDirectory;
let base: string;
const clients: LdapClient[] = [];

beforeEach(async () => {
  directory = await startInMemoryDirectory({
    accounts: [
      { name: 'follower', password: 'Passw0rd.1', rights: { readDeleted: true, replicate: true } },
      { name: 'reader', password: 'Passw0rd.1' },
    ],
    activeDirectory: { dirSyncMaxBytes: 2_000 },
  });
  base = `OU=Staff,${directory.baseDn}`;
  directory.edit.add(base, { objectClass: ['organizationalUnit'], ou: ['Staff'] });
  for (const name of ['a', 'b', 'c']) add(name);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await directory.stop();
  expect(directory.failures).toEqual([]);
});

const dn = (name: string) => `CN=${name},${base}`;
const add = (name: string) =>
  directory.edit.add(dn(name), { objectClass: ['user'], sAMAccountName: [name], sn: [name] });
const change = (name: string, sn: string) => directory.edit.modify(dn(name), { replace: { sn: [sn] } });

function reader(account = 'follower', changeStrategy?: string): SourceReader {
  const link = clientOf(directory, account);
  clients.push(link);
  const { settings } = readInboundSettings({
    USERS_BASE_DN: base,
    ...(changeStrategy === undefined ? {} : { CHANGE_STRATEGY: changeStrategy }),
  });
  return makeDirectorySource({ link, settings, vendor: undefined, accountFlag: undefined });
}

async function takeRight() {
  directory.edit.grant(directory.accounts.follower?.bindDn ?? '', readRights);
  await directory.goDown();
  await directory.comeUp();
}

test('is chosen where the account may replicate; else uSNChanged, with the missing right named', async () => {
  expect(await reader('follower').open(signal)).toMatchObject({ strategy: 'dirsync', warnings: [] });
  const summary = await reader('reader').open(signal);
  expect(summary.strategy).toBe('usn');
  expect(summary.strategyReason).toContain(
    `the bind account lacks the right Replicating Directory Changes on ${directory.baseDn}`,
  );
  await expect(reader('reader', 'dirsync').open(signal)).rejects.toMatchObject({
    code: 'CHANGE_STRATEGY_UNSUPPORTED',
    message: expect.stringContaining('Replicating Directory Changes'),
  });
});

test('a right that is taken away loses the position, and the full read that follows takes another way', async () => {
  const source = reader();
  const start = await position(source);
  await takeRight();
  change('a', 'Changed');
  const lost = changes(source, start);
  await expect(lost).rejects.toThrow(PositionLost);
  await expect(lost).rejects.toThrow('lacks the right Replicating Directory Changes');
  const { position: next, source: summary } = await readAll(source);
  expect(next?.strategy).toBe('usn');
  expect(summary).toMatchObject({
    strategy: 'usn',
    strategyReason: expect.stringContaining('lacks the right Replicating Directory Changes'),
  });
  change('a', 'Changed again');
  if (next === undefined) throw new Error('no position');
  expect((await changes(source, next)).told).toEqual(['present CN=a']);
  expect(await readAll(source)).not.toHaveProperty('source');
});

test('a right that is taken away before a full read is asked for no more', async () => {
  const source = reader();
  await source.open(signal);
  await takeRight();
  expect((await readAll(source)).position?.strategy).toBe('usn');
  const insisting = reader('follower', 'dirsync');
  await expect(insisting.open(signal)).rejects.toMatchObject({ code: 'CHANGE_STRATEGY_UNSUPPORTED' });
});

test('goes round by round while the server signals more, and tells members once', async () => {
  directory.edit.add(dn('Team'), {
    objectClass: ['group'],
    sAMAccountName: ['Team'],
    groupType: GROUP_TYPE,
    member: [dn('a')],
  });
  const source = reader();
  const start = await position(source);
  for (let index = 0; index < 60; index += 1) {
    add(`n${index}`);
    directory.edit.modify(dn('Team'), { add: { member: [dn(`n${index}`)] } });
  }
  directory.edit.modify(dn('Team'), { delete: { member: [dn('a'), dn('n7')] } });
  const { told, position: next } = await changes(source, start);
  expect(told.filter((item) => item.startsWith('present'))).toHaveLength(60);
  expect(told.filter((item) => item.startsWith('members'))).toEqual(['members +59 -2']);
  expect((await changes(source, next)).told).toEqual([]);
});

test('a cookie that is not taken, a restored controller and one cut off in the middle', async () => {
  const source = reader();
  const start = await position(source);
  change('a', 'Changed');
  const stale = directory.faults.inject(commonFaults.staleDirSyncCookie);
  await expect(changes(source, start)).rejects.toThrow(/does not take the DirSync cookie/);
  stale.remove();
  const cut = directory.faults.inject({
    on: 'searchRequest',
    when: (_, controls) => controls.some(({ oid }) => oid === '1.2.840.113556.1.4.841'),
    effect: { kind: 'drop' },
  });
  await expect(changes(source, start)).rejects.toMatchObject({ retryable: true });
  cut.remove();
  expect((await changes(source, start)).told).toEqual(['present CN=a']);
  directory.restoreFromBackup();
  await expect(changes(source, start)).rejects.toThrow(/was restored/);
});

test('a look without changes asks for no changes', async () => {
  const source = reader();
  const start = await position(source);
  const asked = directory.faults.inject({
    on: 'searchRequest',
    when: (_, controls) => controls.some(({ oid }) => oid === '1.2.840.113556.1.4.841'),
    effect: { kind: 'drop' },
  });
  const { told, position: same } = await changes(source, start);
  expect([told, same, asked.strikes]).toEqual([[], start, 0]);
});

test('a group moved out of the base and back is gone and present, members and all', async () => {
  const { baseDn } = directory;
  directory.edit.add(dn('Team'), {
    objectClass: ['group'],
    sAMAccountName: ['Team'],
    groupType: GROUP_TYPE,
    member: [dn('a')],
  });
  const source = reader();
  const start = await position(source);
  directory.edit.move(dn('Team'), baseDn);
  directory.edit.modify(`CN=Team,${baseDn}`, { add: { member: [dn('b')] } });
  const away = await changes(source, start);
  expect(away.told).toEqual(['gone outOfScope']);
  directory.edit.modify(`CN=Team,${baseDn}`, { add: { member: [dn('c')] } });
  expect((await changes(source, away.position)).told).toEqual([]);
  directory.edit.move(`CN=Team,${baseDn}`, base);
  expect((await changes(source, away.position)).told).toEqual(['present CN=Team']);
});
