import { parseDn } from '@sallyport/ldap';
import { type OrganisationOptions, organisationEntries } from '../../people/organisation.ts';
import { utf8 } from '../core/attribute-values.ts';
import { testCaller } from '../core/caller.ts';
import type { DirectoryManner } from '../core/directory-manner.ts';

/** The password of every invented person in an in-memory directory. */
export const peoplePassword = 'Passw0rd.1';

/** Attributes with few different values: one copy of each is kept, which halves the memory of a large directory. */
const repeated: ReadonlySet<string> = new Set([
  'objectClass',
  'givenName',
  'sn',
  'title',
  'l',
  'postalCode',
  'c',
  'co',
  'department',
  'departmentNumber',
  'userAccountControl',
]);

/** Puts the invented company straight into the directory; everybody gets `peoplePassword`. */
export function loadOrganisation(manner: DirectoryManner, options: OrganisationOptions): void {
  const shared = new Map<string, readonly Buffer[]>();
  const share = (type: string, values: readonly string[]) => {
    const key = `${type}\n${values.join('\n')}`;
    const known = shared.get(key) ?? values.map(utf8);
    shared.set(key, known);
    return known;
  };
  for (const entry of organisationEntries(options)) {
    const attributes = Array.from(entry.attributes, ([type, values]) => ({
      type,
      values: repeated.has(type) ? share(type, Array.from(values)) : Array.from(values, utf8),
    }));
    const isPerson = attributes.some(({ type }) => type === 'givenName');
    if (isPerson && options.kind === 'activeDirectory') {
      attributes.push({ type: 'pwdLastSet', values: [utf8('133485408000000000')] });
    }
    const made = manner.add(testCaller, parseDn(entry.dn), attributes);
    if (isPerson) made.password = peoplePassword;
  }
}
