import type { Filter, LazyEntry, Schema } from '@sallyport/ldap';

/** A mapping a store brings along: used where a rule has none of its own. */
export interface DefaultMapping {
  readonly sourceAttribute: string;
  readonly targetAttribute: string;
}

/** How a disabled account is told on this server, and which attributes say so. */
export interface AccountState {
  readonly attributes: readonly string[];
  /** Digest of how the values are read, a few characters: another reading of the same bytes is another content. */
  readonly reading: string;
  readonly isActive: (entry: LazyEntry) => boolean;
}

/**
 * What differs between LDAP servers, as data and small pure functions. Names that an operator may have to change (the
 * account flag of a server without one) come from the store's configuration.
 */
export interface Dialect {
  readonly name: DialectName;
  /** The attribute that survives renames and moves. */
  readonly keyAttribute: string;
  readonly keyText: (bytes: Buffer) => string;
  /** Throws if the text is no key of this server. */
  readonly keyFilter: (key: string) => Filter;
  /** Which entries are people: used in searches and, word for word, by our own evaluation of changes. */
  readonly userFilter: Filter;
  /** Which entries are groups, in the same way. */
  readonly groupFilter: Filter;
  /** Which of them have their members found by searches; by object class, because that is indexed. */
  readonly computedGroupFilter: Filter;
  readonly memberAttributes: MemberAttributes;
  /** Whether people name one group by its number (`primaryGroupID`) that does not name them. */
  readonly hasPrimaryGroups: boolean;
  /** Attribute of people in which the server shows all their groups, nested ones included, and by which it can be asked. */
  readonly allGroupsAttribute: string | undefined;
  readonly containerClasses: readonly string[];
  /** Tried in this order when a person types a name. */
  readonly loginAttributes: readonly string[];
  readonly binaryAttributes: ReadonlySet<string>;
  /** Filter attributes that only the server can evaluate. */
  readonly serverOnlyAttributes: ReadonlySet<string>;
  /** Undefined: this server has no account state that we know of. */
  readonly account: (schema: Schema | undefined) => AccountState | undefined;
  readonly defaultMappings: readonly DefaultMapping[];
  readonly defaultGroupMappings: readonly DefaultMapping[];
}

/** How groups name their members; names that a server does not know are simply not sent. */
export interface MemberAttributes {
  /** Hold DNs, those of `uniqueMember` with an identifier behind the DN if they like. */
  readonly dns: readonly string[];
  /** Holds login names (RFC 2307 `memberUid`). */
  readonly logins: string | undefined;
  /** Holds searches (`memberURL`): who is found belongs to the group. */
  readonly urls: string | undefined;
  /** Holds the DN of the group whose members this one shows (PingDirectory's and OpenDJ's virtual static groups). */
  readonly target: string | undefined;
}

export type DialectName = 'activeDirectory' | 'pingDirectory' | 'openDj' | 'ds389' | 'openLdap' | 'generic';

/** Binary attributes that any server may have, in lower case (active-directory: the list that clients must read as bytes). */
export const COMMON_BINARY_ATTRIBUTES: readonly string[] = [
  'objectguid',
  'objectsid',
  'sidhistory',
  'ntsecuritydescriptor',
  'msds-consistencyguid',
  'thumbnailphoto',
  'thumbnaillogo',
  'jpegphoto',
  'photo',
  'audio',
  'usercertificate',
  'usersmimecertificate',
  'userpkcs12',
  'cacertificate',
  'logonhours',
  'userparameters',
  'terminalserver',
];
