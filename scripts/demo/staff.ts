import { readFileSync } from 'node:fs';
import { escapeDnValue, type LdapClient, makeLdapClient } from '@sallyport/ldap';
import { type Person, personAt, personDn } from '@sallyport/testkit';
import type { DemoDirectory } from './demo-directory.ts';
import type { Expected } from './expected.ts';

export interface StaffChange {
  readonly what: (typeof KINDS)[number];
  readonly text: string;
  readonly expected: Expected;
  /** Writes it to the directory, over LDAP. */
  readonly write: () => Promise<void>;
}

/** One round, in the order in which it is shown. */
const KINDS = ['rename', 'join', 'quit', 'regroup', 'leave', 'hire', 'move', 'disable'] as const;
const TEAM_NAMES = ['Blue', 'Coral', 'Amber', 'Jade', 'Silver'];
const NEW_NAMES = ['Moreau', 'Lindqvist', 'Okafor', 'Nakamura', 'Rossi', 'Haddad', 'Kowalska', 'Brennan'];

/** NORMAL_ACCOUNT | PASSWD_NOTREQD, so that no password has to be set first (userAccountControl of [MS-ADTS] 2.2.16). */
const ENABLED = '544';
const DISABLED = '546';

interface Employee {
  readonly person: Person;
  dn: string;
  familyName: string;
  city: string;
}

/** Of the people with these indexes, each team has as many as `organisationEntries` puts into it. */
const TEAM_SIZE = 50;

function teamName(team: number): string {
  return `Team ${String(team + 1).padStart(5, '0')}`;
}

/** The human resources department of the demo: an endless line of ordinary changes, written with an account that may write. */
export function makeStaff(directory: DemoDirectory, people: number) {
  const { kind, server } = directory;
  const isAd = kind === 'activeDirectory';
  const client: LdapClient = makeLdapClient({
    servers: [{ host: server.host, port: server.tlsPort }],
    security: 'ldaps',
    tls: { ca: readFileSync(server.caFile) },
    bind: { dn: server.bindDn, password: server.bindPassword },
  });
  const ou = isAd ? 'OU' : 'ou';
  const cityDn = (city: string): string => `${ou}=${city},${ou}=People,${server.baseDn}`;
  const employed = (index: number): Employee => {
    const person = personAt(index);
    const dn = personDn({ kind, people }, index);
    return { person, dn, familyName: person.familyName, city: person.city.name };
  };
  const teams = Math.ceil(people / TEAM_SIZE);
  const groupType = isAd ? 'CN' : 'cn';
  const groupDn = (name: string): string =>
    `${groupType}=${escapeDnValue(name)},${ou}=Groups,${server.baseDn}`;
  /** Teams that have another name by now. */
  const renamed = new Map<number, string>();
  const nameOf = (team: number): string => renamed.get(team) ?? teamName(team);
  /** Whom nothing but a membership changes: no entry of a person is written. */
  const changeMember = (employee: Employee, group: string, isMember: boolean) => ({
    expected: { username: employee.person.username, group, isMember },
    write: async () => {
      await client.modify(groupDn(group), [
        {
          operation: isMember ? ('add' as const) : ('delete' as const),
          type: 'member',
          values: [employee.dn],
        },
      ]);
    },
  });
  const rdnOf = ({ person, familyName }: Employee): string =>
    isAd
      ? `CN=${escapeDnValue(`${familyName}, ${person.givenName} ${person.index + 1}`)}`
      : `uid=${person.username}`;

  const changeOf = (what: StaffChange['what'], employee: Employee, turn: number): StaffChange => {
    const { person } = employee;
    const { username } = person;
    const name = `${person.givenName} ${employee.familyName}`;
    switch (what) {
      case 'hire': {
        const dn = `${rdnOf(employee)},${cityDn(employee.city)}`;
        return {
          what,
          text: `${name} joins in ${employee.city}`,
          expected: { username, enabled: true },
          write: async () => {
            await client.add(dn, hireAttributes(employee, isAd));
            employee.dn = dn;
          },
        };
      }
      case 'rename': {
        const familyName = NEW_NAMES[turn % NEW_NAMES.length] ?? 'Moreau';
        return {
          what,
          text: `${name} is now called ${person.givenName} ${familyName}`,
          expected: { username, familyName },
          write: async () => {
            employee.familyName = familyName;
            await client.modify(employee.dn, [
              replace('sn', familyName),
              replace('displayName', `${person.givenName} ${familyName}`),
            ]);
            if (!isAd) return;
            const rdn = rdnOf(employee);
            await client.modifyDn(employee.dn, rdn, { deleteOldRdn: true });
            employee.dn = `${rdn},${cityDn(employee.city)}`;
          },
        };
      }
      case 'join': {
        // Nobody is in the group of all teams by themselves: with a single team it is the one to join.
        const group = teams > 1 ? nameOf((Math.floor(person.index / TEAM_SIZE) + 1) % teams) : 'All Teams';
        return { what, text: `${name} joins ${group}`, ...changeMember(employee, group, true) };
      }
      case 'quit': {
        const group = nameOf(Math.floor(person.index / TEAM_SIZE));
        return { what, text: `${name} is taken out of ${group}`, ...changeMember(employee, group, false) };
      }
      case 'regroup': {
        const team = Math.floor(person.index / TEAM_SIZE);
        const before = nameOf(team);
        const after = `${TEAM_NAMES[turn % TEAM_NAMES.length] ?? 'Blue'} Team ${team + 1}`;
        return {
          what,
          text: `${before} is now called ${after}`,
          expected: { group: after },
          write: async () => {
            await client.modifyDn(groupDn(before), `${groupType}=${escapeDnValue(after)}`, {
              deleteOldRdn: true,
            });
            renamed.set(team, after);
          },
        };
      }
      case 'move': {
        const city = employee.city === 'Paris' ? 'Berlin' : 'Paris';
        return {
          what,
          text: `${name} moves from ${employee.city} to ${city}`,
          expected: { username, city },
          write: async () => {
            const rdn = isAd ? rdnOf(employee) : `uid=${username}`;
            await client.modifyDn(employee.dn, rdn, { deleteOldRdn: true, newSuperior: cityDn(city) });
            employee.dn = `${rdn},${cityDn(city)}`;
            employee.city = city;
            await client.modify(employee.dn, [replace('l', city)]);
          },
        };
      }
      case 'disable':
        return {
          what,
          text: `${name} goes on leave: the account is disabled`,
          expected: { username, enabled: false },
          write: async () => {
            await client.modify(employee.dn, [
              isAd ? replace('userAccountControl', DISABLED) : replace('employeeType', 'inactive'),
            ]);
          },
        };
      case 'leave':
        return {
          what,
          text: `${name} leaves the company`,
          expected: { username, gone: true },
          write: async () => {
            await client.delete(employee.dn);
          },
        };
    }
  };

  return {
    close: () => client.close(),
    /** How many changes make one round. */
    round: KINDS.length,
    /** One round after the other; each change is about somebody else. Ends when nobody is left to be changed. */
    *changes(): Generator<StaffChange, void, undefined> {
      let newcomer = people;
      for (let turn = 0; ; turn += 1) {
        const what = KINDS[turn % KINDS.length] ?? 'hire';
        if (what === 'hire') {
          yield changeOf(what, employed(newcomer), turn);
          newcomer += 1;
          continue;
        }
        // Whoever was disabled from the start (every twentieth) is left alone.
        const index = (turn * 7 + 3) % 20 === 19 ? turn * 7 + 4 : turn * 7 + 3;
        if (index >= people) return;
        yield changeOf(what, employed(index), turn);
      }
    },
  };
}

function replace(type: string, value: string) {
  return { operation: 'replace' as const, type, values: [value] };
}

function hireAttributes({ person, familyName, city }: Employee, isAd: boolean) {
  const { givenName, username } = person;
  const common = [
    ['givenName', givenName],
    ['sn', familyName],
    ['displayName', `${givenName} ${familyName}`],
    ['mail', person.mail],
    ['title', person.title],
    ['telephoneNumber', person.phone],
    ['l', city],
    ['postalCode', person.city.postalCode],
  ];
  const own = isAd
    ? [
        ['sAMAccountName', username],
        ['userPrincipalName', `${username}@corp.example`],
        ['userAccountControl', ENABLED],
        ['department', person.department],
        ['employeeID', person.employeeNumber],
        ['c', person.city.country],
      ]
    : [
        ['uid', username],
        ['cn', person.commonName],
        ['departmentNumber', person.department],
        ['employeeNumber', person.employeeNumber],
      ];
  return [
    {
      type: 'objectClass',
      values: isAd
        ? ['top', 'person', 'organizationalPerson', 'user']
        : ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    },
    ...[...common, ...own].map(([type = '', value = '']) => ({ type, values: [value] })),
  ];
}
