import { setTimeout as delay } from 'node:timers/promises';
import {
  BerError,
  type ChangelogBatchRequest,
  type ChangelogSelection,
  type ChangelogStart,
  type Dn,
  EXTENDED_OID,
  encodeChangelogBatchEntry,
  encodeChangelogBatchResult,
  encodeMissingChanges,
  parseChangelogBatchRequest,
} from '@sallyport/ldap';
import type { ExtendedJob } from '../core/search-job.ts';
import type { LoggedChange, PdChangelog } from './pd-changelog.ts';
import { pdRefusals } from './pd-refusals.ts';
import type { PdServer } from './pd-server.ts';

/** Where a batch begins: behind a sequence number; whether something behind it is gone. */
interface Position {
  readonly csn: string;
  readonly isPurged: boolean;
}

const tokenMark = 0x01;

/** Get changelog batch: a list of changes as intermediate responses, and the token that goes on behind them. */
export async function answerChangelogBatch(server: PdServer, job: ExtendedJob): Promise<void> {
  const { changelog } = server;
  if (!changelog.isEnabled) pdRefusals.noChangelog();
  if (!job.caller.rights.replicate) pdRefusals.noChangelogRight();
  const request = parseRequest(job.value);
  const start = positionOf(changelog, request.start);
  let { csn } = start;
  const finish = (isPurged: boolean) => {
    const remaining = changelog.since(csn).length;
    job.finish(
      encodeChangelogBatchResult({
        resumeToken: makeToken(csn),
        moreChangesAvailable: remaining > 0,
        changesAlreadyPurged: isPurged,
        estimatedChangesRemaining: remaining,
      }),
    );
  };
  if (start.isPurged && request.continueOnMissingChanges !== true) {
    finish(true);
    return;
  }
  if (start.isPurged) {
    const notice = encodeMissingChanges('Changes behind the starting point were purged');
    if (!(await job.sendIntermediate(EXTENDED_OID.missingChangelogEntries, notice))) return;
  }
  const isWanted = makeSelector(server, request);
  const deadline = performance.now() + (request.maxWaitMs ?? 0);
  let sentCount = 0;
  while (sentCount < request.maxChanges) {
    for (const change of changelog.since(csn)) {
      if (sentCount >= request.maxChanges) break;
      csn = change.csn;
      if (!isWanted(change)) continue;
      if (!(await sendChange(server, job, change))) return;
      sentCount += 1;
    }
    const isEnough = sentCount > 0 && request.waitForMaxChanges !== true;
    const leftMs = deadline - performance.now();
    if (isEnough || sentCount >= request.maxChanges || leftMs <= 0) break;
    if (changelog.lastCsn === csn || changelog.since(csn).length === 0)
      await nextRecord(changelog, leftMs, job.signal);
    if (job.signal.aborted) return;
  }
  finish(start.isPurged);
}

function sendChange(server: PdServer, job: ExtendedJob, change: LoggedChange): Promise<boolean> {
  const { entry } = change;
  const attributes = [...entry.attributes.values()].map(({ name, values }) => ({ type: name, values }));
  const value = encodeChangelogBatchEntry({
    resumeToken: makeToken(change.csn),
    serverId: server.changelog.serverId,
    dn: entry.dn,
    attributes,
  });
  return job.sendIntermediate(EXTENDED_OID.changelogEntry, value);
}

function parseRequest(value: Buffer | undefined): ChangelogBatchRequest {
  if (value === undefined) return pdRefusals.malformed('The changelog batch request needs a value');
  try {
    return parseChangelogBatchRequest(value);
  } catch (error) {
    if (error instanceof BerError) return pdRefusals.malformed(error.message);
    throw error;
  }
}

function positionOf(changelog: PdChangelog, start: ChangelogStart): Position {
  const { purged } = changelog;
  const behind = (csn: string): Position => ({ csn, isPurged: purged !== undefined && purged.csn > csn });
  switch (start.kind) {
    case 'beginning':
      return { csn: purged?.csn ?? '', isPurged: false };
    case 'end':
      return { csn: changelog.lastCsn, isPurged: false };
    case 'token':
      return behind(readToken(start.token));
    case 'csn':
      if (!/^[0-9A-F]{28}$/i.test(start.csn)) return pdRefusals.badToken();
      return behind(start.csn.toUpperCase());
    case 'time': {
      const before = changelog.changes.findLast((change) => change.atMs < start.atMs);
      const csn = before?.csn ?? purged?.csn ?? '';
      return { csn, isPurged: purged !== undefined && purged.atMs >= start.atMs };
    }
  }
}

/** Opaque to clients. It holds the sequence number, which means the same on every server. */
function makeToken(csn: string): Buffer {
  return Buffer.concat([Buffer.of(tokenMark), Buffer.from(csn, 'hex')]);
}

function readToken(token: Buffer): string {
  if (token[0] !== tokenMark || (token.length !== 1 && token.length !== 15)) return pdRefusals.badToken();
  return token.toString('hex', 1).toUpperCase();
}

function makeSelector(server: PdServer, request: ChangelogBatchRequest): (change: LoggedChange) => boolean {
  const { includeBases, excludeBases = [], changeTypes, selection } = request;
  const included = includeBases?.map((base) => server.parseName(base));
  const excluded = excludeBases.map((base) => server.parseName(base));
  const isWithin = (change: LoggedChange, bases: readonly Dn[]) =>
    namesOf(server, change).some((dn) => bases.some((base) => dn.isWithin(base)));
  const readerName = request.pareEntriesForUserDn;
  const reader = readerName === undefined ? undefined : server.store.resolve(server.parseName(readerName));
  const mayRead = readerName === undefined || (reader !== undefined && server.rightsOf(reader).read);
  return (change) =>
    mayRead &&
    (changeTypes === undefined || changeTypes.includes(change.kind)) &&
    (included === undefined || isWithin(change, included)) &&
    !isWithin(change, excluded) &&
    isOfWantedState(request, change) &&
    (selection === undefined || isSelected(server, selection, change));
}

/** A rename matters where it leaves and where it arrives. */
function namesOf(server: PdServer, { targetDn, rename }: LoggedChange): readonly Dn[] {
  return [targetDn, ...(rename === undefined ? [] : [rename.newDn])].map((name) => server.parseName(name));
}

function isOfWantedState(request: ChangelogBatchRequest, change: LoggedChange): boolean {
  if (change.isOfSoftDeleted !== true) return true;
  return change.kind === 'delete'
    ? request.includeSoftDeletedEntryDeletes === true
    : request.includeSoftDeletedEntryMods === true;
}

function isSelected(server: PdServer, selection: ChangelogSelection, change: LoggedChange): boolean {
  const { touched } = change;
  switch (selection.kind) {
    case 'anyAttributes':
      return selection.attributes.some((name) => touched.has(name.toLowerCase()));
    case 'allAttributes':
      return selection.attributes.every((name) => touched.has(name.toLowerCase()));
    case 'ignoreAttributes': {
      // Entries that come and go matter whatever they hold.
      if (change.kind === 'add' || change.kind === 'delete') return true;
      const ignored = new Set(selection.attributes.map((name) => name.toLowerCase()));
      const isOperational = (name: string) => server.schema.attribute(name)?.operational ?? true;
      return [...touched].some(
        (name) => !ignored.has(name) && !(selection.ignoreOperational && isOperational(name)),
      );
    }
    case 'notificationDestination':
      return false; // none is configured
  }
}

/** Resolves when something is logged, when the time is over, or when the client gives up. */
async function nextRecord(changelog: PdChangelog, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const recorded = new AbortController();
  const stop = changelog.onRecord(() => recorded.abort());
  try {
    await delay(timeoutMs, undefined, { signal: AbortSignal.any([recorded.signal, signal]) }).catch(
      (error: unknown) => {
        if (!recorded.signal.aborted && !signal.aborted) throw error; // woken up, which is what was waited for
      },
    );
  } finally {
    stop();
  }
}
