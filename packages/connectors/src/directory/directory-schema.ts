import {
  type DirectoryLink,
  defaultSchema,
  LdapError,
  parseSubschema,
  present,
  type Schema,
} from '@sallyport/ldap';
import { readEntries } from './read-entries.ts';
import type { RootDse } from './root-dse.ts';

const ATTRIBUTES = ['attributeTypes', 'objectClasses', 'matchingRules', 'ldapSyntaxes'];

/**
 * The directory's own schema (RFC 4512 §4.2). A server that hides it gets the built-in one, which knows the standard
 * attributes and those of Active Directory that a rule is likely to use.
 */
export async function readDirectorySchema(
  link: DirectoryLink,
  rootDse: RootDse,
  signal: AbortSignal,
): Promise<Schema> {
  const base = rootDse.subschemaSubentry;
  if (base === undefined) return defaultSchema;
  try {
    const { entries } = await readEntries(
      link,
      { base, scope: 'base', filter: present('objectClass'), attributes: ATTRIBUTES, pageSize: 0 },
      signal,
    );
    const entry = entries[0];
    if (entry === undefined || entry.values('attributeTypes').length === 0) return defaultSchema;
    return parseSubschema({
      attributeTypes: entry.values('attributeTypes'),
      objectClasses: entry.values('objectClasses'),
      matchingRules: entry.values('matchingRules'),
      ldapSyntaxes: entry.values('ldapSyntaxes'),
    }).schema;
  } catch (error) {
    if (error instanceof LdapError && (error.class === 'gone' || error.class === 'refused'))
      return defaultSchema;
    throw error;
  }
}
