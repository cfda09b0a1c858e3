import {
  isDisabled,
  or,
  parseFilter,
  parseObjectGuid,
  parseUserAccountControl,
  printObjectGuid,
} from '@sallyport/ldap';
import { COMMON_BINARY_ATTRIBUTES, type Dialect } from './dialect.ts';

/**
 * Active Directory and Samba. `objectClass` is indexed since Windows 2008, so the filter for people does without
 * `objectCategory`: that one is stripped from tombstones and its short form only the server understands.
 */
export const activeDirectory: Dialect = {
  name: 'activeDirectory',
  keyAttribute: 'objectGUID',
  keyText: printObjectGuid,
  keyFilter: (key) => ({ kind: 'equality', attribute: 'objectGUID', value: parseObjectGuid(key) }),
  userFilter: parseFilter('(&(objectClass=user)(!(objectClass=computer)))'),
  groupFilter: parseFilter('(objectClass=group)'),
  computedGroupFilter: or(),
  memberAttributes: { dns: ['member'], logins: undefined, urls: undefined, target: undefined },
  hasPrimaryGroups: true,
  allGroupsAttribute: undefined,
  containerClasses: ['organizationalUnit', 'container'],
  loginAttributes: ['sAMAccountName', 'userPrincipalName', 'mail', 'cn'],
  binaryAttributes: new Set(COMMON_BINARY_ATTRIBUTES),
  serverOnlyAttributes: new Set(['memberof']),
  account: () => ({
    attributes: ['userAccountControl'],
    reading: 'uac',
    isActive: (entry) => {
      const flags = entry.first('userAccountControl');
      return flags === undefined || !isDisabled(parseUserAccountControl(flags));
    },
  }),
  defaultMappings: [
    { sourceAttribute: 'sAMAccountName', targetAttribute: 'username' },
    { sourceAttribute: 'sn', targetAttribute: 'name.family' },
    { sourceAttribute: 'givenName', targetAttribute: 'name.given' },
    { sourceAttribute: 'mail', targetAttribute: 'email' },
    { sourceAttribute: 'Active', targetAttribute: 'enabled' },
  ],
  defaultGroupMappings: [
    { sourceAttribute: 'cn', targetAttribute: 'name' },
    { sourceAttribute: 'displayName', targetAttribute: 'displayName' },
    { sourceAttribute: 'description', targetAttribute: 'description' },
    { sourceAttribute: 'objectGUID', targetAttribute: 'externalId' },
  ],
};
