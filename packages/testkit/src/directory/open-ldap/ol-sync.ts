import {
  CONTROL_OID,
  EXTENDED_OID,
  encodeSyncInfo,
  findControl,
  makeSyncDoneControl,
  makeSyncStateControl,
  parseSyncRequestControl,
  RESULT_CODE,
  type SyncInfo,
} from '@sallyport/ldap';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { DirectoryManner, Selection } from '../core/directory-manner.ts';
import { findEntries, makeMatcher } from '../core/find-entries.ts';
import { runUntilAborted } from '../core/run-until-aborted.ts';
import type { SearchJob } from '../core/search-job.ts';
import type { OlDatabase } from './ol-database.ts';
import { olRefusals } from './ol-refusals.ts';

const idsPerMessage = 500;

/**
 * Content synchronization (RFC 4533) as syncprov does it: without a cookie everything; with one, what changed, and the
 * deletions from the session log; if the log does not reach back, the present phase instead.
 */
export async function answerSync(
  database: OlDatabase,
  manner: DirectoryManner,
  job: SearchJob,
): Promise<void> {
  const control = findControl(job.controls, CONTROL_OID.syncRequest);
  if (control === undefined) return;
  const sync = parseSyncRequestControl(control);
  manner.assertMaySearch(job.caller);
  const base = manner.locate(job.caller, job.request.base, job.controls);
  const from = readCookie(sync.cookie);
  const upTo = database.store.sequence;
  const deleted = from === undefined ? undefined : database.deletionsSince(from);
  const content = new Set<DirectoryEntry>();
  const left: Buffer[] = [...(deleted ?? [])];
  const present: Buffer[] = [];
  const selection: Selection = {
    attributes: job.request.attributes,
    typesOnly: job.request.typesOnly,
    controls: job.controls,
  };
  const cookie = writeCookie(database, upTo);
  // From here on changes are queued, so that none falls between the refresh and the persist stage.
  const early: (() => void)[] = [];
  let onChange = (work: () => void): void => {
    early.push(work);
  };
  const matches = makeMatcher(manner, manner.rewrite(job.request.filter));
  const isInContent = (entry: DirectoryEntry) =>
    !entry.removed && manner.isInScope(entry, base, job.request.scope, job.controls) && matches(entry);
  const persist = makePersist(database, manner, job, content, selection, isInContent);
  const unsubscribe =
    sync.mode === 'refreshOnly'
      ? () => undefined
      : database.store.onChange((change) => onChange(() => persist.tell(change.entry, change.sequence)));
  try {
    for (const entry of findEntries(manner, job.caller, base, job.request, job.controls)) {
      if (entry === undefined) continue;
      content.add(entry);
      if (from !== undefined && entry.changedSequence <= from) {
        present.push(uuidOf(entry));
        continue;
      }
      const state = makeSyncStateControl({ state: 'add', entryUuid: uuidOf(entry) });
      if (!(await job.sendEntry(entry.dn, manner.read(entry, selection), [state]))) return;
    }
    if (deleted !== undefined && from !== undefined) {
      // What changed and is no longer content has left it; naming what never was content does no harm.
      for (const entry of database.store.changedSince(from + 1))
        if (!content.has(entry)) left.push(uuidOf(entry));
      sendIds(job, left, true);
    } else if (from !== undefined) sendIds(job, present, false);
    const refreshDeletes = deleted !== undefined;
    if (sync.mode === 'refreshOnly') {
      job.exchange.finish({
        resultCode: RESULT_CODE.success,
        controls: [makeSyncDoneControl({ cookie, refreshDeletes })],
      });
      return;
    }
    sendInfo(job, { kind: refreshDeletes ? 'refreshDelete' : 'refreshPresent', cookie, refreshDone: true });
    await runUntilAborted(job.exchange.signal, (queue) => {
      onChange = (work) => {
        queue(async () => work());
      };
      for (const work of early.splice(0)) onChange(work);
      return () => undefined;
    });
  } finally {
    unsubscribe();
  }
}

function makePersist(
  database: OlDatabase,
  manner: DirectoryManner,
  job: SearchJob,
  content: Set<DirectoryEntry>,
  selection: Selection,
  isInContent: (entry: DirectoryEntry) => boolean,
) {
  return {
    /** Tells one change: entered, changed within or left the content. */
    tell(entry: DirectoryEntry, sequence: number): void {
      const was = content.has(entry);
      const is = isInContent(entry);
      if (!was && !is) return;
      const state = is ? (was ? 'modify' : 'add') : 'delete';
      if (is) content.add(entry);
      else content.delete(entry);
      const control = makeSyncStateControl({
        state,
        entryUuid: uuidOf(entry),
        cookie: writeCookie(database, sequence),
      });
      const attributes = is ? manner.read(entry, selection) : [];
      job.exchange.send({ kind: 'searchEntry', dn: entry.dn, attributes }, [control]);
    },
  };
}

function sendIds(job: SearchJob, ids: readonly Buffer[], refreshDeletes: boolean): void {
  for (let index = 0; index < ids.length; index += idsPerMessage) {
    sendInfo(job, { kind: 'idSet', refreshDeletes, entryUuids: ids.slice(index, index + idsPerMessage) });
  }
}

function sendInfo(job: SearchJob, info: SyncInfo): void {
  job.exchange.send({
    kind: 'intermediateResponse',
    oid: EXTENDED_OID.syncInfo,
    value: encodeSyncInfo(info),
  });
}

function uuidOf(entry: DirectoryEntry): Buffer {
  return Buffer.from((entry.text('entryuuid') ?? '').replaceAll('-', ''), 'hex');
}

function writeCookie(database: OlDatabase, sequence: number): Buffer {
  return Buffer.from(`rid=000,csn=${database.changeNumber(sequence, database.store.changedAtMs)}`);
}

/** The sequence number a cookie stands for; undefined without a cookie. */
function readCookie(cookie: Buffer | undefined): number | undefined {
  if (cookie === undefined || cookie.length === 0) return undefined;
  const count = /csn=\d{14}\.\d{6}Z#([0-9a-f]{6})#/.exec(cookie.toString())?.[1];
  return count === undefined ? olRefusals.staleSyncCookie() : Number.parseInt(count, 16);
}
