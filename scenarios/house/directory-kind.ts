import {
  type DirectoryAddress,
  type DirectoryServer,
  type InMemoryDirectoryOptions,
  startInMemoryDirectory,
  startOpenLdap,
  startSamba,
} from '@sallyport/testkit';

export type Kind = 'Samba AD' | 'OpenLDAP' | 'in-memory AD' | 'in-memory OpenLDAP';

/** The real servers. */
export const REAL_SERVERS = ['Samba AD', 'OpenLDAP'] as const satisfies readonly Kind[];
/** And the one that shows what Samba does not show of Active Directory. */
export const ALL_SERVERS = [...REAL_SERVERS, 'in-memory AD'] as const satisfies readonly Kind[];

/** How a kind of directory spells what the stories say. */
export interface Spelling {
  readonly isActiveDirectory: boolean;
  readonly vendor: DirectoryAddress['vendor'];
  readonly loginAttribute: string;
  readonly rdnAttribute: string;
  readonly unitAttribute: string;
  readonly personClass: string;
  /** The operational attribute that never changes. */
  readonly keyAttribute: string;
  /** Attribute and values that say whether an account is disabled. */
  readonly account: { readonly attribute: string; readonly enabled: string; readonly disabled: string };
  readonly employeeNumberAttribute: string;
}

// 544 and 546: normal account, no password needed, the second one disabled too. Without that bit a directory that checks
// passwords refuses to enable an account that has none.
const AD_ACCOUNT = { attribute: 'userAccountControl', enabled: '544', disabled: '546' } as const;

const ACTIVE_DIRECTORY: Spelling = {
  isActiveDirectory: true,
  vendor: 'Microsoft Active Directory',
  loginAttribute: 'sAMAccountName',
  rdnAttribute: 'CN',
  unitAttribute: 'OU',
  personClass: 'user',
  keyAttribute: 'objectGUID',
  account: AD_ACCOUNT,
  employeeNumberAttribute: 'employeeID',
};

const OPEN_LDAP: Spelling = {
  isActiveDirectory: false,
  vendor: 'LDAPv3-compliant Directory Server',
  loginAttribute: 'uid',
  rdnAttribute: 'uid',
  unitAttribute: 'ou',
  personClass: 'inetOrgPerson',
  keyAttribute: 'entryUUID',
  account: { attribute: 'employeeType', enabled: 'active', disabled: 'disabled' },
  employeeNumberAttribute: 'employeeNumber',
};

export function spellingOf(kind: Kind): Spelling {
  return kind.includes('AD') ? ACTIVE_DIRECTORY : OPEN_LDAP;
}

export function startDirectory(
  kind: Kind,
  inMemory: InMemoryDirectoryOptions = {},
): Promise<DirectoryServer> {
  switch (kind) {
    case 'Samba AD':
      return startSamba();
    case 'OpenLDAP':
      return startOpenLdap();
    case 'in-memory AD':
      return startInMemoryDirectory({ ...inMemory, manner: 'activeDirectory' });
    case 'in-memory OpenLDAP':
      return startInMemoryDirectory({ ...inMemory, manner: 'openLdap' });
  }
}
