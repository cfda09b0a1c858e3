import type { DirectoryFactory } from './directory-under-test.ts';

type Capabilities = DirectoryFactory['capabilities'];

/** All that Active Directory does. The in-memory directory shows every bit of it. */
export const activeDirectoryCapabilities: Capabilities = {
  limitsUnpagedSearches: true,
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
  unicodePassword: notActiveDirectory,
  refusesPasswordInTheClear: notActiveDirectory,
  refusesEnablingWithoutPassword: notActiveDirectory,
  accountControl: notActiveDirectory,
  referentialIntegrity: true,
  linkedAttributes: 'a change of a member is a change of the group',
};
