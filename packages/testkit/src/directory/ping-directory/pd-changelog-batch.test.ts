import { type ChangelogBatchRequest, EXTENDED_OID, encodeChangelogBatchRequest } from '@sallyport/ldap';
import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../house/wait-until.ts';
import {
  ana,
  base,
  batch,
  beginning,
  bert,
  closeHouses,
  nothing,
  people,
  search,
  start,
  textOf,
  token,
  told,
} from './test/ping-house.ts';

afterEach(closeHouses);

describe('a batch of the changelog', () => {
  it('goes on behind its token, in pieces, and is empty at the end', async () => {
    const { client } = await start();
    const whole = await batch(client);
    expect(whole.result).toMatchObject({ moreChangesAvailable: false, changesAlreadyPurged: false });
    const seen: string[] = [];
    let next: Partial<ChangelogBatchRequest> = {};
    for (let round = 0; ; round += 1) {
      expect(round).toBeLessThan(20);
      const piece = await batch(client, { ...next, maxChanges: 2 });
      seen.push(...told(piece.entries));
      const left = whole.entries.length - seen.length;
      expect(piece.result).toMatchObject({ moreChangesAvailable: left > 0, estimatedChangesRemaining: left });
      next = token(piece.result);
      if (left === 0) break;
    }
    expect(seen).toEqual(told(whole.entries));
    expect((await batch(client, next)).entries).toEqual([]);
    // Behind any one change, by its own token or by its sequence number.
    const middle = whole.entries[2] ?? nothing;
    const rest = told(whole.entries.slice(3));
    expect(told((await batch(client, token(middle))).entries)).toEqual(rest);
    const csn = textOf(middle, 'localCSN') ?? '';
    expect(told((await batch(client, { start: { kind: 'csn', csn } })).entries)).toEqual(rest);
  });

  it('with room for none gives the token of where it would begin', async () => {
    const { directory, client } = await start();
    const { entries, result } = await batch(client, { start: { kind: 'end' }, maxChanges: 0 });
    expect([entries.length, result.moreChangesAvailable]).toEqual([0, false]);
    directory.edit.modify(ana, { replace: { title: 'New' } });
    expect(told((await batch(client, token(result))).entries)).toEqual([`modify ${ana}`]);
  });

  it('begins at a time', async () => {
    let now = Date.UTC(2026, 5, 1);
    const { directory, client } = await start({}, { now: () => now });
    now += 60_000;
    directory.edit.modify(ana, { replace: { title: 'Later' } });
    const at = (atMs: number) => batch(client, { start: { kind: 'time', atMs } });
    expect(told((await at(now - 1)).entries)).toEqual([`modify ${ana}`]);
    expect((await at(now - 120_000)).entries.length).toBeGreaterThan(3);
    directory.edit.trimChangelog(1);
    expect((await at(now - 120_000)).result.changesAlreadyPurged).toBe(true);
    expect((await at(now)).result.changesAlreadyPurged).toBe(false);
  });

  it('says that changes are gone, and goes on with what is left only if asked to', async () => {
    const { directory, client } = await start();
    const { result } = await batch(client, { maxChanges: 1 });
    directory.edit.trimChangelog(1);
    const refused = await batch(client, token(result));
    expect(refused).toMatchObject({ entries: [], missing: [], result: { changesAlreadyPurged: true } });
    const left = await batch(client, { ...token(result), continueOnMissingChanges: true });
    expect(left.entries).toHaveLength(1);
    expect(left.missing).toEqual([expect.stringContaining('purged')]);
    expect(left.result.changesAlreadyPurged).toBe(true);
    expect((await batch(client, token(left.result))).result.changesAlreadyPurged).toBe(false);
    expect((await batch(client)).entries).toHaveLength(1);
  });

  it('has tokens that another server of the topology understands, and numbers that it does not', async () => {
    const { directory, client } = await start({ serverId: 'east' });
    const { entries, result } = await batch(client);
    expect(entries[0]?.serverId).toBe('east');
    directory.edit.modify(ana, { replace: { title: 'Moved' } });
    directory.edit.switchReplica('west', 9_000);
    const after = await batch(client, token(result));
    expect(told(after.entries)).toEqual([`modify ${ana}`]);
    expect([after.entries[0]?.serverId, after.result.changesAlreadyPurged]).toEqual(['west', false]);
    expect(Number(textOf(after.entries[0] ?? nothing, 'changeNumber'))).toBeGreaterThan(9_000);
    const inLog = { base: 'cn=changelog', scope: 'one', pageSize: 0 } as const;
    const numbers = (await search(client, '(changeNumber>=1)', inLog)).map(({ dn }) => dn);
    expect(numbers[0]).toBe('changeNumber=9000,cn=changelog');
    expect(await search(client, '(changeNumber=1)', inLog)).toEqual([]);
    directory.edit.modify(ana, { replace: { title: 'Again' } });
    expect(await search(client, `(changeNumber>=${9_000 + numbers.length})`, inLog)).toHaveLength(1);
  });

  it('waits for changes as long as it is told, and for all of them if told', async () => {
    const { directory, client } = await start();
    const { result } = await batch(client);
    const nothingYet = await batch(client, { ...token(result), maxWaitMs: 30 });
    expect(nothingYet.entries).toEqual([]);
    const asked = directory.faults.inject({ effect: { kind: 'delay', delayMs: 0 }, on: 'extendedRequest' });
    const one = batch(client, { ...token(result), maxWaitMs: 20_000 });
    const two = batch(client, {
      ...token(result),
      maxWaitMs: 20_000,
      waitForMaxChanges: true,
      maxChanges: 2,
    });
    await waitUntil(() => asked.strikes === 2, 'both to wait');
    directory.edit.modify(ana, { replace: { title: 'One' } });
    expect(told((await one).entries)).toEqual([`modify ${ana}`]);
    directory.edit.modify(bert, { replace: { title: 'Two' } });
    expect(told((await two).entries)).toEqual([`modify ${ana}`, `modify ${bert}`]);
    const controller = new AbortController();
    const waiting = batch(client, { start: { kind: 'end' }, maxWaitMs: 20_000 }, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'LDAP_ABORTED' });
  });

  it('selects by base, kind of change and attributes', async () => {
    const { directory, client } = await start();
    const other = `ou=Other,${base}`;
    directory.edit.add(other, { objectClass: ['top', 'organizationalUnit'], ou: 'Other' });
    const { result } = await batch(client);
    directory.edit.modify(ana, { replace: { title: 'X' } });
    directory.edit.modify(bert, { replace: { mail: 'b@x' } });
    directory.edit.rename(bert, 'uid=bob');
    directory.edit.move(`uid=bob,${people}`, other);
    directory.edit.remove(ana);
    const select = async (request: Partial<ChangelogBatchRequest>) =>
      told((await batch(client, { ...token(result), ...request })).entries);
    const bob = `uid=bob,${people}`;
    expect(await select({ includeBases: [other.toUpperCase()] })).toEqual([`modrdn ${bob}`]);
    expect(await select({ excludeBases: [other] })).toEqual([
      `modify ${ana}`,
      `modify ${bert}`,
      `modrdn ${bert}`,
      `delete ${ana}`,
    ]);
    expect(await select({ changeTypes: ['delete', 'modifyDn'] })).toEqual([
      `modrdn ${bert}`,
      `modrdn ${bob}`,
      `delete ${ana}`,
    ]);
    const any = (...attributes: string[]) => select({ selection: { kind: 'anyAttributes', attributes } });
    expect(await any('MAIL', 'title')).toEqual([`modify ${ana}`, `modify ${bert}`, `delete ${ana}`]);
    expect(await any('uid')).toEqual([`modrdn ${bert}`, `modrdn ${bob}`, `delete ${ana}`]);
    expect(
      await select({ selection: { kind: 'allAttributes', attributes: ['title', 'modifiersName'] } }),
    ).toEqual([`modify ${ana}`]);
    const ignore = { kind: 'ignoreAttributes', attributes: ['title'], ignoreOperational: true } as const;
    expect(await select({ selection: ignore })).toEqual([
      `modify ${bert}`,
      `modrdn ${bert}`,
      `modrdn ${bob}`,
      `delete ${ana}`,
    ]);
  });

  it.each([
    ['no value', undefined, 'LDAP_PROTOCOL_ERROR'],
    ['a value that is none', Buffer.from('3003', 'hex'), 'LDAP_PROTOCOL_ERROR'],
    [
      'a token that is none',
      encodeChangelogBatchRequest({ ...token({ resumeToken: Buffer.from('x') }), maxChanges: 1 }),
      'LDAP_UNWILLING_TO_PERFORM',
    ],
    [
      'a sequence number that is none',
      encodeChangelogBatchRequest({ start: { kind: 'csn', csn: '7' }, maxChanges: 1 }),
      'LDAP_UNWILLING_TO_PERFORM',
    ],
    [
      'a base that is no name',
      encodeChangelogBatchRequest({ start: beginning, maxChanges: 1, includeBases: ['x'] }),
      'LDAP_INVALID_DN_SYNTAX',
    ],
  ])('with %s is refused', async (_what, value, code) => {
    const { client } = await start();
    await expect(client.extended(EXTENDED_OID.getChangelogBatch, value)).rejects.toMatchObject({ code });
  });

  it('is cut off by a fault as a search is', async () => {
    const { directory, client } = await start();
    directory.faults.inject({
      effect: { kind: 'dropAfterEntries', entries: 1 },
      on: 'extendedRequest',
      times: 1,
    });
    await expect(batch(client)).rejects.toMatchObject({ code: 'LDAP_CONNECTION_LOST' });
    expect((await batch(client)).entries.length).toBeGreaterThan(1);
  });
});
