import type { DirectoryFactory } from './directory-under-test.ts';

type Capabilities = DirectoryFactory['capabilities'];

/** All that Active Directory does. The in-memory directory shows every bit of it. */
export const activeDirectoryCapabilities: Capabilities = {
  limitsUnpagedSearches: true,
  noSuchObjectWhenPaged: true,
  valueRanges: true,
  rangesUnasked: true,
  tombstones: true,
  treeDelete: true,
  permissiveModify: true,
  undefinedComparisons: true,
  adFilters: true,
  extendedDn: true,
  usnPolling: true,
  dirSync: true,
  dirSyncRounds: true,
  changeNotification: true,
  contentSync: 'Active Directory has its own change feeds',
  changelog: 'Active Directory has its own change feeds',
  persistentSearch: 'Active Directory has its own change feeds',
  unicodePassword: true,
  refusesPasswordInTheClear: true,
  refusesEnablingWithoutPassword: true,
  accountControl: true,
  referentialIntegrity: true,
  linkedAttributes: true,
};

/** Samba 4.17 imitates Active Directory, but not its limits and refusals. */
export const sambaCapabilities: Capabilities = {
  ...activeDirectoryCapabilities,
  limitsUnpagedSearches: 'Samba returns any number of entries unpaged',
  rangesUnasked: 'Samba returns all values unless a range is asked for',
  permissiveModify: 'Samba takes the control but refuses double members all the same',
  undefinedComparisons:
    'Samba takes a comparison with an unknown attribute as false, and its negation as true',
  dirSyncRounds: 'Samba ignores MaxBytes and answers in one round',
  refusesPasswordInTheClear: 'Samba takes unicodePwd without TLS',
  refusesEnablingWithoutPassword: 'Samba enables accounts without a password',
};

const notActiveDirectory = 'a feature of Active Directory';

export const openLdapCapabilities: Capabilities = {
  limitsUnpagedSearches: 'no limit is set for the administrator',
  noSuchObjectWhenPaged: true,
  valueRanges: notActiveDirectory,
  rangesUnasked: notActiveDirectory,
  tombstones: 'deleted entries are gone; content synchronization tells',
  treeDelete: 'slapd is built without tree delete',
  permissiveModify: 'slapd accepts adding a present value, but refuses removing an absent one all the same',
  undefinedComparisons: true,
  adFilters: notActiveDirectory,
  extendedDn: notActiveDirectory,
  usnPolling: notActiveDirectory,
  dirSync: notActiveDirectory,
  dirSyncRounds: notActiveDirectory,
  changeNotification: notActiveDirectory,
  contentSync: true,
  changelog: 'slapd has content synchronization instead',
  persistentSearch: 'slapd has content synchronization instead',
  unicodePassword: notActiveDirectory,
  refusesPasswordInTheClear: notActiveDirectory,
  refusesEnablingWithoutPassword: notActiveDirectory,
  accountControl: notActiveDirectory,
  referentialIntegrity: true,
  linkedAttributes: 'a change of a member is a change of the group',
};

const withoutActiveDirectory = {
  valueRanges: notActiveDirectory,
  rangesUnasked: notActiveDirectory,
  adFilters: notActiveDirectory,
  extendedDn: notActiveDirectory,
  usnPolling: notActiveDirectory,
  dirSync: notActiveDirectory,
  dirSyncRounds: notActiveDirectory,
  changeNotification: notActiveDirectory,
  unicodePassword: notActiveDirectory,
  refusesPasswordInTheClear: notActiveDirectory,
  refusesEnablingWithoutPassword: notActiveDirectory,
  accountControl: notActiveDirectory,
  linkedAttributes: 'a change of a member is a change of the group',
} as const;

/** 389 Directory Server 2.3. */
export const ds389Capabilities: Capabilities = {
  ...withoutActiveDirectory,
  limitsUnpagedSearches: 'no limit is set',
  noSuchObjectWhenPaged: '389 answers such a paged search with success and no entries',
  tombstones: 'tombstones are kept for replication alone; the changelog tells',
  treeDelete: '389 has no tree delete',
  permissiveModify: '389 has no permissive modify',
  undefinedComparisons: '389 takes a comparison with an unknown attribute as false, and its negation as true',
  contentSync: true,
  changelog: true,
  persistentSearch: true,
  referentialIntegrity: true,
};

/** OpenDJ 5.0. */
export const openDjCapabilities: Capabilities = {
  ...withoutActiveDirectory,
  limitsUnpagedSearches: 'no limit is set for the directory manager',
  noSuchObjectWhenPaged: true,
  tombstones: 'deleted entries are gone; the changelog tells',
  treeDelete: true,
  permissiveModify: true,
  undefinedComparisons:
    'OpenDJ takes a comparison with an unknown attribute as false, and its negation as true',
  contentSync: 'OpenDJ does not serve RFC 4533',
  changelog: true,
  persistentSearch: true,
  referentialIntegrity: true,
};

/** PingDirectory by its documentation and SDK; there is no free server to hold this against, OpenDJ is its nearest kin. */
export const pingDirectoryCapabilities: Capabilities = {
  ...withoutActiveDirectory,
  limitsUnpagedSearches: 'no limit is set for the directory manager',
  noSuchObjectWhenPaged: true,
  tombstones: 'soft-deleted entries are another thing',
  treeDelete: true,
  permissiveModify: true,
  undefinedComparisons: true,
  contentSync: 'not known to serve RFC 4533',
  changelog: true,
  persistentSearch: true,
  referentialIntegrity: true,
};
