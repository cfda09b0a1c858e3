import {
  CONTROL_OID,
  type Control,
  findControl,
  parseSoftDeletedEntryAccessControl,
  type SoftDeletedEntryAccess,
} from '@sallyport/ldap';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import { StandardDirectory, type StandardDirectoryOptions } from '../core/standard-directory.ts';
import { PdChangelog } from './pd-changelog.ts';
import type { PingDirectoryOptions } from './pd-options.ts';
import { pdRefusals, pdValueFaults } from './pd-refusals.ts';
import { pingDirectorySchema } from './ping-directory-schema.ts';

export interface PdServerOptions extends PingDirectoryOptions, StandardDirectoryOptions {}

/** The class that marks soft-deleted entries. */
export const softDeleteClass = 'ds-soft-delete-entry';

/** The state of a simulated PingDirectory with one backend, its changelog and its schema. */
export class PdServer extends StandardDirectory<PdServerOptions> {
  readonly changelog: PdChangelog;

  constructor(options: PdServerOptions) {
    super(options, {
      schema: pingDirectorySchema,
      refusals: pdRefusals,
      faults: pdValueFaults,
      adminDn: 'cn=Directory Manager',
      adminEntryDn: 'cn=Directory Manager,cn=Root DNs,cn=config',
      subschemaName: 'schema',
      indexedNames: ['member', 'uniquemember', 'ds-target-group-dn'],
      fractionDigits: 3,
      headValues: [],
    });
    const changelogHead = this.makeContext('cn=changelog', [
      ['objectClass', ['top', 'untypedObject']],
      ['cn', ['changelog']],
    ]);
    this.changelog = new PdChangelog(this.store, changelogHead, options);
  }

  protected override isUsable(account: DirectoryEntry): boolean {
    return !this.isSoftDeleted(account) && account.text('ds-pwp-account-disabled')?.toLowerCase() !== 'true';
  }

  isSoftDeleted(entry: DirectoryEntry): boolean {
    return (
      entry.attributes.has('ds-soft-delete-from-dn') && entry.values('ds-soft-delete-from-dn').length > 0
    );
  }
}

/** What a request says about soft-deleted entries; undefined = nothing, they do not exist for it. */
export function softDeleteAccess(controls: readonly Control[]): SoftDeletedEntryAccess | undefined {
  // The test's own hand asks for everything deleted, whatever the product, with Active Directory's control.
  if (findControl(controls, CONTROL_OID.showDeleted) !== undefined)
    return { includeOthers: true, undeletedForm: false };
  const control = findControl(controls, CONTROL_OID.softDeletedEntryAccess);
  return control === undefined ? undefined : parseSoftDeletedEntryAccessControl(control);
}
