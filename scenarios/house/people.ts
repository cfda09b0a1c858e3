import type { Spelling } from './directory-kind.ts';
import type { LdapTools } from './ldap-tools.ts';

export type Values = Readonly<Record<string, string | readonly string[]>>;

/** What an administrator does to the people of a directory, typed into ldapmodify. Names are DNs unless they say otherwise. */
export interface People {
  /** `attributes` besides login, names and mail, which everybody gets; DN of the new entry. */
  add(login: string, attributes?: Values, under?: string): Promise<string>;
  /** Many at once, one connection. */
  addMany(logins: readonly string[], attributes?: Values, under?: string): Promise<readonly string[]>;
  replace(dn: string, attributes: Values): Promise<void>;
  clear(dn: string, ...attributes: readonly string[]): Promise<void>;
  /** Gives the entry another naming value; its new DN. */
  rename(dn: string, value: string): Promise<string>;
  move(dn: string, newParent: string): Promise<string>;
  disable(dn: string): Promise<void>;
  enable(dn: string): Promise<void>;
  remove(...dns: readonly string[]): Promise<void>;
  addUnit(name: string, under?: string): Promise<string>;
  /** An entry with everything below it, as the directory's own tools do it. */
  removeTree(dn: string): Promise<void>;
  /** Changes of any sort, in one LDIF. */
  ldif(records: readonly string[]): Promise<void>;
  dnOf(login: string, under?: string): string;
}

/** `:: base64` for whatever RFC 2849 does not allow as it is. */
export function ldifLine(name: string, value: string): string {
  return /^[ :<]|[^ -~]| $/.test(value)
    ? `${name}:: ${Buffer.from(value).toString('base64')}\n`
    : `${name}: ${value}\n`;
}

export function ldifLines(attributes: Values): string {
  return Object.entries(attributes)
    .flatMap(([name, values]) =>
      typeof values === 'string' ? [ldifLine(name, values)] : values.map((value) => ldifLine(name, value)),
    )
    .join('');
}

function capitalised(login: string): string {
  return login.charAt(0).toUpperCase() + login.slice(1);
}

export function makePeople(tools: LdapTools, spelling: Spelling, root: string): People {
  const { loginAttribute, rdnAttribute, unitAttribute, account } = spelling;
  const dnOf = (login: string, under = root): string => `${rdnAttribute}=${login},${under}`;
  const addRecord = (login: string, attributes: Values, under: string): string =>
    ldifLine('dn', dnOf(login, under)) +
    'changetype: add\n' +
    ldifLines({
      objectClass: spelling.personClass,
      [loginAttribute]: login,
      cn: login,
      givenName: capitalised(login),
      sn: 'Silva',
      mail: `${login}@corp.example`,
      [account.attribute]: account.enabled,
      ...attributes,
    });
  const modifyRecord = (dn: string, attributes: Values): string =>
    ldifLine('dn', dn) +
    'changetype: modify\n' +
    Object.entries(attributes)
      .map(([name, values]) => `replace: ${name}\n${ldifLines({ [name]: values })}-\n`)
      .join('');
  const modifyDn = async (dn: string, rdn: string, parent: string, moved: boolean): Promise<string> => {
    await tools.modify(modifyDnRecord(dn, rdn, moved ? parent : undefined));
    return `${rdn},${parent}`;
  };
  const people: People = {
    dnOf,
    add: async (login, attributes = {}, under = root) => {
      await tools.modify(addRecord(login, attributes, under));
      return dnOf(login, under);
    },
    addMany: async (logins, attributes = {}, under = root) => {
      await tools.modify(logins.map((login) => addRecord(login, attributes, under)).join('\n'));
      return logins.map((login) => dnOf(login, under));
    },
    replace: (dn, attributes) => tools.modify(modifyRecord(dn, attributes)),
    clear: (dn, ...attributes) =>
      tools.modify(modifyRecord(dn, Object.fromEntries(attributes.map((name) => [name, []])))),
    rename: (dn, value) => modifyDn(dn, `${rdnAttribute}=${value}`, parentOf(dn), false),
    move: (dn, newParent) => modifyDn(dn, dn.slice(0, dn.indexOf(',')), newParent, true),
    disable: (dn) => tools.modify(modifyRecord(dn, { [account.attribute]: account.disabled })),
    enable: (dn) => tools.modify(modifyRecord(dn, { [account.attribute]: account.enabled })),
    remove: (...dns) => tools.modify(dns.map((dn) => `${ldifLine('dn', dn)}changetype: delete\n`).join('\n')),
    addUnit: async (name, under = root) => {
      const dn = `${unitAttribute}=${name},${under}`;
      await tools.modify(
        `${ldifLine('dn', dn)}changetype: add\n${ldifLines({ objectClass: 'organizationalUnit', ou: name })}`,
      );
      return dn;
    },
    removeTree: async (dn) => {
      // Active Directory deletes a tree by one request under a control (MS-ADTS 3.1.1.3.4.1.10); others entry by entry.
      if (spelling.isActiveDirectory)
        await tools.modify(`${ldifLine('dn', dn)}changetype: delete\n`, {
          controls: ['!1.2.840.113556.1.4.805'],
        });
      else await tools.removeTree(dn);
    },
    ldif: (records) => tools.modify(records.join('\n')),
  };
  return people;
}

/** An entry under another name, and in another place if `parent` is given. */
export function modifyDnRecord(dn: string, rdn: string, parent?: string): string {
  const superior = parent === undefined ? '' : ldifLine('newsuperior', parent);
  return `${ldifLine('dn', dn)}changetype: modrdn\n${ldifLine('newrdn', rdn)}deleteoldrdn: 1\n${superior}`;
}

/** Good for the plain names of the stories: no escaped commas. */
export function parentOf(dn: string): string {
  return dn.slice(dn.indexOf(',') + 1);
}
