import type { DirectoryEntry } from './directory-entry.ts';

/** What an account may do. A test directory needs no more than this of access control. */
export interface AccountRights {
  readonly read: boolean;
  readonly write: boolean;
  /** May see what was deleted: `CN=Deleted Objects` of Active Directory, soft-deleted entries of PingDirectory. */
  readonly readDeleted: boolean;
  /**
   * May follow all changes. Active Directory: Replicating Directory Changes, i.e. DirSync without the object-security
   * flag. PingDirectory: reads `cn=changelog` and its batches.
   */
  readonly replicate: boolean;
}

export const allRights: AccountRights = { read: true, write: true, readDeleted: true, replicate: true };
export const readRights: AccountRights = { read: true, write: false, readDeleted: false, replicate: false };
export const noRights: AccountRights = { read: false, write: false, readDeleted: false, replicate: false };

/** Who asks, and over what kind of connection. */
export interface Caller {
  /** Undefined for anonymous callers and for the test itself. */
  readonly entry: DirectoryEntry | undefined;
  readonly rights: AccountRights;
  /** The connection is protected by TLS. */
  readonly secure: boolean;
  /** The test's own hand: may also set what only the server sets. */
  readonly trusted: boolean;
}

/** The caller behind the programmatic edit functions. */
export const testCaller: Caller = { entry: undefined, rights: allRights, secure: true, trusted: true };

export function anonymousCaller(secure: boolean): Caller {
  return { entry: undefined, rights: noRights, secure, trusted: false };
}
