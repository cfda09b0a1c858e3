import {
  completeRanges,
  escapeFilterBytes,
  makeExtendedDnControl,
  parseExtendedDn,
  printObjectGuid,
  RESULT_CODE,
} from '@sallyport/ldap';
import { expect } from 'vitest';
import type { ConformanceCase } from './case-context.ts';

/** What the product reads, and how it asks for it. */
export const readingCases: readonly ConformanceCase[] = [
  {
    name: 'a paged search returns every entry once, whatever the page size',
    async run(context) {
      for (const pageSize of [7, 1_000]) {
        const { entries, outcome } = await context.search(context.personFilter, {
          base: context.peopleDn,
          attributes: [context.usernameAttribute],
          pageSize,
        });
        expect(new Set(entries.map((entry) => entry.dn)).size).toBe(context.people);
        expect(entries).toHaveLength(context.people);
        expect(outcome.pages).toBeGreaterThanOrEqual(Math.ceil(context.people / pageSize));
      }
    },
  },
  {
    name: 'an unpaged search beyond the limit fails with sizeLimitExceeded instead of looking complete',
    needs: ['limitsUnpagedSearches'],
    async run(context) {
      await expect(
        context.search(context.personFilter, { base: context.peopleDn, attributes: ['cn'], pageSize: 0 }),
      ).rejects.toMatchObject({ resultCode: RESULT_CODE.sizeLimitExceeded });
    },
  },
  {
    name: 'names with commas, apostrophes, spaces and other scripts survive reading and asking again',
    async run(context) {
      const { entries } = await context.search("(&(sn=O'Brien)(givenName=*))", {
        base: context.peopleDn,
        attributes: ['cn'],
      });
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries.slice(0, 3)) {
        const again = await context.read(entry.dn, ['cn']);
        expect(again?.first('cn')).toBe(entry.first('cn'));
      }
      const { entries: accented } = await context.search('(sn=Černý)', {
        base: context.peopleDn,
        attributes: ['sn'],
      });
      expect(accented.map((entry) => entry.first('sn'))).toContain('Černý');
    },
  },
  {
    name: 'filters: equality without case, presence, substrings, negation, escaped parentheses',
    async run(context) {
      const unit = await context.makeUnit();
      const dn = await context.makePerson(unit, {
        description: 'Two (2) * parts \\ of 7',
        title: 'Conformance Tester',
      });
      const found = async (filter: string) =>
        (await context.search(filter, { base: unit })).entries.map((entry) => entry.dn);
      expect(await found('(title=CONFORMANCE tester)')).toEqual([dn]);
      expect(await found('(&(description=*)(title=Conf*ance*ter))')).toEqual([dn]);
      expect(await found('(description=Two \\282\\29 \\2a parts \\5c of 7)')).toEqual([dn]);
      expect(await found('(description=*\\28*\\2a*)')).toEqual([dn]);
      expect(await found('(&(title=*)(!(title=Somebody)))')).toEqual([dn]);
      expect(await found('(|(title=nobody)(sn=person))')).toEqual([dn]);
      expect(await found('(title=nobody)')).toEqual([]);
    },
  },
  {
    name: 'a class in a filter means its subclasses, listed in the entry or not',
    async run(context) {
      const unit = await context.makeUnit();
      const dn = await context.makePerson(unit);
      const found = await context.search('(&(objectClass=person)(objectClass=organizationalPerson))', {
        base: unit,
      });
      expect(found.entries.map((entry) => entry.dn)).toEqual([dn]);
    },
  },
  {
    name: 'an attribute the schema does not know makes a filter undefined, not true under a negation',
    needs: ['undefinedComparisons'],
    async run(context) {
      const { entries } = await context.search('(!(noSuchAttributeAnywhere=x))', {
        base: context.groupsDn,
        scope: 'base',
      });
      expect(entries).toHaveLength(0);
    },
  },
  {
    name: 'the key finds an entry by its bytes',
    async run(context) {
      const [person] = (
        await context.search(`(${context.usernameAttribute}=*)`, {
          base: context.peopleDn,
          attributes: [context.keyAttribute],
        })
      ).entries;
      const key = person?.bytes(context.keyAttribute);
      expect(key).toBeDefined();
      const text = context.isActiveDirectory
        ? escapeFilterBytes(key ?? Buffer.alloc(0))
        : (key ?? '').toString();
      const again = await context.search(`(${context.keyAttribute}=${text})`, { attributes: ['cn'] });
      expect(again.entries.map((entry) => entry.dn)).toEqual([person?.dn]);
    },
  },
  {
    name: 'scopes: base, one level, subtree',
    async run(context) {
      const unit = await context.makeUnit();
      const inner = await context.makeUnit(unit);
      const dn = await context.makePerson(inner);
      const names = async (scope: 'base' | 'one' | 'sub') =>
        (await context.search('(objectClass=*)', { base: unit, scope })).entries
          .map((entry) => entry.dn)
          .sort();
      expect(await names('base')).toEqual([unit]);
      expect(await names('one')).toEqual([inner]);
      expect(await names('sub')).toEqual([unit, inner, dn].sort());
    },
  },
  {
    name: 'a base that does not exist is noSuchObject',
    async run(context) {
      await expect(
        context.search('(objectClass=*)', { base: `CN=nobody,${context.server.baseDn}`, pageSize: 0 }),
      ).rejects.toMatchObject({
        resultCode: RESULT_CODE.noSuchObject,
      });
    },
  },
  {
    name: '… also when the answer is asked for in pages',
    needs: ['noSuchObjectWhenPaged'],
    async run(context) {
      await expect(
        context.search('(objectClass=*)', { base: `CN=nobody,${context.server.baseDn}`, pageSize: 100 }),
      ).rejects.toMatchObject({
        resultCode: RESULT_CODE.noSuchObject,
      });
    },
  },
  {
    name: 'binary values come back byte for byte',
    async run(context) {
      const photo = Buffer.from(Array.from({ length: 1_024 }, (_, index) => index & 0xff));
      const dn = await context.makePerson(await context.makeUnit(), { jpegPhoto: photo });
      const entry = await context.read(dn, ['jpegPhoto']);
      expect(entry?.bytes('jpegPhoto')?.equals(photo)).toBe(true);
    },
  },
  {
    name: 'all members of a large group are read, and one less after one is removed',
    async run(context) {
      const everyone = `CN=Everyone,${context.groupsDn}`;
      const members = async () => {
        const entry = await context.read(everyone, ['member']);
        if (entry === undefined) throw new Error('The group is gone.');
        return (await completeRanges(context.client, entry, 'member')).map((value) => value.toString());
      };
      const before = await members();
      expect(new Set(before).size).toBe(context.people);
      const [first = ''] = before;
      await context.client.modify(everyone, [{ operation: 'delete', type: 'member', values: [first] }]);
      const after = await members();
      expect(after).toHaveLength(context.people - 1);
      expect(after).not.toContain(first);
      await context.client.modify(everyone, [{ operation: 'add', type: 'member', values: [first] }]);
    },
  },
  {
    name: 'value ranges can be asked for and say where they end',
    needs: ['valueRanges'],
    async run(context) {
      const everyone = `CN=Everyone,${context.groupsDn}`;
      const middle = await context.read(everyone, ['member;range=10-19']);
      expect(middle?.range('member')).toEqual({ first: 10, last: 19 });
      expect(middle?.partialBytes('member')).toHaveLength(10);
      const last = await context.read(everyone, [`member;range=${context.people - 5}-*`]);
      expect(last?.range('member')).toEqual({ first: context.people - 5, last: undefined });
      expect(last?.partialBytes('member')).toHaveLength(5);
    },
  },
  {
    name: 'more than 1,500 values come as a first range although the plain attribute was asked for',
    needs: ['rangesUnasked'],
    async run(context) {
      const entry = await context.read(`CN=Everyone,${context.groupsDn}`, ['member']);
      expect(entry?.range('member')).toEqual({ first: 0, last: 1_499 });
      expect(entry?.partialBytes('member')).toHaveLength(1_500);
    },
  },
  {
    name: 'bitwise and in-chain matching rules and objectCategory by class name work',
    needs: ['adFilters'],
    async run(context) {
      const disabled = await context.search(
        `(&${context.personFilter}(userAccountControl:1.2.840.113556.1.4.803:=2))`,
        { base: context.peopleDn, attributes: ['cn'] },
      );
      expect(disabled.entries).toHaveLength(Math.floor(context.people / 20));
      const nested = await context.search(
        `(&(objectClass=user)(memberOf:1.2.840.113556.1.4.1941:=CN=All Teams,${context.groupsDn}))`,
        { attributes: ['cn'] },
      );
      expect(nested.entries).toHaveLength(context.people);
      const [somebody] = nested.entries;
      const groups = await context.search(
        `(member:1.2.840.113556.1.4.1941:=${somebody?.dn.replaceAll('\\', '\\5c')})`,
        { attributes: ['cn'] },
      );
      expect(groups.entries.map((entry) => entry.first('cn'))).toEqual(
        expect.arrayContaining(['All Teams', 'Company', 'Everyone']),
      );
    },
  },
  {
    name: 'integers compare as numbers in filters',
    needs: ['usnPolling'],
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit());
      const usn = Number((await context.read(dn, ['uSNChanged']))?.first('uSNChanged'));
      const found = async (filter: string) =>
        (await context.search(filter, { attributes: ['cn'] })).entries.some((entry) => entry.dn === dn);
      expect(await found(`(uSNChanged>=${usn})`)).toBe(true);
      expect(await found(`(uSNChanged>=${usn + 1})`)).toBe(false);
      // As text, "9" would be above any of these numbers.
      expect(await found(`(&(uSNChanged<=${usn})(uSNChanged>=9))`)).toBe(true);
    },
  },
  {
    name: 'an entry is found by its GUID as a name, and names come with their GUIDs on request',
    needs: ['extendedDn'],
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit());
      const guid = (await context.read(dn, ['objectGUID']))?.bytes('objectGUID') ?? Buffer.alloc(16);
      const byGuid = await context.read(`<GUID=${printObjectGuid(guid)}>`, ['cn']);
      expect(byGuid?.dn).toBe(dn);
      const extended = await context.read(dn, ['cn'], [makeExtendedDnControl('text')]);
      expect(parseExtendedDn(extended?.dn ?? '')).toMatchObject({ guid: printObjectGuid(guid), dn });
    },
  },
  {
    name: 'the root DSE says what the product has to know',
    async run(context) {
      const rootDse = await context.read('', ['*', '+']);
      expect(rootDse?.values('namingContexts').map((name) => name.toLowerCase())).toContain(
        context.server.baseDn.toLowerCase(),
      );
      expect(rootDse?.values('supportedControl')).toContain('1.2.840.113556.1.4.319');
      expect(rootDse?.values('supportedLDAPVersion')).toContain('3');
      const subschema = await context.read(rootDse?.first('subschemaSubentry') ?? '', [
        'attributeTypes',
        'objectClasses',
      ]);
      expect(subschema?.values('attributeTypes').some((definition) => definition.includes("'mail'"))).toBe(
        true,
      );
      expect(subschema?.count('objectClasses')).toBeGreaterThan(10);
      if (!context.isActiveDirectory) return;
      for (const name of [
        'defaultNamingContext',
        'dsServiceName',
        'dnsHostName',
        'highestCommittedUSN',
        'currentTime',
      ]) {
        expect(rootDse?.first(name), name).toBeTruthy();
      }
      const settings = await context.read(rootDse?.first('dsServiceName') ?? '', ['invocationId']);
      expect(settings?.bytes('invocationId')).toHaveLength(16);
    },
  },
  {
    name: 'a search that is left early is abandoned and the connection goes on working',
    async run(context) {
      const stream = context.client.search({
        base: context.peopleDn,
        scope: 'sub',
        filter: { kind: 'present', attribute: 'objectClass' },
        attributes: [],
        pageSize: 100,
      });
      for await (const batch of stream) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
      expect((await context.read(context.peopleDn, ['ou']))?.first('ou')).toBe('People');
    },
  },
];
