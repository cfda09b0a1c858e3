import type { Control, LdapMessage, LdapRequest } from '../message/message.ts';
import { LdapError, makeClientError } from '../result/ldap-error.ts';
import { BatchQueue } from './batch-queue.ts';
import type { Lease } from './connection-pool.ts';

/** Octets held for the consumer before the socket is paused, and below which the next request is sent. */
const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;
/** How long a batch that is not full waits for more: costs no throughput, as the socket is read meanwhile. */
const BATCH_WAIT_MS = 2;

/** What is asked on a stream and how its answers are judged: a search page by page, an extended operation. */
export interface ResponsePlan<Outcome> {
  /** How the operation is named in errors. */
  readonly name: string;
  /** True if nobody knows what the server did when its final response is lost. */
  readonly changes: boolean;
  /** The next request; called once at the start, and again after each `'more'`. */
  request(): { readonly op: LdapRequest; readonly controls: readonly Control[] };
  /** Counts what arrives before the final response. */
  received(entryCount: number, intermediateCount: number): void;
  /** The outcome, or `'more'` if another request is to follow. Throws an `LdapError` for anything but success. */
  judge(message: LdapMessage<Buffer>, server: string): Outcome | 'more';
  /** The outcome when the reader leaves before the end. */
  left(): Outcome;
}

export interface ResponseReaderOptions<Outcome> {
  readonly plan: ResponsePlan<Outcome>;
  readonly signal: AbortSignal | undefined;
  /** Longest silence while an answer is awaited; 0 = any. */
  readonly silenceMs: number;
  /** Whether the socket may be paused: only if nobody else uses the connection. */
  readonly exclusive: boolean;
  lease(signal: AbortSignal | undefined): Promise<Lease>;
}

/**
 * Reads everything that comes before an operation's final response, undecoded. Requests go out as the consumer takes
 * data: at most about `HIGH_WATER_BYTES` and one chunk wait here, then the socket is paused and TCP holds the server
 * back.
 */
export class ResponseReader<Outcome> implements AsyncIterable<Buffer>, AsyncIterator<Buffer> {
  readonly outcome: Promise<Outcome>;
  readonly #options: ResponseReaderOptions<Outcome>;
  readonly #settle: PromiseWithResolvers<Outcome>;
  readonly #queue = new BatchQueue();
  readonly #onAbort = (): void => this.#finish({ failure: this.#aborted() });
  #paused = false;
  #lease: Lease | undefined;
  #messageId: number | undefined;
  #state: 'new' | 'starting' | 'open' | 'ended' = 'new';
  #failure: LdapError | undefined;
  /** Another request follows once the consumer has taken most of what is here. */
  #moreFollows = false;
  #answers = 0;
  #receivedMessages = 0;
  #waiter: PromiseWithResolvers<IteratorResult<Buffer>> | undefined;
  #silence: NodeJS.Timeout | undefined;
  #batchTimer: NodeJS.Timeout | undefined;

  constructor(options: ResponseReaderOptions<Outcome>) {
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
      this.#start().catch((error: unknown) => this.#finish({ failure: this.#asLdapError(error) }));
    }
    if (this.#queue.bytes > 0 && this.#isBatchReady()) {
      return Promise.resolve({ done: false, value: this.#takeBatch() });
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#state === 'ended') return Promise.resolve({ done: true, value: undefined });
    if (this.#waiter !== undefined) {
      return Promise.reject(new TypeError('a stream has one reader, and its last next() is still pending'));
    }
    this.#waiter = Promise.withResolvers();
    const { promise } = this.#waiter;
    if (this.#queue.bytes > 0) this.#deliverSoon();
    else this.#advance();
    return promise;
  }

  return(): Promise<IteratorResult<Buffer>> {
    this.#queue.clear();
    this.#finish({ outcome: this.#options.plan.left() });
    return Promise.resolve({ done: true, value: undefined });
  }

  async #start(): Promise<void> {
    const { signal } = this.#options;
    if (signal?.aborted === true) throw this.#aborted();
    signal?.addEventListener('abort', this.#onAbort);
    const lease = await this.#options.lease(signal);
    if (this.#state !== 'starting') {
      lease.release(true);
      return;
    }
    this.#lease = lease;
    this.#state = 'open';
    this.#ask();
  }

  #ask(): void {
    const lease = this.#lease;
    if (lease === undefined) return;
    const { connection } = lease;
    if (connection.failure !== undefined) {
      this.#finish({ failure: connection.failure });
      return;
    }
    this.#moreFollows = false;
    const { op, controls } = this.#options.plan.request();
    this.#watchSilence();
    this.#messageId = connection.stream(op, controls, {
      onMessages: (bytes, entryCount, intermediateCount) => this.#take(bytes, entryCount, intermediateCount),
      onDone: (message) => this.#answered(message, connection.server),
      onFailure: (error) => this.#connectionFailed(error),
    });
  }

  #take(bytes: Buffer, entryCount: number, intermediateCount: number): void {
    this.#watchSilence();
    this.#receivedMessages += 1;
    this.#options.plan.received(entryCount, intermediateCount);
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
    if (this.#moreFollows) this.#ask();
  }

  #answered(message: LdapMessage<Buffer>, server: string): void {
    this.#messageId = undefined;
    this.#answers += 1;
    this.#stopSilence();
    let outcome: Outcome | 'more';
    try {
      outcome = this.#options.plan.judge(message, server);
    } catch (error) {
      this.#finish({ failure: this.#asLdapError(error) });
      return;
    }
    if (outcome !== 'more') {
      this.#finish({ outcome });
      return;
    }
    this.#moreFollows = true;
    if (this.#waiter === undefined) return;
    if (this.#queue.bytes > 0) this.#deliver();
    else this.#advance();
  }

  /** A connection that had been idle may have been dropped unnoticed: then, and only then, one more attempt. */
  #connectionFailed(error: LdapError): void {
    const lease = this.#lease;
    const nothingCame = this.#answers === 0 && this.#receivedMessages === 0;
    const mayRepeat = nothingCame && !this.#options.plan.changes && error.code === 'LDAP_CONNECTION_LOST';
    if (lease?.reused !== true || !mayRepeat) {
      const failure = this.#withOutcome(error);
      this.#messageId = undefined;
      this.#finish({ failure });
      return;
    }
    this.#messageId = undefined;
    this.#lease = undefined;
    lease.release(false);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#state = 'starting';
    this.#start().catch((failure: unknown) => this.#finish({ failure: this.#asLdapError(failure) }));
  }

  #finish(end: { readonly outcome: Outcome } | { readonly failure: LdapError }): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#stopSilence();
    this.#deliver();
    clearTimeout(this.#batchTimer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#giveBack();
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if ('failure' in end) {
      this.#failure = end.failure;
      this.#settle.reject(end.failure);
      waiter?.reject(end.failure);
    } else {
      this.#settle.resolve(end.outcome);
      waiter?.resolve({ done: true, value: undefined });
    }
  }

  /** An unfinished operation is abandoned, and its connection closed: answers for nobody may still be under way. */
  #giveBack(): void {
    const lease = this.#lease;
    if (lease === undefined) return;
    this.#lease = undefined;
    const inFlight = this.#messageId !== undefined;
    if (this.#messageId !== undefined) lease.connection.abandon(this.#messageId);
    this.#messageId = undefined;
    if (this.#paused && !inFlight) lease.connection.resume();
    // Between two pages the server keeps the rest of the result for us: only closing frees it.
    lease.release(!inFlight && !this.#moreFollows);
  }

  #watchSilence(): void {
    const { silenceMs } = this.#options;
    if (silenceMs === 0 || this.#paused) return;
    if (this.#silence !== undefined) {
      this.#silence.refresh();
      return;
    }
    this.#silence = setTimeout(() => {
      const message = `${this.#options.plan.name} brought nothing for ${silenceMs} ms`;
      const failure = makeClientError('LDAP_TIMEOUT', message, { server: this.#lease?.connection.server });
      this.#finish({ failure: this.#withOutcome(failure) });
    }, silenceMs);
  }

  #stopSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = undefined;
  }

  #aborted(): LdapError {
    return this.#withOutcome(makeClientError('LDAP_ABORTED', `${this.#options.plan.name} was aborted`));
  }

  /** Says so if a request that may have changed something is under way. */
  #withOutcome(error: LdapError): LdapError {
    if (!this.#options.plan.changes || this.#messageId === undefined || error.outcomeUnknown) return error;
    const { message, code, retryable, class: resultClass, server } = error;
    return new LdapError(`${message}; whether it was carried out is not known`, {
      code,
      class: resultClass,
      retryable,
      outcomeUnknown: true,
      cause: error,
      ...(server === undefined ? {} : { server }),
    });
  }

  #asLdapError(error: unknown): LdapError {
    if (error instanceof LdapError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return makeClientError('LDAP_PROTOCOL', `${this.#options.plan.name} failed: ${reason}`, { cause: error });
  }
}
