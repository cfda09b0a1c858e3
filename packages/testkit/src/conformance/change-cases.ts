import {
  CONTROL_OID,
  findControl,
  makeFlagControl,
  makeSyncRequestControl,
  parseSyncStateControl,
} from '@sallyport/ldap';
import { expect } from 'vitest';
import { type CaseContext, type ConformanceCase, eventually } from './case-context.ts';
import { dirSync, showDeleted, startWatch, sync } from './change-feeds.ts';

/** How the product learns what has changed. */
export const changeCases: readonly ConformanceCase[] = [
  {
    name: 'polling by uSNChanged finds additions, changes, renames and, in Deleted Objects, deletions',
    needs: ['usnPolling', 'tombstones'],
    async run(context) {
      const unit = await context.makeUnit();
      const [changed = '', renamed = '', deleted = '', untouched = ''] = await people(context, unit, 4);
      const guid = (await context.read(deleted, ['objectGUID']))?.bytes('objectGUID') ?? Buffer.alloc(0);
      const key = Buffer.from(guid).toString('hex');
      const mark = await highestUsn(context);
      const added = await context.makePerson(unit);
      await context.client.modify(changed, [{ operation: 'replace', type: 'title', values: ['New'] }]);
      const rdn = `CN=${context.unique('renamed')}`;
      await context.client.modifyDn(renamed, rdn, { deleteOldRdn: true });
      await context.client.delete(deleted);
      const live = await context.search(`(&(uSNChanged>=${mark + 1})(objectClass=user))`, {
        base: unit,
        attributes: ['cn'],
      });
      expect(live.entries.map((entry) => entry.dn).sort()).toEqual([added, changed, `${rdn},${unit}`].sort());
      expect(live.entries.map((entry) => entry.dn)).not.toContain(untouched);
      const gone = await context.search(`(&(isDeleted=TRUE)(uSNChanged>=${mark + 1}))`, {
        base: `CN=Deleted Objects,${context.server.baseDn}`,
        attributes: ['objectGUID', 'lastKnownParent', 'sAMAccountName', 'mail', 'objectClass'],
        controls: [showDeleted],
      });
      expect(gone.entries.map((entry) => entry.bytes('objectGUID')?.toString('hex'))).toEqual([key]);
      const [tombstone] = gone.entries;
      expect(tombstone?.dn).toMatch(/^CN=.*\\0ADEL:[0-9a-f-]{36},CN=Deleted Objects,/i);
      expect(tombstone?.first('lastKnownParent')).toBe(unit);
      expect(tombstone?.values('objectClass')).toContain('user');
      expect(tombstone?.has('sAMAccountName')).toBe(true);
      expect(tombstone?.has('mail')).toBe(false);
      const unseen = await context.search('(isDeleted=TRUE)', { attributes: ['cn'] });
      expect(unseen.entries).toHaveLength(0);
    },
  },
  {
    name: 'a new member changes the group and not the user; a renamed or deleted member does not change the group',
    needs: ['usnPolling', 'linkedAttributes'],
    async run(context) {
      const unit = await context.makeUnit();
      const [user = '', other = ''] = await people(context, unit, 2);
      const group = await context.makeGroup(unit, []);
      const usn = async (dn: string) => Number((await context.read(dn, ['uSNChanged']))?.first('uSNChanged'));
      const [userBefore, groupBefore] = [await usn(user), await usn(group)];
      await context.client.modify(group, [{ operation: 'add', type: 'member', values: [user, other] }]);
      expect(await usn(user)).toBe(userBefore);
      const groupAfter = await usn(group);
      expect(groupAfter).toBeGreaterThan(groupBefore);
      await context.client.modifyDn(user, `CN=${context.unique('renamed')}`, { deleteOldRdn: true });
      await context.client.delete(other);
      expect(await usn(group)).toBe(groupAfter);
    },
  },
  {
    name: 'a deleted object comes back under its key, disabled, with what its tombstone kept',
    needs: ['tombstones'],
    async run(context) {
      const unit = await context.makeUnit();
      const dn = await context.makePerson(unit, { mail: 'gone@corp.example' });
      const guid = Buffer.from(
        (await context.read(dn, ['objectGUID']))?.bytes('objectGUID') ?? Buffer.alloc(0),
      );
      await context.client.delete(dn);
      const gone = await context.search('(isDeleted=TRUE)', {
        base: `CN=Deleted Objects,${context.server.baseDn}`,
        attributes: ['objectGUID'],
        controls: [showDeleted],
      });
      const tombstone = gone.entries.find((entry) => entry.bytes('objectGUID')?.equals(guid));
      await context.client.modify(
        tombstone?.dn ?? '',
        [
          { operation: 'delete', type: 'isDeleted', values: [] },
          { operation: 'replace', type: 'distinguishedName', values: [dn] },
        ],
        { controls: [showDeleted] },
      );
      const back = await context.read(dn, ['objectGUID', 'mail', 'isDeleted']);
      expect(back?.bytes('objectGUID')?.equals(guid)).toBe(true);
      expect(back?.has('mail')).toBe(false);
      expect(back?.has('isDeleted')).toBe(false);
    },
  },
  {
    name: 'DirSync tells changed attributes, moves, deletions and single member values',
    needs: ['dirSync'],
    async run(context) {
      const unit = await context.makeUnit();
      const other = await context.makeUnit();
      const [changed = '', moved = '', deleted = '', member = ''] = await people(context, unit, 4);
      const group = await context.makeGroup(unit, [changed]);
      const attributes = ['name', 'parentGUID', 'title', 'isDeleted', 'member', 'objectGUID'];
      const start = await dirSync(context, Buffer.alloc(0), attributes);
      expect(start.entries.length).toBeGreaterThan(context.people);
      await context.client.modify(changed, [{ operation: 'replace', type: 'title', values: ['Told'] }]);
      await context.client.modifyDn(moved, moved.split(',')[0] ?? '', {
        deleteOldRdn: true,
        newSuperior: other,
      });
      await context.client.modify(group, [
        { operation: 'delete', type: 'member', values: [changed] },
        { operation: 'add', type: 'member', values: [member] },
      ]);
      await context.client.delete(deleted);
      const { entries, cookie } = await dirSync(context, start.cookie, attributes);
      const byName = (dn: string) => entries.find((entry) => entry.dn === dn);
      expect(byName(changed)?.first('title')).toBe('Told');
      expect(byName(changed)?.has('name')).toBe(false);
      expect(byName(`${moved.split(',')[0]},${other}`)?.bytes('parentGUID')).toHaveLength(16);
      const groupEntry = byName(group);
      expect(
        groupEntry
          ?.attributes()
          .find(({ type }) => type.toLowerCase() === 'member;range=1-1')
          ?.values.map(String),
      ).toEqual([member]);
      expect(
        groupEntry
          ?.attributes()
          .find(({ type }) => type.toLowerCase() === 'member;range=0-0')
          ?.values.map(String),
      ).toEqual([changed]);
      const tombstone = entries.find((entry) => entry.first('isDeleted') === 'TRUE');
      expect(tombstone?.dn).toContain('DEL:');
      expect(byName(member)).toBeUndefined();
      expect((await dirSync(context, cookie, attributes)).entries).toHaveLength(0);
    },
  },
  {
    name: 'DirSync tells a removed attribute as one without values',
    needs: ['dirSync'],
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit(), { title: 'Short-lived' });
      const { cookie } = await dirSync(context, Buffer.alloc(0), ['title']);
      await context.client.modify(dn, [{ operation: 'replace', type: 'title', values: [] }]);
      const { entries } = await dirSync(context, cookie, ['title']);
      const entry = entries.find((item) => item.dn === dn);
      expect(entry?.has('title')).toBe(true);
      expect(entry?.count('title')).toBe(0);
    },
  },
  {
    name: 'DirSync wants the root of a naming context',
    needs: ['dirSync'],
    async run(context) {
      await expect(dirSync(context, Buffer.alloc(0), ['cn'], { base: context.peopleDn })).rejects.toThrow();
    },
  },
  {
    name: 'DirSync answers in several rounds and misses nothing',
    needs: ['dirSync', 'dirSyncRounds'],
    async run(context) {
      const { entries, rounds } = await dirSync(context, Buffer.alloc(0), ['name'], { maxBytes: 20_000 });
      expect(rounds).toBeGreaterThan(5);
      const whole = await dirSync(context, Buffer.alloc(0), ['name']);
      expect(new Set(entries.map((entry) => entry.dn))).toEqual(
        new Set(whole.entries.map((entry) => entry.dn)),
      );
    },
  },
  {
    name: 'change notification wakes up for each change below its base',
    needs: ['changeNotification'],
    async run(context) {
      const unit = await context.makeUnit();
      const seen: string[] = [];
      const watch = startWatch(context, unit, 'one', [makeFlagControl('changeNotification')], (item) => {
        if (item.kind === 'entry') seen.push(item.dn);
      });
      const dn = await context.makePerson(unit);
      await eventually('the addition', async () => {
        // The registration has no sign of its own: a later change tells as well as the first.
        await context.client.modify(dn, [
          { operation: 'replace', type: 'title', values: [context.unique('t')] },
        ]);
        return seen.includes(dn);
      });
      await watch.stop();
    },
  },
  {
    name: 'content synchronization: everything without a cookie, then only changes and deletions',
    needs: ['contentSync'],
    async run(context) {
      const unit = await context.makeUnit();
      const [changed = '', deleted = '', untouched = ''] = await people(context, unit, 3);
      const name = context.factory.syncKey ?? 'entryUUID';
      const uuid = (await context.read(deleted, [name]))?.first(name)?.replaceAll('-', '');
      const first = await sync(context, unit, undefined);
      expect(first.entries.map((entry) => entry.dn)).toEqual(
        expect.arrayContaining([changed, deleted, untouched]),
      );
      await context.client.modify(changed, [{ operation: 'replace', type: 'title', values: ['Told'] }]);
      await context.client.delete(deleted);
      const second = await sync(context, unit, first.cookie);
      expect(second.entries.map((entry) => entry.dn)).toEqual([changed]);
      expect(second.deleted).toContain(uuid);
    },
  },
  {
    name: 'content synchronization goes on telling in the persist stage',
    needs: ['contentSync'],
    async run(context) {
      const unit = await context.makeUnit();
      const states: string[] = [];
      let isRefreshed = false;
      const control = makeSyncRequestControl({ mode: 'refreshAndPersist' });
      const watch = startWatch(context, unit, 'sub', [control], (item) => {
        if (item.kind === 'intermediate') isRefreshed = true;
        if (item.kind !== 'entry') return;
        const state = findControl(item.controls(), CONTROL_OID.syncState);
        if (state !== undefined && isRefreshed)
          states.push(`${parseSyncStateControl(state).state} ${item.dn}`);
      });
      await eventually('the end of the refresh', () => isRefreshed);
      const dn = await context.makePerson(unit);
      await context.client.modify(dn, [{ operation: 'replace', type: 'title', values: ['x'] }]);
      await context.client.delete(dn);
      await eventually('the deletion', () => states.includes(`delete ${dn}`));
      expect(states).toEqual([`add ${dn}`, `modify ${dn}`, `delete ${dn}`]);
      await watch.stop();
    },
  },
];

async function people(context: CaseContext, unit: string, count: number): Promise<string[]> {
  const dns: string[] = [];
  for (let index = 0; index < count; index++)
    dns.push(await context.makePerson(unit, { mail: `${context.unique('m')}@corp.example` }));
  return dns;
}

async function highestUsn(context: CaseContext): Promise<number> {
  return Number((await context.read('', ['highestCommittedUSN']))?.first('highestCommittedUSN'));
}
