import type { Spelling } from './directory-kind.ts';
import type { LdapTools } from './ldap-tools.ts';
import { ldifLine, ldifLines, modifyDnRecord, parentOf, type Values } from './people.ts';

/** What an administrator does to the groups of a directory. Names are DNs unless they say otherwise. */
export interface Groups {
  /** A group of the directory's most usual class; DN of the new entry. `attributes` may name another class. */
  add(
    name: string,
    members: readonly string[],
    options?: { readonly attributes?: Values; readonly under?: string },
  ): Promise<string>;
  join(dn: string, ...members: readonly string[]): Promise<void>;
  leave(dn: string, ...members: readonly string[]): Promise<void>;
  /** Gives the group another common name; its new DN. */
  rename(dn: string, name: string): Promise<string>;
  dnOf(name: string, under?: string): string;
  /** Change records, for an LDIF of several. */
  readonly record: {
    readonly join: (dn: string, ...members: readonly string[]) => string;
    readonly leave: (dn: string, ...members: readonly string[]) => string;
  };
}

export function makeGroups(
  tools: LdapTools,
  spelling: Spelling,
  directory: { readonly bindDn: string },
  root: string,
): Groups {
  const { isActiveDirectory, groupClass, groupsNeedMember } = spelling;
  const dnOf = (name: string, under = root): string => `${isActiveDirectory ? 'CN' : 'cn'}=${name},${under}`;
  const edit = (operation: 'add' | 'delete') => (dn: string, members: readonly string[]) =>
    `${ldifLine('dn', dn)}changetype: modify\n${operation}: member\n${ldifLines({ member: members })}-\n`;
  const [adding, deleting] = [edit('add'), edit('delete')];
  return {
    dnOf,
    add: async (name, members, { attributes = {}, under = root } = {}) => {
      const dn = dnOf(name, under);
      const held = groupsNeedMember && attributes.objectClass === undefined ? [directory.bindDn] : [];
      const login = isActiveDirectory ? { sAMAccountName: name } : { cn: name };
      const values: Values = {
        objectClass: groupClass,
        ...login,
        member: [...held, ...members],
        ...attributes,
      };
      await tools.modify(`${ldifLine('dn', dn)}changetype: add\n${ldifLines(values)}`);
      return dn;
    },
    join: (dn, ...members) => tools.modify(adding(dn, members)),
    leave: (dn, ...members) => tools.modify(deleting(dn, members)),
    rename: async (dn, name) => {
      const rdn = dnOf(name).slice(0, -root.length - 1);
      await tools.modify(modifyDnRecord(dn, rdn));
      return `${rdn},${parentOf(dn)}`;
    },
    record: {
      join: (dn, ...members) => adding(dn, members),
      leave: (dn, ...members) => deleting(dn, members),
    },
  };
}
