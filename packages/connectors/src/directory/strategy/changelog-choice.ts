import { EXTENDED_OID, LdapError } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { hidesContent, readChangelogRange, readNewestHeads } from './changelog-log.ts';
import type { ChangeRecord } from './changelog-record.ts';

/** What a server's changelog offers this account. */
export interface ChangelogFeed {
  /** Whether it says of deleted objects which they were. */
  readonly namesDeleted: boolean;
  /** PingDirectory's get changelog batch: positions that hold on every server of the topology. */
  readonly hasBatches: boolean;
  readonly warnings: readonly string[];
}

/** Newest records looked at, to learn what the log holds. */
const SAMPLE = 20;

/**
 * Looks whether there is a changelog and the account may read it; else says in words why it cannot be used. An account
 * without the right sees a log with numbers and nothing in it.
 */
export async function probeChangelog(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<ChangelogFeed | { readonly missing: string }> {
  const range = await readChangelogRange(context, signal);
  const hasBatches = context.rootDse.supportedExtensions.has(EXTENDED_OID.getChangelogBatch);
  if (range === undefined)
    return {
      missing: hasBatches
        ? 'the server keeps a changelog, but shows its change numbers not to the bind account: grant it the right to read cn=changelog and the root DSE attributes firstChangeNumber and lastChangeNumber'
        : 'the root DSE shows no changelog to the bind account',
    };
  let sample: readonly ChangeRecord[];
  let hidesChanges: boolean;
  try {
    sample = await readNewestHeads(context, range, SAMPLE, signal);
    hidesChanges = await hidesContent(context, range, SAMPLE, signal);
  } catch (error) {
    if (!(error instanceof LdapError) || error.resultCode === undefined || error.retryable) throw error;
    return { missing: `the bind account cannot read ${range.base}: ${error.message}` };
  }
  const isEmpty = range.first > range.last;
  if (!isEmpty && sample.length === 0)
    return {
      missing: `the bind account reads no entry of ${range.base}, which has changes ${range.first} to ${range.last}: grant it the right to read them`,
    };
  const namesDeleted = isEmpty ? hasUniqueIds(context) : sample.some(({ key }) => key !== undefined);
  return {
    namesDeleted,
    hasBatches,
    warnings: [
      ...(namesDeleted
        ? []
        : [
            `${range.base} does not say which objects were deleted: deletions are noticed only by full runs. Have it log entryUUID (389 Directory Server: nsslapd-attribute: entryUUID:targetEntryUUID).`,
          ]),
      ...(hidesChanges
        ? [
            `The bind account cannot read what was changed (attribute changes of ${range.base}): groups are read whole for each change of their members.`,
          ]
        : []),
    ],
  };
}

/** PingDirectory and OpenDJ log the entryUUID of themselves. */
function hasUniqueIds(context: DirectoryContext): boolean {
  return context.dialect.name === 'pingDirectory' || context.dialect.name === 'openDj';
}
