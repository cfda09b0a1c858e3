import { CONTROL_OID, type DirectoryLink, LdapError, RESULT_CODE } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { freshCookie } from './dirsync-sweep.ts';

/** How long an answer holds: the probe makes the server walk its change index, which is not for every poll. */
const KEPT_MS = 10 * 60_000;
/** A large domain needs longer to find nothing; that it began to look is answer enough. */
const PROBE_SECONDS = 2;

interface Kept {
  readonly untilMs: number;
  readonly missing: string | undefined;
}

const kept = new WeakMap<DirectoryLink, Map<string, Kept>>();

/**
 * Why the account may not use DirSync, in words; undefined if it may. Without the extended right
 * DS-Replication-Get-Changes the server answers insufficientAccessRights ([MS-ADTS] 3.1.1.3.4.1.3), unless the
 * object-security flag is set: then everybody may ask, but what one cannot read is passed over in silence, a deletion
 * among it. Such a feed cannot be relied on, so that flag is never set.
 */
export async function readMissingDirSyncRight(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!context.rootDse.supportedControls.has(CONTROL_OID.dirSync))
    return 'the root DSE does not list the DirSync control';
  const place = context.namingContext.normal;
  const known = kept.get(context.link)?.get(place);
  if (known !== undefined && known.untilMs > Date.now()) return known.missing;
  const missing = await probe(context, signal);
  const places = kept.get(context.link) ?? new Map<string, Kept>();
  places.set(place, { untilMs: Date.now() + KEPT_MS, missing });
  kept.set(context.link, places);
  return missing;
}

/** The right was there and is there no more: the next look must not go by memory. */
export function forgetDirSyncRight(context: DirectoryContext): void {
  kept.delete(context.link);
}

export function missingRight(context: DirectoryContext): string {
  return `the bind account lacks the right Replicating Directory Changes on ${context.namingContext.toString()}`;
}

async function probe(context: DirectoryContext, signal: AbortSignal): Promise<string | undefined> {
  try {
    await freshCookie(context, signal, PROBE_SECONDS);
    return undefined;
  } catch (error) {
    if (!(error instanceof LdapError) || error.retryable || error.resultCode === undefined) throw error;
    if (error.resultCode === RESULT_CODE.timeLimitExceeded) return undefined;
    return error.resultCode === RESULT_CODE.insufficientAccessRights
      ? missingRight(context)
      : `DirSync was refused: ${error.message}`;
  }
}
