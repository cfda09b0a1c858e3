import { PositionLost } from '@sallyport/engine';
import {
  CONTROL_OID,
  type Dn,
  EntryBatch,
  type Filter,
  findControl,
  type LazyEntry,
  LdapError,
  makeSyncRequestControl,
  parseSyncDoneControl,
  parseSyncInfo,
  parseSyncStateControl,
  printEntryUuid,
  RESULT_CODE,
} from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';

/** What one refresh says, as it comes; `gone` is complete at the end. */
export interface SyncRefresh {
  readonly batches: AsyncGenerator<readonly LazyEntry[], void>;
  /** Keys that left the content. */
  readonly gone: ReadonlySet<string>;
  /** Where the server is now, Base64; call it when the batches have been read. */
  cookie(): Promise<string>;
}

/**
 * One `refreshOnly` search (RFC 4533 §3.3). Only a *delete phase* is taken, in which the server names what is gone. A
 * *present phase* would have us conclude deletions from silence; that is PositionLost, and a full read follows, where the
 * guard and the confirmation by key stand in between.
 */
export function refresh(
  context: DirectoryContext,
  base: Dn,
  filter: Filter,
  attributes: readonly string[],
  cookie: string,
  signal: AbortSignal,
): SyncRefresh {
  const gone = new Set<string>();
  const stream = context.link.search(
    {
      base: base.toString(),
      scope: 'sub',
      filter,
      attributes,
      pageSize: 0,
      controls: [makeSyncRequestControl({ mode: 'refreshOnly', cookie: Buffer.from(cookie, 'base64') })],
    },
    { signal },
  );

  async function* batches(): AsyncGenerator<readonly LazyEntry[], void> {
    try {
      for await (const bytes of stream) {
        const entries: LazyEntry[] = [];
        for (const item of new EntryBatch(bytes).items()) {
          if (item.kind === 'entry') take(item, entries, gone);
          else if (item.kind === 'intermediate' && item.value !== undefined) takeInfo(item.value, gone);
        }
        if (entries.length > 0) yield entries;
      }
    } catch (error) {
      if (error instanceof LdapError && error.resultCode === RESULT_CODE.syncRefreshRequired)
        throw new PositionLost('the server asks for a full refresh (e-syncRefreshRequired)');
      throw error;
    }
  }

  return {
    batches: batches(),
    gone,
    async cookie() {
      const control = findControl((await stream.outcome).controls, CONTROL_OID.syncDone);
      const done = control === undefined ? undefined : parseSyncDoneControl(control);
      const now = done?.cookie?.toString('base64') ?? cookie;
      // A server with nothing new may end without a delete phase and with the cookie that we sent, or none.
      if (done?.refreshDeletes !== true && now !== cookie)
        throw new PositionLost("the server's session log no longer reaches back to the last look");
      return now;
    },
  };
}

function take(entry: LazyEntry, entries: LazyEntry[], gone: Set<string>): void {
  const control = findControl(entry.controls(), CONTROL_OID.syncState);
  if (control === undefined) return;
  const { state, entryUuid } = parseSyncStateControl(control);
  const key = printEntryUuid(entryUuid);
  if (state === 'delete') gone.add(key);
  else if (state !== 'present') {
    gone.delete(key);
    entries.push(entry);
  }
}

function takeInfo(value: Buffer, gone: Set<string>): void {
  const info = parseSyncInfo(value);
  if (info.kind === 'idSet' && info.refreshDeletes)
    for (const uuid of info.entryUuids) gone.add(printEntryUuid(uuid));
}
