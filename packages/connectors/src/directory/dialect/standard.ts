import { hash } from 'node:crypto';
import { eq, or, parseFilter } from '@sallyport/ldap';
import { type AccountState, COMMON_BINARY_ATTRIBUTES, type DefaultMapping, type Dialect } from './dialect.ts';

/** Which attribute, and which value of it, means that an account is disabled. */
export interface AccountFlag {
  readonly attribute: string;
  /** Compared without case. */
  readonly disabledValue: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const MAPPINGS: readonly DefaultMapping[] = [
  { sourceAttribute: 'uid', targetAttribute: 'username' },
  { sourceAttribute: 'sn', targetAttribute: 'name.family' },
  { sourceAttribute: 'givenName', targetAttribute: 'name.given' },
  { sourceAttribute: 'mail', targetAttribute: 'email' },
  { sourceAttribute: 'Active', targetAttribute: 'enabled' },
];

/** RFC 4519 §3.5-3.6, RFC 2307 and its successor, the dynamic and virtual groups of Netscape's descendants. */
const COMPUTED_GROUP_CLASSES = ['groupOfURLs', 'ds-virtual-static-group'];
const GROUP_CLASSES = [
  'groupOfNames',
  'groupOfUniqueNames',
  'groupOfEntries',
  'groupOfMembers',
  'posixGroup',
  ...COMPUTED_GROUP_CLASSES,
];

const base: Omit<Dialect, 'name' | 'account'> = {
  keyAttribute: 'entryUUID',
  keyText: (bytes) => bytes.latin1Slice(0, bytes.length).toLowerCase(),
  keyFilter: (key) => {
    if (!UUID.test(key))
      throw new TypeError(`Expected an entryUUID (RFC 4530), found ${JSON.stringify(key.slice(0, 60))}`);
    return { kind: 'equality', attribute: 'entryUUID', value: Buffer.from(key, 'latin1') };
  },
  userFilter: parseFilter('(objectClass=person)'),
  groupFilter: or(...GROUP_CLASSES.map((name) => eq('objectClass', name))),
  computedGroupFilter: or(...COMPUTED_GROUP_CLASSES.map((name) => eq('objectClass', name))),
  memberAttributes: {
    dns: ['member', 'uniqueMember'],
    logins: 'memberUid',
    urls: 'memberURL',
    target: 'ds-target-group-dn',
  },
  hasPrimaryGroups: false,
  allGroupsAttribute: undefined,
  containerClasses: ['organizationalUnit', 'organization', 'container', 'nsContainer', 'domain'],
  loginAttributes: ['uid', 'mail', 'cn'],
  binaryAttributes: new Set(COMMON_BINARY_ATTRIBUTES),
  serverOnlyAttributes: new Set(['memberof', 'ismemberof', 'isdirectmemberof']),
  defaultMappings: MAPPINGS,
  defaultGroupMappings: [
    { sourceAttribute: 'cn', targetAttribute: 'name' },
    { sourceAttribute: 'description', targetAttribute: 'description' },
    { sourceAttribute: 'entryUUID', targetAttribute: 'externalId' },
  ],
};

function flagged(flag: AccountFlag): AccountState {
  const disabled = flag.disabledValue.toLowerCase();
  return {
    attributes: [flag.attribute],
    reading: hash('sha256', `${flag.attribute.toLowerCase()} ${disabled}`, 'base64url').slice(0, 6),
    isActive: (entry) => entry.first(flag.attribute)?.toLowerCase() !== disabled,
  };
}

export const pingDirectory: Dialect = {
  ...base,
  name: 'pingDirectory',
  allGroupsAttribute: 'isMemberOf',
  account: () => flagged({ attribute: 'ds-pwp-account-disabled', disabledValue: 'true' }),
};

export const openDj: Dialect = { ...pingDirectory, name: 'openDj' };

/** nsAccountLock is operational here: it has to be asked for by name, which the mapping of `Active` does. */
export const ds389: Dialect = {
  ...base,
  name: 'ds389',
  account: () => flagged({ attribute: 'nsAccountLock', disabledValue: 'true' }),
};

/** OpenLDAP has no flag of its own; with the ppolicy overlay a permanent lock is this value (draft-behera §5.3.3). */
export const openLdap: Dialect = {
  ...base,
  name: 'openLdap',
  account: (schema) =>
    schema?.attribute('pwdAccountLockedTime') === undefined
      ? undefined
      : flagged({ attribute: 'pwdAccountLockedTime', disabledValue: '000001010000Z' }),
};

export const generic: Dialect = { ...base, name: 'generic', account: () => undefined };

/** The same dialect with the account flag that an operator has named in the store's configuration. */
export function withAccountFlag(dialect: Dialect, flag: AccountFlag): Dialect {
  const state = flagged(flag);
  return { ...dialect, account: () => state };
}
