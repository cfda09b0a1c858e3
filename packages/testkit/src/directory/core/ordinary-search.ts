import { randomBytes } from 'node:crypto';
import {
  CONTROL_OID,
  findControl,
  makePagedResultsControl,
  parsePagedResultsControl,
  printFilter,
  RESULT_CODE,
  type SearchRequestOp,
} from '@sallyport/ldap';
import type { DirectoryManner } from './directory-manner.ts';
import { findEntries } from './find-entries.ts';
import type { PagedSearch, SearchJob } from './search-job.ts';

/** Answers a search that is no change feed: unpaged, or page by page (RFC 2696). `emptyPages`: pages to leave empty. */
export async function answerSearch(
  manner: DirectoryManner,
  job: SearchJob,
  takeEmptyPage: () => boolean,
): Promise<void> {
  manner.assertMaySearch(job.caller);
  const paged = findControl(job.controls, CONTROL_OID.pagedResults);
  if (paged === undefined) return answerUnpaged(manner, job);
  const { size, cookie } = parsePagedResultsControl(paged);
  const search =
    cookie.length === 0 ? startSearch(manner, job) : resumeSearch(manner, job, cookie.toString('hex'));
  if (size === 0 && cookie.length > 0) {
    finishPage(job, Buffer.alloc(0)); // RFC 2696 §3: the client has seen enough
    return;
  }
  const isEmptyByOrder = takeEmptyPage();
  const outcome = isEmptyByOrder
    ? 'more'
    : await sendPage(manner, job, search, Math.min(size, manner.limits.maxPageSize));
  if (outcome === 'gone') return;
  if (outcome === 'sizeLimit') {
    job.exchange.finish({ resultCode: RESULT_CODE.sizeLimitExceeded });
    return;
  }
  finishPage(job, outcome === 'more' ? keepSearch(manner, job, search) : Buffer.alloc(0));
}

async function answerUnpaged(manner: DirectoryManner, job: SearchJob): Promise<void> {
  const search = startSearch(manner, job);
  const outcome = await sendPage(manner, job, search, manner.limits.sizeLimit, Number.POSITIVE_INFINITY);
  if (outcome === 'gone') return;
  const isCut = outcome !== 'end';
  job.exchange.finish({ resultCode: isCut ? RESULT_CODE.sizeLimitExceeded : RESULT_CODE.success });
}

type PageOutcome = 'more' | 'end' | 'sizeLimit' | 'gone';

async function sendPage(
  manner: DirectoryManner,
  job: SearchJob,
  search: PagedSearch,
  pageSize: number,
  maxExamined = manner.limits.maxExaminedPerPage,
): Promise<PageOutcome> {
  const { request, controls } = job;
  const selection = { attributes: request.attributes, typesOnly: request.typesOnly, controls };
  const sizeLimit = request.sizeLimit === 0 ? Number.POSITIVE_INFINITY : request.sizeLimit;
  let sent = 0;
  let examined = 0;
  for (;;) {
    const next = search.entries.next();
    if (next.done === true) return 'end';
    examined += 1;
    if (next.value !== undefined) {
      if (search.sentCount >= sizeLimit) return 'sizeLimit';
      if (sent >= pageSize) return 'more'; // unpaged only: one more than allowed was found
      const isTaken = await job.sendEntry(
        manner.shownDn(next.value, controls),
        manner.read(next.value, selection),
        manner.entryControls?.(next.value) ?? [],
      );
      if (!isTaken) return 'gone';
      sent += 1;
      search.sentCount += 1;
    }
    // Without looking ahead, a full page carries a cookie even if nothing follows: the last page may be empty.
    if (sent >= pageSize && Number.isFinite(maxExamined)) return 'more';
    if (examined >= maxExamined) return 'more';
  }
}

function startSearch(manner: DirectoryManner, job: SearchJob): PagedSearch {
  const { request, controls, caller } = job;
  const base = manner.locate(caller, request.base, controls);
  return {
    fingerprint: fingerprintOf(request),
    entries: findEntries(manner, caller, base, request, controls),
    sentCount: 0,
  };
}

function resumeSearch(manner: DirectoryManner, job: SearchJob, cookie: string): PagedSearch {
  const search = job.connection.pagedSearches.get(cookie);
  if (search === undefined || search.fingerprint !== fingerprintOf(job.request))
    return manner.refusals.badPageCookie();
  job.connection.pagedSearches.delete(cookie);
  return search;
}

function keepSearch(manner: DirectoryManner, job: SearchJob, search: PagedSearch): Buffer {
  const { pagedSearches } = job.connection;
  const cookie = randomBytes(8);
  pagedSearches.set(cookie.toString('hex'), search);
  const [oldest] = pagedSearches.keys();
  if (pagedSearches.size > manner.limits.maxPagedSearches && oldest !== undefined)
    pagedSearches.delete(oldest);
  return cookie;
}

function finishPage(job: SearchJob, cookie: Buffer): void {
  job.exchange.finish({
    resultCode: RESULT_CODE.success,
    controls: [makePagedResultsControl({ size: 0, cookie })],
  });
}

function fingerprintOf(request: SearchRequestOp): string {
  return JSON.stringify([request.base, request.scope, printFilter(request.filter), request.attributes]);
}
