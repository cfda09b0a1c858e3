import { PositionLost } from '@sallyport/engine';
import {
  CONTROL_OID,
  DIR_SYNC_FLAG,
  EntryBatch,
  type Filter,
  findControl,
  type LazyEntry,
  LdapError,
  makeDirSyncRequestControl,
  makeExtendedDnControl,
  makeFlagControl,
  parseDirSyncResponseControl,
  parseFilter,
} from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';
import type { DirectoryContext } from '../directory-context.ts';

/** What one answer may hold; the server sends the rest in further rounds. */
const MAX_BYTES = 1 << 20;
/** A server that signals more for ever would keep us for ever. */
const MAX_ROUNDS = 100_000;

/** ERROR_DS_... of a control that cannot be processed: the cookie is none of this server's. */
const COOKIE_REFUSED = 0x203d;

/** No object has this GUID, and the index of GUIDs says so at once. */
const NOTHING: Filter = parseFilter(
  '(objectGUID=\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00)',
);

export interface DirSyncSweep {
  /** Empty = from the beginning. */
  readonly cookie: Buffer;
  readonly filter: Filter;
  readonly attributes: readonly string[];
  readonly timeLimitSeconds?: number;
}

/**
 * Everything behind a cookie ([MS-ADTS] 3.1.1.3.4.1.3), round by round until the server signals no more; returns the new
 * cookie. Values of linked attributes come one by one (`member;range=1-1` came, `member;range=0-0` went), and what may be
 * seen is not judged object by object: that takes the right Replicating Directory Changes. Show Deleted and
 * Extended DN are sent because raw LDAP does not imply them; all names come as `<GUID=…>;<SID=…>;DN`.
 */
export async function* dirSyncSweep(
  context: DirectoryContext,
  sweep: DirSyncSweep,
  signal: AbortSignal,
): AsyncGenerator<readonly LazyEntry[], Buffer> {
  let { cookie } = sweep;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const stream = context.link.search(
      {
        base: context.namingContext.toString(),
        scope: 'sub',
        filter: sweep.filter,
        attributes: sweep.attributes,
        pageSize: 0,
        controls: [
          makeDirSyncRequestControl({ flags: DIR_SYNC_FLAG.incrementalValues, maxBytes: MAX_BYTES, cookie }),
          makeFlagControl('showDeleted'),
          makeExtendedDnControl('text'),
        ],
        ...(sweep.timeLimitSeconds === undefined ? {} : { timeLimitSeconds: sweep.timeLimitSeconds }),
      },
      { signal },
    );
    for await (const bytes of stream) yield [...new EntryBatch(bytes).entries()];
    const control = findControl((await stream.outcome).controls, CONTROL_OID.dirSync);
    if (control === undefined)
      throw new CodedError(
        'CHANGE_FEED_UNREADABLE',
        'The domain controller answered a DirSync search without a cookie: its changes cannot be followed',
      );
    const response = parseDirSyncResponseControl(control);
    cookie = Buffer.from(response.cookie);
    if (!response.moreResults) return cookie;
  }
  throw new CodedError(
    'CHANGE_FEED_UNREADABLE',
    `The domain controller still signals more changes after ${MAX_ROUNDS} rounds of DirSync`,
  );
}

/** Where the directory is now, without what is in it: the filter lets nothing through. */
export async function freshCookie(
  context: DirectoryContext,
  signal: AbortSignal,
  timeLimitSeconds?: number,
): Promise<Buffer> {
  const limit = timeLimitSeconds === undefined ? {} : { timeLimitSeconds };
  const request = { cookie: Buffer.alloc(0), filter: NOTHING, attributes: ['objectGUID'], ...limit };
  const sweep = dirSyncSweep(context, request, signal);
  for (;;) {
    const next = await sweep.next();
    if (next.done === true) return next.value;
  }
}

/**
 * Turns a failure into PositionLost if it is the cookie that was not taken. Servers word that differently; what they
 * have in common is that they take an empty one.
 */
export async function assertCookieTaken(
  context: DirectoryContext,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (!(error instanceof LdapError) || error.resultCode === undefined || error.retryable) return;
  if (error.adCode !== COOKIE_REFUSED) {
    try {
      await freshCookie(context, signal);
    } catch (cause) {
      // It is not the cookie: the first error tells what it is.
      if (cause instanceof LdapError) return;
      throw cause;
    }
  }
  throw new PositionLost(
    `the domain controller does not take the DirSync cookie of the last look: ${error.message}`,
  );
}
