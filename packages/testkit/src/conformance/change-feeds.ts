import {
  CONTROL_OID,
  type Control,
  DIR_SYNC_FLAG,
  EntryBatch,
  findControl,
  type LazyEntry,
  makeDirSyncRequestControl,
  makeFlagControl,
  makeSyncRequestControl,
  parseDirSyncResponseControl,
  parseSyncDoneControl,
  parseSyncInfo,
  parseSyncStateControl,
  type SearchItem,
} from '@sallyport/ldap';
import type { CaseContext } from './case-context.ts';

export const showDeleted: Control = makeFlagControl('showDeleted');

/** DirSync to the end of its rounds. */
export async function dirSync(
  context: CaseContext,
  cookie: Buffer,
  attributes: readonly string[],
  options: { readonly maxBytes?: number; readonly base?: string } = {},
): Promise<{ entries: LazyEntry[]; cookie: Buffer; rounds: number }> {
  const entries: LazyEntry[] = [];
  let next = cookie;
  for (let rounds = 1; ; rounds++) {
    const control = makeDirSyncRequestControl({
      flags: DIR_SYNC_FLAG.incrementalValues,
      maxBytes: options.maxBytes ?? 1024 * 1024,
      cookie: next,
    });
    const answer = await context.search('(objectClass=*)', {
      attributes,
      pageSize: 0,
      controls: [control, showDeleted],
      ...(options.base === undefined ? {} : { base: options.base }),
    });
    entries.push(...answer.entries);
    const response = findControl(answer.outcome.controls, CONTROL_OID.dirSync);
    if (response === undefined) throw new Error('The answer carries no DirSync control.');
    const { moreResults, cookie: following } = parseDirSyncResponseControl(response);
    next = Buffer.from(following);
    if (!moreResults) return { entries, cookie: next, rounds };
  }
}

/** One refresh of content synchronization: entries, names of what is gone, and the new cookie. */
export async function sync(context: CaseContext, base: string, cookie: Buffer | undefined) {
  const control = makeSyncRequestControl({
    mode: 'refreshOnly',
    ...(cookie === undefined ? {} : { cookie }),
  });
  const { entries, items, outcome } = await context.search('(objectClass=*)', {
    base,
    attributes: ['*', 'entryUUID'],
    pageSize: 0,
    controls: [control],
  });
  const deleted = items.flatMap((item) => {
    if (item.kind !== 'intermediate' || item.value === undefined) return [];
    const info = parseSyncInfo(item.value);
    return info.kind === 'idSet' && info.refreshDeletes
      ? info.entryUuids.map((uuid) => uuid.toString('hex'))
      : [];
  });
  const named = entries.filter((entry) => {
    const state = findControl(entry.controls(), CONTROL_OID.syncState);
    return state !== undefined && parseSyncStateControl(state).state === 'delete';
  });
  const done = findControl(outcome.controls, CONTROL_OID.syncDone);
  if (done === undefined) throw new Error('The answer carries no sync done control.');
  return {
    entries: entries.filter((entry) => !named.includes(entry)),
    deleted: [...deleted, ...named.flatMap((entry) => stateUuid(entry))],
    cookie: Buffer.from(parseSyncDoneControl(done).cookie ?? Buffer.alloc(0)),
  };
}

function stateUuid(entry: LazyEntry): string[] {
  const state = findControl(entry.controls(), CONTROL_OID.syncState);
  return state === undefined ? [] : [parseSyncStateControl(state).entryUuid.toString('hex')];
}

/** A search that stays open, read in the background until stopped. */
export function startWatch(
  context: CaseContext,
  base: string,
  scope: 'one' | 'sub',
  controls: readonly Control[],
  onItem: (item: SearchItem) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const stream = context.client.watch(
    {
      base,
      scope,
      filter: { kind: 'present', attribute: 'objectClass' },
      attributes: ['*', 'entryUUID'],
      controls,
    },
    { signal: stopping.signal },
  );
  const reading = (async () => {
    for await (const bytes of stream) for (const item of new EntryBatch(bytes).items()) onItem(item);
  })().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error; // aborted by us: the end that was meant
  });
  return {
    async stop() {
      stopping.abort();
      await reading;
    },
  };
}
