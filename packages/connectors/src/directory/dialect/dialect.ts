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
  readonly containerClasses: readonly string[];
  /** Tried in this order when a person types a name. */
  readonly loginAttributes: readonly string[];
  readonly binaryAttributes: ReadonlySet<string>;
  /** Filter attributes that only the server can evaluate. */
  readonly serverOnlyAttributes: ReadonlySet<string>;
  /** Undefined: this server has no account state that we know of. */
  readonly account: (schema: Schema | undefined) => AccountState | undefined;
  readonly defaultMappings: readonly DefaultMapping[];
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
