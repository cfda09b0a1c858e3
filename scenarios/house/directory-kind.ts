import {
  type DirectoryAddress,
  type DirectoryServer,
  type InMemoryDirectoryOptions,
  startDs389,
  startInMemoryDirectory,
  startOpenDj,
  startOpenLdap,
  startSamba,
  whyNoOpenDj,
} from '@sallyport/testkit';
import { describe } from 'vitest';

export type Kind =
  | 'Samba AD'
  | 'OpenLDAP'
  | '389-ds'
  | 'OpenDJ'
  | 'in-memory AD'
  | 'in-memory OpenLDAP'
  | 'in-memory PingDirectory';

/** The real servers. */
export const REAL_SERVERS = ['Samba AD', 'OpenLDAP'] as const satisfies readonly Kind[];
/** And the one that shows what Samba does not show of Active Directory. */
export const ALL_SERVERS = [...REAL_SERVERS, 'in-memory AD'] as const satisfies readonly Kind[];
/** Every manner of groups and of change feeds. */
export const GROUP_SERVERS = [
  ...ALL_SERVERS,
  '389-ds',
  'OpenDJ',
  'in-memory PingDirectory',
] as const satisfies readonly Kind[];

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
  readonly groupClass: string;
  /** Whether a group has to have somebody in it: then the administrator is in every one, whom no rule brings in. */
  readonly groupsNeedMember: boolean;
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
  groupClass: 'group',
  groupsNeedMember: false,
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
  groupClass: 'groupOfNames',
  // RFC 4519 §3.5; the descendants of Netscape's server do not insist.
  groupsNeedMember: true,
};

const DS389: Spelling = {
  ...OPEN_LDAP,
  account: { attribute: 'nsAccountLock', enabled: 'false', disabled: 'true' },
  groupsNeedMember: false,
};

const OPEN_DJ: Spelling = {
  ...OPEN_LDAP,
  account: { attribute: 'ds-pwp-account-disabled', enabled: 'false', disabled: 'true' },
  groupsNeedMember: false,
};

const SPELLINGS: Readonly<Record<Kind, Spelling>> = {
  'Samba AD': ACTIVE_DIRECTORY,
  OpenLDAP: OPEN_LDAP,
  '389-ds': DS389,
  OpenDJ: OPEN_DJ,
  'in-memory AD': ACTIVE_DIRECTORY,
  'in-memory OpenLDAP': OPEN_LDAP,
  'in-memory PingDirectory': { ...OPEN_DJ, vendor: 'PingDirectory' },
};

export function spellingOf(kind: Kind): Spelling {
  return SPELLINGS[kind];
}

/** Why this machine cannot run that kind of directory; undefined if it can. */
function whyAbsent(kind: Kind): string | undefined {
  return kind === 'OpenDJ' ? whyNoOpenDj() : undefined;
}

/** The same stories on each kind of directory. Where one is not to be had, they are skipped and their name says why. */
export function describeOnEach<K extends Kind>(
  kinds: readonly K[],
  subject: string,
  stories: (kind: K) => void,
): void {
  for (const kind of kinds) {
    const reason = whyAbsent(kind);
    if (reason === undefined) describe(`${subject} ${kind}`, () => stories(kind));
    else describe.skip(`${subject} ${kind} (${reason})`, () => stories(kind));
  }
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
    case '389-ds':
      return startDs389();
    case 'OpenDJ':
      return startOpenDj();
    case 'in-memory PingDirectory':
      return startInMemoryDirectory({ ...inMemory, manner: 'pingDirectory' });
  }
}
