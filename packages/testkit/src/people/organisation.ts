import { cities, departments } from './names.ts';
import { type Person, personAt } from './person.ts';

/** Which kind of directory the entries are for; decides object classes, attribute names and naming attributes. */
export type DirectoryKind = 'activeDirectory' | 'openLdap' | 'pingDirectory';

export interface OrganisationOptions {
  readonly kind: DirectoryKind;
  /** How many people. */
  readonly people: number;
  /** Default `DC=corp,DC=example` (Active Directory) or `dc=corp,dc=example`. */
  readonly baseDn?: string;
  /** People per team group; default 50. */
  readonly teamSize?: number;
  readonly seed?: number;
  /** `people` leaves the groups out; default `all`. */
  readonly parts?: 'all' | 'people';
}

/** One entry to load, parents and members before those that name them. Iterables may be read once only. */
export interface SeedEntry {
  readonly dn: string;
  readonly attributes: Iterable<readonly [name: string, values: Iterable<string>]>;
}

export const defaultBaseDn: Readonly<Record<DirectoryKind, string>> = {
  activeDirectory: 'DC=corp,DC=example',
  openLdap: 'dc=corp,dc=example',
  pingDirectory: 'dc=corp,dc=example',
};

/**
 * The entries of an invented company below `baseDn` (which must exist): `OU=People` with one OU a city, `OU=Groups`
 * with teams of `teamSize`, a group a department (of people), `All Teams` (of teams), `Company` (of department groups) and
 * `Everyone` (of all people). Entries come one by one: memory does not grow with the number of people.
 */
export function* organisationEntries(options: OrganisationOptions): Generator<SeedEntry, void, undefined> {
  const company = makeCompany(options);
  for (const name of ['People', 'Groups']) yield company.unit(name, company.baseDn);
  for (const city of cities) yield company.unit(city.name, company.peopleDn);
  for (const person of company.everyone()) yield company.personEntry(person);
  if (options.parts !== 'people') yield* groupEntries(company);
}

/** The DN that `organisationEntries` gives to the person at `index`. */
export function personDn(options: OrganisationOptions, index: number): string {
  return makeCompany(options).dnOf(personAt(index, options.seed));
}

interface Company {
  readonly options: OrganisationOptions;
  readonly baseDn: string;
  readonly peopleDn: string;
  readonly teamSize: number;
  unit(name: string, parentDn: string): SeedEntry;
  personEntry(person: Person): SeedEntry;
  groupDn(name: string): string;
  dnOf(person: Person): string;
  everyone(): Generator<Person, void, undefined>;
}

function makeCompany(options: OrganisationOptions): Company {
  const { kind, seed = 1 } = options;
  const baseDn = options.baseDn ?? defaultBaseDn[kind];
  const domain = domainOf(baseDn);
  const [ouType, cnType] = kind === 'activeDirectory' ? ['OU', 'CN'] : ['ou', 'cn'];
  const peopleDn = `${ouType}=People,${baseDn}`;
  const groupsDn = `${ouType}=Groups,${baseDn}`;
  const at = (index: number) => personAt(index, seed, domain);
  const dnOf = (person: Person) => {
    const rdn =
      kind === 'activeDirectory' ? `CN=${escapeRdnValue(person.commonName)}` : `uid=${person.username}`;
    return `${rdn},${ouType}=${person.city.name},${peopleDn}`;
  };
  return {
    options,
    baseDn,
    peopleDn,
    teamSize: options.teamSize ?? 50,
    dnOf,
    groupDn: (name) => `${cnType}=${escapeRdnValue(name)},${groupsDn}`,
    unit: (name, parentDn) => ({
      dn: `${ouType}=${name},${parentDn}`,
      attributes: [
        ['objectClass', ['top', 'organizationalUnit']],
        ['ou', [name]],
      ],
    }),
    personEntry: (person) => ({
      dn: dnOf(person),
      attributes: personAttributes(
        kind,
        person,
        domain,
        person.managerIndex === undefined ? [] : [dnOf(at(person.managerIndex))],
      ),
    }),
    *everyone() {
      for (let index = 0; index < options.people; index++) yield at(index);
    },
  };
}

function* groupEntries(company: Company): Generator<SeedEntry, void, undefined> {
  const { options, teamSize } = company;
  if (options.people === 0) return; // groupOfNames needs a member (RFC 4519 §3.5)
  const seed = options.seed ?? 1;
  const domain = domainOf(company.baseDn);
  const teams = Array.from(
    { length: Math.ceil(options.people / teamSize) },
    (_, index) => `Team ${String(index + 1).padStart(5, '0')}`,
  );
  const group = (name: string, members: Iterable<string>) => groupEntry(company, name, members);
  for (const [index, team] of teams.entries()) {
    const end = Math.min(options.people, (index + 1) * teamSize);
    yield group(
      team,
      (function* () {
        for (let member = index * teamSize; member < end; member++)
          yield company.dnOf(personAt(member, seed, domain));
      })(),
    );
  }
  const staffed: string[] = [];
  for (const department of departments) {
    const first = company.everyone().find((person) => person.department === department);
    if (first === undefined) continue;
    staffed.push(department);
    yield group(
      department,
      company
        .everyone()
        .filter((person) => person.department === department)
        .map((person) => company.dnOf(person)),
    );
  }
  yield group(
    'All Teams',
    teams.map((team) => company.groupDn(team)),
  );
  yield group(
    'Company',
    staffed.map((department) => company.groupDn(department)),
  );
  yield group(
    'Everyone',
    company.everyone().map((person) => company.dnOf(person)),
  );
}

/** a-samaccountname: what Active Directory refuses in it. */
const forbiddenInAccountName = /["/\\[\]:;|=,+*?<>]/g;

function groupEntry(company: Company, name: string, members: Iterable<string>): SeedEntry {
  const isActiveDirectory = company.options.kind === 'activeDirectory';
  return {
    dn: company.groupDn(name),
    attributes: [
      ['objectClass', ['top', isActiveDirectory ? 'group' : 'groupOfNames']],
      ['cn', [name]],
      // Global security group (a-grouptype: 0x80000002 as a signed number).
      ...(isActiveDirectory
        ? ([
            ['sAMAccountName', [name.replace(forbiddenInAccountName, '')]],
            ['groupType', ['-2147483646']],
          ] as const)
        : []),
      ['description', [`Members of ${name}`]],
      ['member', members],
    ],
  };
}

function personAttributes(
  kind: DirectoryKind,
  person: Person,
  domain: string,
  manager: readonly string[],
): (readonly [string, readonly string[]])[] {
  const common: (readonly [string, readonly string[]])[] = [
    ['cn', [person.commonName]],
    ['givenName', [person.givenName]],
    ['sn', [person.familyName]],
    ['displayName', [person.displayName]],
    ['mail', [person.mail]],
    ['title', [person.title]],
    ['telephoneNumber', [person.phone]],
    ['l', [person.city.name]],
    ['postalCode', [person.city.postalCode]],
    ...(manager.length > 0 ? [['manager', manager] as const] : []),
  ];
  if (kind === 'activeDirectory') {
    return [
      ['objectClass', ['top', 'person', 'organizationalPerson', 'user']],
      ['sAMAccountName', [person.username]],
      ['userPrincipalName', [`${person.username}@${domain}`]],
      ['userAccountControl', [person.disabled ? '514' : '512']],
      ...common,
      ['streetAddress', [person.street]],
      ['c', [person.city.country]],
      ['co', [person.city.countryName]],
      ['department', [person.department]],
      ['employeeID', [person.employeeNumber]],
    ];
  }
  return [
    ['objectClass', ['top', 'person', 'organizationalPerson', 'inetOrgPerson']],
    ['uid', [person.username]],
    ...common,
    ['street', [person.street]],
    ['departmentNumber', [person.department]],
    ['employeeNumber', [person.employeeNumber]],
    ...(kind === 'pingDirectory' && person.disabled ? [['ds-pwp-account-disabled', ['true']] as const] : []),
  ];
}

/** RFC 4514 §2.4; enough for the names this generator makes. */
function escapeRdnValue(value: string): string {
  return value
    .replace(/[\\,+"<>;]/g, '\\$&')
    .replace(/^[# ]/, '\\$&')
    .replace(/ $/, '\\ ');
}

function domainOf(baseDn: string): string {
  return [...baseDn.matchAll(/dc=([^,]+)/gi)]
    .map((match) => match[1] ?? '')
    .join('.')
    .toLowerCase();
}
