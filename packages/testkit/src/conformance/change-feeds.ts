import {
  CONTROL_OID,
  type Control,
  DIR_SYNC_FLAG,
  EntryBatch,
  findControl,
  type LazyEntry,
  type LdapClient,
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

/** One entry of the changelog, as far as the cases look at it. */
export interface ChangelogRecord {
  readonly changeNumber: number;
  readonly changeType: string;
  readonly targetDn: string;
  /** entryUUID of the target. */
  readonly key: string | undefined;
  /** The body of an LDIF record; absent for deletions, and for a modrdn as the server likes. */
  readonly changes: Buffer | undefined;
  readonly newRdn: string | undefined;
  readonly deleteOldRdn: string | undefined;
  readonly newSuperior: string | undefined;
}

export async function lastChangeNumber(context: CaseContext, client: LdapClient): Promise<number> {
  const { entries } = await context.search(
    '(objectClass=*)',
    { base: '', scope: 'base', attributes: ['lastChangeNumber'], pageSize: 0 },
    client,
  );
  const number = entries[0]?.first('lastChangeNumber');
  if (number === undefined) throw new Error('The root DSE shows no lastChangeNumber.');
  return Number(number);
}

/** What the changelog holds from this number on, the number's own entry included, by rising number. */
export async function changelogFrom(
  context: CaseContext,
  changeNumber: number,
  client: LdapClient,
): Promise<readonly ChangelogRecord[]> {
  const { entries } = await context.search(
    `(changeNumber>=${changeNumber})`,
    {
      base: 'cn=changelog',
      scope: 'one',
      attributes: ['*', 'targetUniqueID', 'targetEntryUUID'],
      pageSize: 0,
    },
    client,
  );
  const records = entries.map((entry) => ({
    changeNumber: Number(entry.first('changeNumber')),
    changeType: entry.first('changeType') ?? '',
    targetDn: entry.first('targetDN') ?? '',
    // PingDirectory knows one name only, and 389 keeps another identifier under that.
    key: entry.first('targetEntryUUID') ?? entry.first('targetUniqueID'),
    changes: entry.bytes('changes'),
    newRdn: entry.first('newRDN'),
    deleteOldRdn: entry.first('deleteOldRDN'),
    newSuperior: entry.first('newSuperior'),
  }));
  return records.sort((a, b) => a.changeNumber - b.changeNumber);
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
