// Somewhat over 300 lines: one search is one small state machine, and its states make sense only side by side.
import { CONTROL_OID } from '../control/control-oid.ts';
import { findControl } from '../control/find-control.ts';
import { makePagedResultsControl, parsePagedResultsControl } from '../control/paged-results.ts';
import type { SearchOutcome, SearchRequest, SearchStream } from '../link/directory-link.ts';
import type { Control, LdapMessage } from '../message/message.ts';
import { LdapError, makeClientError, makeResultError } from '../result/ldap-error.ts';
import { RESULT_CODE } from '../result/result-code.ts';
import { BatchQueue } from './batch-queue.ts';
import type { Lease } from './connection-pool.ts';

/** Octets held for the consumer before the socket is paused, and below which the next page is asked for. */
const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;
/** How long a batch that is not full waits for more: costs no throughput, as the socket is read meanwhile. */
const BATCH_WAIT_MS = 2;
const DEFAULT_PAGE_SIZE = 1000;
/** A server may send pages without entries (a filter that matches little); one that sends nothing else is broken. */
const MAX_EMPTY_PAGES = 100_000;
const NO_COOKIE = Buffer.alloc(0);

export interface SearchReaderOptions {
  readonly request: SearchRequest;
  readonly signal: AbortSignal | undefined;
  /** False: one request without the paged results control. */
  readonly paged: boolean;
  /** Longest silence while an answer is awaited; 0 = any. */
  readonly silenceMs: number;
  /** Whether the socket may be paused: only if nobody else uses the connection. */
  readonly exclusive: boolean;
  lease(signal: AbortSignal | undefined): Promise<Lease>;
}

/**
 * Reads one search to its end. Pages are asked for as the consumer takes data: at most about `HIGH_WATER_BYTES` and
 * one chunk wait here, then the socket is paused and TCP holds the server back. Goes on while a cookie comes back,
 * also after a page without entries (RFC 2696 §3), which Active Directory may send.
 */
export class SearchReader implements SearchStream, AsyncIterator<Buffer> {
  readonly outcome: Promise<SearchOutcome>;
  readonly #options: SearchReaderOptions;
  readonly #settle: PromiseWithResolvers<SearchOutcome>;
  readonly #queue = new BatchQueue();
  readonly #onAbort = (): void =>
    this.#finish(makeClientError('LDAP_ABORTED', this.#describe('was aborted')));
  #paused = false;
  #lease: Lease | undefined;
  #messageId: number | undefined;
  #state: 'new' | 'starting' | 'open' | 'ended' = 'new';
  #failure: LdapError | undefined;
  #cookie: Buffer | undefined;
  #waiter: PromiseWithResolvers<IteratorResult<Buffer>> | undefined;
  #silence: NodeJS.Timeout | undefined;
  #batchTimer: NodeJS.Timeout | undefined;
  #pages = 0;
  #entries = 0;
  #emptyPages = 0;
  #entriesOfPage = 0;

  constructor(options: SearchReaderOptions) {
    this.#options = options;
    this.#settle = Promise.withResolvers();
    this.outcome = this.#settle.promise;
    // Whoever only iterates gets the error from the loop; an unread outcome must not end the process.
    this.outcome.catch(() => undefined);
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return this;
  }

  next(): Promise<IteratorResult<Buffer>> {
    if (this.#state === 'new') {
      this.#state = 'starting';
      this.#start().catch((error: unknown) => this.#finish(asLdapError(error)));
    }
    if (this.#queue.bytes > 0 && this.#isBatchReady()) {
      return Promise.resolve({ done: false, value: this.#takeBatch() });
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#state === 'ended') return Promise.resolve({ done: true, value: undefined });
    if (this.#waiter !== undefined) {
      return Promise.reject(
        new TypeError('a search stream has one reader, and its last next() is still pending'),
      );
    }
    this.#waiter = Promise.withResolvers();
    const { promise } = this.#waiter;
    if (this.#queue.bytes > 0) this.#deliverSoon();
    else this.#advance();
    return promise;
  }

  return(): Promise<IteratorResult<Buffer>> {
    this.#queue.clear();
    this.#finish(undefined, {
      resultCode: RESULT_CODE.canceled,
      matchedDn: '',
      diagnosticMessage: 'left by the reader',
      referrals: [],
      controls: [],
    });
    return Promise.resolve({ done: true, value: undefined });
  }

  async #start(): Promise<void> {
    const { signal } = this.#options;
    if (signal?.aborted === true) throw makeClientError('LDAP_ABORTED', this.#describe('was aborted'));
    signal?.addEventListener('abort', this.#onAbort);
    const lease = await this.#options.lease(signal);
    if (this.#state !== 'starting') {
      lease.release(true);
      return;
    }
    this.#lease = lease;
    this.#state = 'open';
    this.#ask(NO_COOKIE);
  }

  #ask(cookie: Buffer): void {
    const lease = this.#lease;
    if (lease === undefined) return;
    const { connection } = lease;
    if (connection.failure !== undefined) {
      this.#finish(connection.failure);
      return;
    }
    const { request, paged } = this.#options;
    this.#cookie = undefined;
    this.#entriesOfPage = 0;
    const controls: Control[] = [...(request.controls ?? [])];
    if (paged) controls.push(makePagedResultsControl({ size: this.#pageSize(), cookie }));
    this.#watchSilence();
    this.#messageId = connection.search(
      {
        kind: 'searchRequest',
        base: request.base,
        scope: request.scope,
        derefAliases: 'never',
        // Paged, the limit is kept here: servers disagree whether theirs counts a page or the whole.
        sizeLimit: paged ? 0 : (request.sizeLimit ?? 0),
        timeLimitSeconds: request.timeLimitSeconds ?? 0,
        typesOnly: request.typesOnly ?? false,
        filter: request.filter,
        attributes: request.attributes,
      },
      controls,
      {
        onMessages: (bytes, entryCount) => this.#take(bytes, entryCount),
        onDone: (message) => this.#pageDone(message),
        onFailure: (error) => {
          this.#messageId = undefined;
          this.#connectionFailed(error);
        },
      },
    );
  }

  #pageSize(): number {
    const { pageSize = DEFAULT_PAGE_SIZE, sizeLimit = 0 } = this.#options.request;
    return sizeLimit > 0 ? Math.min(pageSize, sizeLimit - this.#entries) : pageSize;
  }

  #take(bytes: Buffer, entryCount: number): void {
    this.#watchSilence();
    this.#entries += entryCount;
    this.#entriesOfPage += entryCount;
    this.#queue.push(bytes);
    if (this.#options.exclusive && !this.#paused && this.#queue.bytes > HIGH_WATER_BYTES) {
      this.#paused = true;
      this.#lease?.connection.pause();
      this.#stopSilence();
    }
    if (this.#waiter === undefined) return;
    if (this.#isBatchReady()) this.#deliver();
    else this.#deliverSoon();
  }

  /** Enough is here, or no more is coming before the consumer takes it. */
  #isBatchReady(): boolean {
    return this.#queue.hasFullBatch || this.#messageId === undefined;
  }

  #deliverSoon(): void {
    this.#batchTimer ??= setTimeout(() => this.#deliver(), BATCH_WAIT_MS);
  }

  #deliver(): void {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    const waiter = this.#waiter;
    if (waiter === undefined || this.#queue.bytes === 0) return;
    this.#waiter = undefined;
    waiter.resolve({ done: false, value: this.#takeBatch() });
  }

  #takeBatch(): Buffer {
    const batch = this.#queue.take();
    this.#advance();
    return batch;
  }

  /** Called as the consumer takes data: lets the server go on once little is left here. */
  #advance(): void {
    if (this.#state !== 'open' || this.#queue.bytes > LOW_WATER_BYTES) return;
    if (this.#paused) {
      this.#paused = false;
      this.#lease?.connection.resume();
      this.#watchSilence();
    }
    if (this.#cookie !== undefined) this.#ask(this.#cookie);
  }

  #pageDone(message: LdapMessage<Buffer>): void {
    this.#messageId = undefined;
    this.#stopSilence();
    const { op, controls } = message;
    if (op.kind !== 'searchDone') {
      this.#finish(makeClientError('LDAP_PROTOCOL', this.#describe(`was answered with a ${op.kind}`)));
      return;
    }
    this.#pages += 1;
    const { resultCode, matchedDn, diagnosticMessage, referrals } = op;
    const result = { resultCode, matchedDn, diagnosticMessage, referrals, controls };
    const { sizeLimit = 0 } = this.#options.request;
    const limitReached = sizeLimit > 0 && this.#entries >= sizeLimit;
    if (resultCode !== RESULT_CODE.success) {
      const asAsked = resultCode === RESULT_CODE.sizeLimitExceeded && limitReached;
      const server = this.#lease?.connection.server;
      if (asAsked) this.#finish(undefined, result);
      else this.#finish(makeResultError(result, { operation: this.#describe(''), server }));
      return;
    }
    let cookie: Buffer;
    try {
      cookie = this.#nextCookie(controls);
    } catch (error) {
      this.#finish(asLdapError(error));
      return;
    }
    if (cookie.length === 0) {
      this.#finish(undefined, result);
      return;
    }
    if (limitReached) {
      this.#finish(undefined, { ...result, resultCode: RESULT_CODE.sizeLimitExceeded });
      return;
    }
    this.#emptyPages = this.#entriesOfPage === 0 ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages > MAX_EMPTY_PAGES) {
      this.#finish(
        makeClientError('LDAP_PROTOCOL', this.#describe(`got ${MAX_EMPTY_PAGES} pages without an entry`)),
      );
      return;
    }
    this.#cookie = Buffer.from(cookie);
    if (this.#waiter === undefined) return;
    if (this.#queue.bytes > 0) this.#deliver();
    else this.#advance();
  }

  #nextCookie(controls: readonly Control[]): Buffer {
    if (!this.#options.paged) return NO_COOKIE;
    const control = findControl(controls, CONTROL_OID.pagedResults);
    return control === undefined ? NO_COOKIE : parsePagedResultsControl(control).cookie;
  }

  /** A connection that had been idle may have been dropped unnoticed: then, and only then, one more attempt. */
  #connectionFailed(error: LdapError): void {
    const lease = this.#lease;
    const nothingCame = this.#pages === 0 && this.#entries === 0 && this.#queue.bytes === 0;
    if (lease?.reused !== true || !nothingCame || error.code !== 'LDAP_CONNECTION_LOST') {
      this.#finish(error);
      return;
    }
    this.#lease = undefined;
    lease.release(false);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#state = 'starting';
    this.#start().catch((failure: unknown) => this.#finish(asLdapError(failure)));
  }

  #finish(failure: LdapError | undefined, result?: Omit<SearchOutcome, 'entryCount' | 'pages'>): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#stopSilence();
    this.#deliver();
    clearTimeout(this.#batchTimer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#giveBack();
    this.#failure = failure;
    if (failure !== undefined) this.#settle.reject(failure);
    else if (result !== undefined) {
      this.#settle.resolve({ ...result, entryCount: this.#entries, pages: this.#pages });
    }
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (failure !== undefined) waiter?.reject(failure);
    else waiter?.resolve({ done: true, value: undefined });
  }

  /** An unfinished search is abandoned, and its connection closed: entries for nobody may still be under way. */
  #giveBack(): void {
    const lease = this.#lease;
    if (lease === undefined) return;
    this.#lease = undefined;
    const inFlight = this.#messageId !== undefined;
    if (this.#messageId !== undefined) lease.connection.abandon(this.#messageId);
    this.#messageId = undefined;
    if (this.#paused && !inFlight) lease.connection.resume();
    // Between pages the server keeps the rest of the result for us: only closing frees it.
    lease.release(!inFlight && this.#cookie === undefined);
  }

  #watchSilence(): void {
    const { silenceMs } = this.#options;
    if (silenceMs === 0 || this.#paused) return;
    if (this.#silence !== undefined) {
      this.#silence.refresh();
      return;
    }
    this.#silence = setTimeout(() => {
      const message = this.#describe(`brought nothing for ${silenceMs} ms`);
      this.#finish(makeClientError('LDAP_TIMEOUT', message, { server: this.#lease?.connection.server }));
    }, silenceMs);
  }

  #stopSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = undefined;
  }

  #describe(what: string): string {
    const { base, scope } = this.#options.request;
    return `search of ${base === '' ? 'the root DSE' : base} (${scope}) ${what}`.trimEnd();
  }
}

function asLdapError(error: unknown): LdapError {
  if (error instanceof LdapError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return makeClientError('LDAP_PROTOCOL', `the search failed: ${reason}`, { cause: error });
}
