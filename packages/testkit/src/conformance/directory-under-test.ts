import type { DirectoryKind } from '../people/organisation.ts';
import type { DirectoryServer } from '../servers/directory-server.ts';

/** Something the product uses where a directory has it. A case that needs one names it. */
export type Capability =
  /** An unpaged search beyond the page limit is cut with sizeLimitExceeded. */
  | 'limitsUnpagedSearches'
  /** A paged search below a base that does not exist fails, as an unpaged one does. */
  | 'noSuchObjectWhenPaged'
  /** `attribute;range=a-b` is understood. */
  | 'valueRanges'
  /** More than 1,500 values come as a range without being asked for. */
  | 'rangesUnasked'
  /** Deleted objects stay as tombstones. */
  | 'tombstones'
  | 'treeDelete'
  /** A comparison with an attribute the schema lacks is undefined, also under a negation. */
  | 'undefinedComparisons'
  | 'permissiveModify'
  /** Bitwise and in-chain matching rules, objectCategory by class name. */
  | 'adFilters'
  /** `<GUID=…>` as a name, and names with identifiers in answers. */
  | 'extendedDn'
  | 'usnPolling'
  | 'dirSync'
  /** MaxBytes is honoured: DirSync answers in several rounds. */
  | 'dirSyncRounds'
  | 'changeNotification'
  /** RFC 4533. */
  | 'contentSync'
  /** `cn=changelog` with value-level changes (draft-good-ldap-changelog). */
  | 'changelog'
  /** draft-ietf-ldapext-psearch. */
  | 'persistentSearch'
  /** unicodePwd over TLS changes the password. */
  | 'unicodePassword'
  /** unicodePwd is refused in the clear. */
  | 'refusesPasswordInTheClear'
  /** An account without a password cannot be enabled. */
  | 'refusesEnablingWithoutPassword'
  /** userAccountControl. */
  | 'accountControl'
  /** Groups follow renames and deletions of their members. */
  | 'referentialIntegrity'
  /** … without themselves counting as changed. */
  | 'linkedAttributes';

/** How the suite gets a directory. */
export interface DirectoryFactory {
  readonly name: string;
  readonly kind: DirectoryKind;
  /** `true`, or the reason why this server does not do it. Every capability has to be answered for. */
  readonly capabilities: Readonly<Record<Capability, true | string>>;
  /** What the identifiers of content synchronization are; default `entryUUID` (RFC 4533 §2.3.2 with RFC 4530). */
  readonly syncKey?: 'entryUUID' | 'nsUniqueId';
  /** The attribute of a member that names its groups; default `memberOf`. */
  readonly memberOfAttribute?: 'memberOf' | 'isMemberOf';
  /** Why the directory cannot be had here: all cases are then listed as skipped under this reason. */
  readonly unavailable?: string | undefined;
  /** A directory with `people` invented people (`organisationEntries` of this kind, all parts) below its base. */
  start(people: number): Promise<DirectoryServer>;
}
