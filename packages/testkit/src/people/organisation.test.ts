import { parseDn, parseLdif } from '@sallyport/ldap';
import { describe, expect, it } from 'vitest';
import { organisationEntries, personDn } from './organisation.ts';
import { organisationLdif } from './organisation-ldif.ts';
import { personAt } from './person.ts';

describe('the invented company', () => {
  it('gives 20,000 people names, usernames and addresses that are theirs alone', () => {
    const people = Array.from({ length: 20_000 }, (_, index) => personAt(index));
    for (const pick of ['username', 'commonName', 'mail', 'employeeNumber'] as const) {
      expect(new Set(people.map((person) => person[pick].toLowerCase())).size, pick).toBe(people.length);
    }
    expect(
      people.every((person) => /^[a-z]+\d+$/.test(person.username) && person.username.length <= 20),
    ).toBe(true);
    expect(people.filter((person) => person.disabled)).toHaveLength(1_000);
  });

  it('is the same company every time, and another one for another seed', () => {
    const text = (seed: number) =>
      [...organisationLdif({ kind: 'activeDirectory', people: 30, seed })].join('');
    expect(text(1)).toBe(text(1));
    expect(text(1)).not.toBe(text(2));
  });

  for (const kind of ['activeDirectory', 'openLdap', 'pingDirectory'] as const) {
    it(`is LDIF that reads back, with nothing named before it is there (${kind})`, () => {
      const records = parseLdif([...organisationLdif({ kind, people: 120, teamSize: 50 })].join(''));
      const known = new Set([kind === 'activeDirectory' ? 'dc=corp,dc=example' : 'dc=corp,dc=example']);
      for (const record of records) {
        if (record.kind !== 'entry') throw new Error(`An entry expected, found ${record.kind}.`);
        const dn = parseDn(record.dn);
        expect(known, record.dn).toContain(dn.parent?.normal);
        const named = record.attributes.filter(({ type }) => type === 'member' || type === 'manager');
        for (const value of named.flatMap(({ values }) => values))
          expect(known).toContain(parseDn(value.toString()).normal);
        known.add(dn.normal);
      }
      expect(known).toContain(parseDn(personDn({ kind, people: 120 }, 119)).normal);
    });
  }

  it('puts everybody into a team, a department and Everyone, and nests teams and departments', () => {
    const members = new Map<string, string[]>();
    for (const entry of organisationEntries({ kind: 'activeDirectory', people: 120 })) {
      for (const [name, values] of entry.attributes)
        if (name === 'member') members.set(parseDn(entry.dn).rdn?.value ?? '', [...values]);
    }
    expect(members.get('Everyone')).toHaveLength(120);
    expect(members.get('Team 00003')).toHaveLength(20);
    expect(members.get('All Teams')).toHaveLength(3);
    const inDepartments = members
      .get('Company')
      ?.flatMap((dn) => members.get(parseDn(dn).rdn?.value ?? '') ?? []);
    expect(new Set(inDepartments)).toEqual(new Set(members.get('Everyone')));
  });
});
