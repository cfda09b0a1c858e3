import { encodeUnicodePwd, escapeFilterValue, makeFlagControl, printSid, RESULT_CODE } from '@sallyport/ldap';
import { expect } from 'vitest';
import { type CaseContext, type ConformanceCase, eventually } from './case-context.ts';

/** What the product writes, and what it must be refused. */
export const writingCases: readonly ConformanceCase[] = [
  {
    name: 'rename, move and both keep the key; the old name is gone',
    async run(context) {
      const [first, second] = [await context.makeUnit(), await context.makeUnit()];
      const dn = await context.makePerson(first);
      const key = await keyOf(context, dn);
      const type = context.isActiveDirectory ? 'CN' : 'uid';
      const rdn = `${type}=Silva\\, Ana (O'Neil ${context.unique('')})`;
      await context.client.modifyDn(dn, rdn, { deleteOldRdn: true });
      expect(await keyOf(context, `${rdn},${first}`)).toEqual(key);
      await context.client.modifyDn(`${rdn},${first}`, rdn, { deleteOldRdn: true, newSuperior: second });
      expect(await keyOf(context, `${rdn},${second}`)).toEqual(key);
      const back = `${type}=${context.unique('back')}`;
      await context.client.modifyDn(`${rdn},${second}`, back, { deleteOldRdn: true, newSuperior: first });
      expect(await keyOf(context, `${back},${first}`)).toEqual(key);
      await expect(context.read(dn)).rejects.toMatchObject({ resultCode: RESULT_CODE.noSuchObject });
    },
  },
  {
    name: 'renaming an OU renames what is below it',
    async run(context) {
      const unit = await context.makeUnit();
      const dn = await context.makePerson(unit);
      const key = await keyOf(context, dn);
      const rdn = `${context.isActiveDirectory ? 'OU' : 'ou'}=${context.unique('Renamed ')}`;
      await context.client.modifyDn(unit, rdn, { deleteOldRdn: true });
      expect(await keyOf(context, `${dn.split(',')[0]},${rdn},${context.server.baseDn}`)).toEqual(key);
    },
  },
  {
    name: 'moving an OU renames what is below it, whichever way it is read',
    async run(context) {
      const [unit, other] = [await context.makeUnit(), await context.makeUnit()];
      const inner = await context.makeUnit(unit);
      const dn = await context.makePerson(inner);
      const key = await keyOf(context, dn);
      const [person = '', innerRdn = ''] = dn.split(',');
      await context.client.modifyDn(inner, innerRdn, { deleteOldRdn: true, newSuperior: other });
      const moved = `${person},${innerRdn},${other}`;
      expect(await keyOf(context, moved)).toEqual(key);
      const found = await context.search(`(${context.usernameAttribute}=${person.split('=')[1]})`, {
        attributes: [context.usernameAttribute],
      });
      expect(found.entries.map((entry) => entry.dn)).toEqual([moved]);
    },
  },
  {
    name: 'an entry added again under a deleted name has another key',
    async run(context) {
      const unit = await context.makeUnit();
      const username = context.unique('again');
      const values = { [context.usernameAttribute]: username };
      const dn = await context.makePerson(unit, values);
      const key = await keyOf(context, dn);
      await context.client.delete(dn);
      await context.makePerson(unit, values);
      expect(await keyOf(context, dn)).not.toEqual(key);
    },
  },
  {
    name: 'adding what exists, below what does not exist, and without required attributes is refused',
    async run(context) {
      const unit = await context.makeUnit();
      const dn = await context.makePerson(unit);
      const username = dn.split(',')[0]?.split('=')[1] ?? '';
      await expect(context.makePerson(unit, { [context.usernameAttribute]: username })).rejects.toMatchObject(
        {
          resultCode: RESULT_CODE.entryAlreadyExists,
        },
      );
      await expect(context.makePerson(`OU=nowhere,${context.server.baseDn}`)).rejects.toMatchObject({
        resultCode: RESULT_CODE.noSuchObject,
      });
      await expect(
        context.client.add(`CN=bare,${unit}`, [{ type: 'objectClass', values: ['noSuchClassAnywhere'] }]),
      ).rejects.toThrow();
    },
  },
  {
    name: 'a modify is whole or nothing',
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit(), { title: 'before' });
      await expect(
        context.client.modify(dn, [
          { operation: 'replace', type: 'title', values: ['after'] },
          { operation: 'add', type: 'member', values: [dn] },
        ]),
      ).rejects.toThrow();
      expect((await context.read(dn, ['title']))?.first('title')).toBe('before');
    },
  },
  {
    name: 'values are added, removed, replaced and cleared',
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit());
      const numbers = async () => {
        const type = context.isActiveDirectory ? 'otherTelephone' : 'telephoneNumber';
        return (await context.read(dn, [type]))?.values(type).sort();
      };
      const type = context.isActiveDirectory ? 'otherTelephone' : 'telephoneNumber';
      await context.client.modify(dn, [{ operation: 'add', type, values: ['1', '2', '3'] }]);
      expect(await numbers()).toEqual(['1', '2', '3']);
      await context.client.modify(dn, [{ operation: 'delete', type, values: ['2'] }]);
      expect(await numbers()).toEqual(['1', '3']);
      await context.client.modify(dn, [{ operation: 'replace', type, values: ['4'] }]);
      expect(await numbers()).toEqual(['4']);
      await context.client.modify(dn, [{ operation: 'replace', type, values: [] }]);
      expect(await numbers()).toEqual([]);
    },
  },
  {
    name: 'adding a present value and removing an absent one is refused',
    async run(context) {
      const unit = await context.makeUnit();
      const [member, other] = [await context.makePerson(unit), await context.makePerson(unit)];
      const group = await context.makeGroup(unit, [member]);
      await expect(
        context.client.modify(group, [{ operation: 'add', type: 'member', values: [member] }]),
      ).rejects.toThrow();
      await expect(
        context.client.modify(group, [{ operation: 'delete', type: 'member', values: [other] }]),
      ).rejects.toThrow();
    },
  },
  {
    name: 'with permissive modify both succeed and change nothing',
    needs: ['permissiveModify'],
    async run(context) {
      const unit = await context.makeUnit();
      const [member, other] = [await context.makePerson(unit), await context.makePerson(unit)];
      const group = await context.makeGroup(unit, [member]);
      const controls = [makeFlagControl('permissiveModify')];
      await context.client.modify(group, [{ operation: 'add', type: 'member', values: [member] }], {
        controls,
      });
      await context.client.modify(group, [{ operation: 'delete', type: 'member', values: [other] }], {
        controls,
      });
      expect((await context.read(group, ['member']))?.values('member')).toEqual([member]);
    },
  },
  {
    name: 'an OU with entries is not deleted, except by tree delete',
    async run(context) {
      const unit = await context.makeUnit();
      await context.makePerson(unit);
      await expect(context.client.delete(unit)).rejects.toMatchObject({
        resultCode: RESULT_CODE.notAllowedOnNonLeaf,
      });
    },
  },
  {
    name: 'tree delete removes an OU with everything below, and each entry leaves its own tombstone',
    needs: ['treeDelete', 'tombstones'],
    async run(context) {
      const unit = await context.makeUnit();
      const inner = await context.makeUnit(unit);
      const keys = [];
      for (let count = 0; count < 5; count++)
        keys.push(await keyOf(context, await context.makePerson(inner)));
      await context.client.delete(unit, { controls: [makeFlagControl('treeDelete')] });
      await expect(context.read(unit)).rejects.toMatchObject({ resultCode: RESULT_CODE.noSuchObject });
      const tombstones = await context.search('(isDeleted=TRUE)', {
        attributes: ['objectGUID', 'lastKnownParent'],
        controls: [makeFlagControl('showDeleted')],
      });
      const found = new Set(tombstones.entries.map((entry) => entry.bytes('objectGUID')?.toString('hex')));
      for (const key of keys) expect(found).toContain(key.toString('hex'));
    },
  },
  {
    name: 'groups follow a renamed member and lose a deleted one; memberOf shows it from the other side',
    needs: ['referentialIntegrity'],
    async run(context) {
      const unit = await context.makeUnit();
      const [stays, goes] = [await context.makePerson(unit), await context.makePerson(unit)];
      const group = await context.makeGroup(unit, [stays, goes]);
      const members = async () =>
        (await context.read(group, ['member']))
          ?.values('member')
          .map((name) => name.toLowerCase())
          .sort();
      const rdn = `${context.isActiveDirectory ? 'CN' : 'uid'}=${context.unique('renamed')}`;
      const renamed = `${rdn},${unit}`;
      await context.client.modifyDn(stays, rdn, { deleteOldRdn: true });
      await eventually(
        'the new name in the group',
        async () => (await members())?.includes(renamed.toLowerCase()) === true,
      );
      const memberOf = context.factory.memberOfAttribute ?? 'memberOf';
      expect(
        (await context.read(renamed, [memberOf]))?.values(memberOf).map((name) => name.toLowerCase()),
      ).toEqual([group.toLowerCase()]);
      await context.client.delete(goes);
      await eventually('the deleted member gone', async () => (await members())?.length === 1);
      expect(await members()).toEqual([renamed.toLowerCase()]);
    },
  },
  {
    name: 'the username is unique in the domain',
    needs: ['accountControl'],
    async run(context) {
      const [first, second] = [await context.makeUnit(), await context.makeUnit()];
      const username = context.unique('same');
      await context.makePerson(first, { sAMAccountName: username });
      await expect(context.makePerson(second, { sAMAccountName: username })).rejects.toThrow();
    },
  },
  {
    name: 'a new primary group has to hold the person, and swaps lists with the old one',
    needs: ['accountControl'],
    async run(context) {
      const unit = await context.makeUnit();
      const dn = await context.makePerson(unit);
      const group = await context.makeGroup(unit, []);
      const everyone = `CN=Domain Users,CN=Users,${context.server.baseDn}`;
      const sid = printSid((await context.read(group, ['objectSid']))?.bytes('objectSid') ?? Buffer.alloc(0));
      const become = () =>
        context.client.modify(dn, [
          {
            operation: 'replace',
            type: 'primaryGroupID',
            values: [sid.slice(sid.lastIndexOf('-') + 1)],
          },
        ]);
      const isListed = async (name: string) =>
        (await context.search(`(member=${escapeFilterValue(dn)})`, { base: name, scope: 'base' })).entries
          .length === 1;
      await expect(become()).rejects.toThrow();
      await context.client.modify(group, [{ operation: 'add', type: 'member', values: [dn] }]);
      const stamp = async () =>
        BigInt((await context.read(everyone, ['uSNChanged']))?.first('uSNChanged') ?? '0');
      const before = await stamp();
      await become();
      expect(await isListed(group)).toBe(false);
      expect(await isListed(everyone)).toBe(true);
      expect(await stamp()).toBeGreaterThan(before);
    },
  },
  {
    name: 'a new account is disabled and asks for no password; it can be enabled with one, keeping its other bits',
    needs: ['accountControl', 'unicodePassword'],
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit());
      const control = async () =>
        Number((await context.read(dn, ['userAccountControl']))?.first('userAccountControl'));
      expect(await control()).toBe(546);
      const password = 'Str0ng.Enough';
      await context.client.modify(dn, [
        { operation: 'replace', type: 'unicodePwd', values: [encodeUnicodePwd(password)] },
      ]);
      await context.client.modify(dn, [
        { operation: 'replace', type: 'userAccountControl', values: ['66048'] },
      ]);
      expect(await control()).toBe(66_048);
      await expect(context.client.checkPassword(dn, password)).resolves.toMatchObject({ resultCode: 0 });
      await expect(context.client.checkPassword(dn, 'wrong')).rejects.toMatchObject({ class: 'signOn' });
      expect((await context.read(dn, ['unicodePwd']))?.count('unicodePwd')).toBe(0);
    },
  },
  {
    name: 'a password that is too weak is refused with the reason',
    needs: ['unicodePassword'],
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit());
      await expect(
        context.client.modify(dn, [
          { operation: 'replace', type: 'unicodePwd', values: [encodeUnicodePwd('weak')] },
        ]),
      ).rejects.toMatchObject({ adCode: 0x52d });
    },
  },
  {
    name: 'a password in the clear is refused',
    needs: ['refusesPasswordInTheClear'],
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit());
      const plain = context.connect({ security: 'none' });
      await expect(
        plain.modify(dn, [
          { operation: 'replace', type: 'unicodePwd', values: [encodeUnicodePwd('Str0ng.Enough')] },
        ]),
      ).rejects.toMatchObject({ resultCode: RESULT_CODE.unwillingToPerform });
    },
  },
  {
    name: 'an account without a password cannot be enabled',
    needs: ['refusesEnablingWithoutPassword'],
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit());
      await expect(
        context.client.modify(dn, [{ operation: 'replace', type: 'userAccountControl', values: ['512'] }]),
      ).rejects.toMatchObject({ resultCode: RESULT_CODE.unwillingToPerform, adCode: 0x52d });
    },
  },
];

async function keyOf(context: CaseContext, dn: string): Promise<Buffer> {
  const entry = await context.read(dn, [context.keyAttribute]);
  const key = entry?.bytes(context.keyAttribute);
  if (key === undefined) throw new Error(`${dn} has no ${context.keyAttribute}.`);
  return Buffer.from(key);
}
