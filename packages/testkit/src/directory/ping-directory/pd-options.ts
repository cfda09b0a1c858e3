/** How the simulated PingDirectory is set up; each names the property of the product it stands for. */
export interface PingDirectoryOptions {
  /** Names the server in changelog batches; default `ping-1`. */
  readonly serverId?: string;
  /** Replica identifier, part of every change sequence number; default 12336. */
  readonly replicaId?: number;
  /** Whether there is a changelog; default true (the product comes without, backend `changelog`, `enabled`). */
  readonly changelog?: boolean;
  /** Number of the first change; default 1. */
  readonly firstChangeNumber?: number;
  /** `changelog-max-before-after-values`: 0 none (default), -1 any number. */
  readonly maxBeforeAfterValues?: number;
  /** `changelog-deleted-entry-include-attribute`; `*` and `+` are understood; default all user attributes. */
  readonly deletedEntryAttributes?: readonly string[];
  /** `changelog-include-key-attribute`; default none. */
  readonly keyAttributes?: readonly string[];
  /** `soft-delete-entry-included-operation`: changes of soft-deleted entries that are logged; default none. */
  readonly softDeletedEntryOperations?: readonly ('modify' | 'delete')[];
  /**
   * What the changelog tells of a tree delete: its top entry alone (default; OpenDJ, the next of kin, does so), or every
   * entry, lowest first. Readers have to bear both.
   */
  readonly treeDeletesLogged?: 'top' | 'each';
  /** A soft delete policy that makes every delete a soft one; default false. */
  readonly softDeletePolicy?: boolean;
  /** The referential integrity plugin; default true. */
  readonly referentialIntegrity?: boolean;
  /** `allow-retrieving-membership` of virtual static groups; default false. */
  readonly showVirtualMembers?: boolean;
}
