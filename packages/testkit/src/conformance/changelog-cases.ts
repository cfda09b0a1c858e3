import {
  CONTROL_OID,
  findControl,
  type LdapClient,
  makePersistentSearchControl,
  parseChangedAttributes,
  parseChangedModifications,
  parseDn,
  parseEntryChangeControl,
} from '@sallyport/ldap';
import { expect } from 'vitest';
import { type CaseContext, type ConformanceCase, eventually } from './case-context.ts';
import { type ChangelogRecord, changelogFrom, lastChangeNumber, startWatch } from './change-feeds.ts';

/** The change feeds that PingDirectory, 389 and OpenDJ share. */
export const changelogCases: readonly ConformanceCase[] = [
  {
    name: 'the changelog tells additions, changed values, renames, moves and deletions with the key of each entry',
    needs: ['changelog'],
    async run(context) {
      const reader = readerClient(context);
      const [unit, other] = [await context.makeUnit(), await context.makeUnit()];
      const start = await settledChangeNumber(context, reader);
      const dn = await context.makePerson(unit, { sn: 'Müller' });
      const key = (await context.read(dn, ['entryUUID']))?.first('entryUUID') ?? '';
      await context.client.modify(dn, [{ operation: 'replace', type: 'title', values: ['Told'] }]);
      await context.client.modify(dn, [{ operation: 'delete', type: 'title', values: [] }]);
      const rdn = `uid=${context.unique('renamed')}`;
      await context.client.modifyDn(dn, rdn, { deleteOldRdn: true });
      await context.client.modifyDn(`${rdn},${unit}`, rdn, { deleteOldRdn: true, newSuperior: other });
      await context.client.delete(`${rdn},${other}`);

      const told = await recordsOf(context, reader, start, key, 'delete');
      expect(told.map(({ changeType }) => changeType)).toEqual([
        'add',
        'modify',
        'modify',
        'modrdn',
        'modrdn',
        'delete',
      ]);
      const [added, set, removed, renamed, moved, deleted] = told;
      expect(readableAttributes(added)).toMatchObject({ sn: ['Müller'] });
      expect(readableChanges(set)).toContain('replace title: Told');
      expect(readableChanges(removed).some((line) => /^(delete|replace) title: $/.test(line))).toBe(true);
      expect([renamed?.newRdn, renamed?.deleteOldRdn?.toUpperCase()]).toEqual([rdn, 'TRUE']);
      expectSameDn(renamed?.targetDn, dn);
      expectSameDn(moved?.targetDn, `${rdn},${unit}`);
      expectSameDn(moved?.newSuperior, other);
      expectSameDn(deleted?.targetDn, `${rdn},${other}`);
    },
  },
  {
    name: 'the changelog tells single members of a group, not the whole list',
    needs: ['changelog'],
    async run(context) {
      const reader = readerClient(context);
      const unit = await context.makeUnit();
      const [stays, comes, goes] = [
        await context.makePerson(unit),
        await context.makePerson(unit),
        await context.makePerson(unit),
      ];
      const group = await context.makeGroup(unit, [stays, goes]);
      const key = (await context.read(group, ['entryUUID']))?.first('entryUUID') ?? '';
      const start = await settledChangeNumber(context, reader);
      await context.client.modify(group, [{ operation: 'add', type: 'member', values: [comes] }]);
      await context.client.modify(group, [{ operation: 'delete', type: 'member', values: [goes] }]);
      await context.client.modify(group, [{ operation: 'replace', type: 'description', values: ['end'] }]);

      const told = await recordsOf(context, reader, start, key, 'modify', 3);
      const members = told.flatMap((record) =>
        readableChanges(record).filter((line) => / member: /.test(line)),
      );
      expect(members).toEqual([`add member: ${comes}`, `delete member: ${goes}`]);
    },
  },
  {
    name: 'the changelog goes on from a number that it still holds, in rising order and without gaps for the reader',
    needs: ['changelog'],
    async run(context) {
      const reader = readerClient(context);
      const dn = await context.makePerson(await context.makeUnit());
      const start = await settledChangeNumber(context, reader);
      for (const title of ['a', 'b', 'c'])
        await context.client.modify(dn, [{ operation: 'replace', type: 'title', values: [title] }]);
      await eventually(
        'three more changes',
        async () => (await lastChangeNumber(context, reader)) >= start + 3,
      );
      const records = await changelogFrom(context, start, reader);
      expect(records.slice(0, 4).map(({ changeNumber }) => changeNumber)).toEqual([
        start,
        start + 1,
        start + 2,
        start + 3,
      ]);
    },
  },
  {
    name: 'persistent search says of each change what it was and, of a rename, the name before',
    needs: ['persistentSearch'],
    async run(context) {
      const unit = await context.makeUnit();
      const seen: string[] = [];
      const control = makePersistentSearchControl({
        changeTypes: ['add', 'delete', 'modify', 'modifyDn'],
        changesOnly: true,
        returnEntryChanges: true,
      });
      const watch = startWatch(context, unit, 'sub', [control], (item) => {
        if (item.kind !== 'entry') return;
        const found = findControl(item.controls(), CONTROL_OID.entryChangeNotification);
        if (found === undefined) return;
        const change = parseEntryChangeControl(found);
        seen.push([change.changeType, item.dn, change.previousDn ?? ''].join(' ').trim());
      });
      const probe = await context.makePerson(unit);
      await eventually('the registration', async () => {
        await context.client.modify(probe, [
          { operation: 'replace', type: 'title', values: [context.unique('t')] },
        ]);
        return seen.some((line) => line.startsWith(`modify ${probe}`));
      });
      const dn = await context.makePerson(unit);
      const rdn = `uid=${context.unique('renamed')}`;
      await context.client.modifyDn(dn, rdn, { deleteOldRdn: true });
      await context.client.delete(`${rdn},${unit}`);
      const told = () => seen.filter((line) => !line.includes(probe)).sort();
      await eventually('three changes', () => told().length >= 3);
      await watch.stop();
      // Sorted: a server that answers the writer first may tell the next change before this one.
      expect(told()).toEqual([`add ${dn}`, `delete ${rdn},${unit}`, `modifyDn ${rdn},${unit} ${dn}`]);
    },
  },
];

function readerClient(context: CaseContext): LdapClient {
  const { reader } = context.server;
  if (reader === undefined) throw new Error('A directory with a changelog needs an account that reads it.');
  return context.connect({ bind: reader });
}

/** The newest number once the changelog has caught up with what was written before: some servers fill it in later. */
async function settledChangeNumber(context: CaseContext, reader: LdapClient): Promise<number> {
  const before = await lastChangeNumber(context, reader);
  const dn = await context.makePerson(await context.makeUnit());
  const key = (await context.read(dn, ['entryUUID']))?.first('entryUUID');
  let number = before;
  await eventually('the changelog to catch up', async () => {
    const records = await changelogFrom(context, before, reader);
    number = records.find((record) => record.key === key)?.changeNumber ?? 0;
    return number > 0;
  });
  return number;
}

/** The changes of one entry once `count` of the last kind are there; what plug-ins note on it in passing is left out. */
async function recordsOf(
  context: CaseContext,
  reader: LdapClient,
  from: number,
  key: string,
  last: string,
  count = 1,
): Promise<readonly ChangelogRecord[]> {
  let records: readonly ChangelogRecord[] = [];
  await eventually(`${count} changes "${last}" of ${key} in the changelog`, async () => {
    const all = await changelogFrom(context, from, reader);
    records = all.filter((record) => record.key?.toLowerCase() === key.toLowerCase());
    return records.filter(({ changeType }) => changeType === last).length >= count;
  });
  return records;
}

function readableAttributes(
  record: ChangelogRecord | undefined,
): Readonly<Record<string, readonly string[]>> {
  const attributes = parseChangedAttributes(record?.changes ?? Buffer.alloc(0));
  return Object.fromEntries(attributes.map(({ type, values }) => [type, values.map(String)]));
}

/** `operation type: value`, one line for each value; a line without a value where there is none. */
function readableChanges(record: ChangelogRecord | undefined): readonly string[] {
  return parseChangedModifications(record?.changes ?? Buffer.alloc(0)).flatMap(
    ({ operation, type, values }) =>
      (values.length === 0 ? [''] : values).map((value) => `${operation} ${type}: ${value.toString()}`),
  );
}

/** Servers give names back in the spelling of the request that made them. */
function expectSameDn(found: string | undefined, expected: string): void {
  expect(parseDn(found ?? '').normal).toBe(parseDn(expected).normal);
}
