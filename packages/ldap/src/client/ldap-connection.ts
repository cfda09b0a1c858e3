import type { Socket } from 'node:net';
import { BerError } from '../ber/ber-error.ts';
import { EXTENDED_OID } from '../extended/extended-oid.ts';
import type { Control, LdapMessage, LdapRequest } from '../message/message.ts';
import { decodeMessage, encodeMessage, MAX_MESSAGE_ID } from '../message/message-codec.ts';
import { MessageCursor } from '../message/message-cursor.ts';
import { MessageFramer } from '../message/message-framer.ts';
import { OPERATION_TAG } from '../message/operation-tag.ts';
import { describeResult, type LdapError, makeClientError } from '../result/ldap-error.ts';

/** Takes what comes back for one operation before its end. Called as data arrives; must not throw. */
export interface ResponseSink {
  /** Whole entries, references and intermediate responses, undecoded, and how many there are of the two that count. */
  onMessages(bytes: Buffer, entryCount: number, intermediateCount: number): void;
  onDone(message: LdapMessage<Buffer>): void;
  onFailure(error: LdapError): void;
}

export interface RequestOptions {
  readonly controls?: readonly Control[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

interface PendingRequest {
  settle(answer: LdapMessage<Buffer> | LdapError): void;
}

/** Kinds after which nobody knows what happened if the answer is lost. */
const WRITES: ReadonlySet<LdapRequest['kind']> = new Set([
  'addRequest',
  'modifyRequest',
  'modifyDnRequest',
  'deleteRequest',
  'extendedRequest',
]);

/**
 * One connection that has been set up: numbers requests, sends them without waiting for one another, and brings
 * each answer to who asked. Search results pass through undecoded.
 */
export class LdapConnection {
  readonly server: string;
  readonly #socket: Socket;
  readonly #framer: MessageFramer;
  readonly #pending = new Map<number, PendingRequest>();
  readonly #streams = new Map<number, ResponseSink>();
  readonly #closeListeners: ((error: LdapError) => void)[] = [];
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk);
  readonly #onError = (error: Error): void => {
    this.#lose(`the connection to ${this.server} broke: ${error.message}`, error);
  };
  readonly #onClose = (): void => this.#lose(`${this.server} closed the connection`);
  #lastId = 0;
  #failure: LdapError | undefined;
  #notice: string | undefined;
  #receivedChunks = 0;

  constructor(socket: Socket, server: string, maxMessageBytes: number) {
    this.server = server;
    this.#socket = socket;
    this.#framer = new MessageFramer(maxMessageBytes);
    socket.on('data', this.#onData);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** Why the connection can no longer be used; undefined while it can. */
  get failure(): LdapError | undefined {
    return this.#failure;
  }

  get isIdle(): boolean {
    return this.#pending.size === 0 && this.#streams.size === 0;
  }

  /** The socket below, for what TLS says about itself. */
  get socket(): Socket {
    return this.#socket;
  }

  onClose(listener: (error: LdapError) => void): void {
    this.#closeListeners.push(listener);
  }

  /**
   * Sends a request that has one answer and resolves with it, whatever its result code. An abort or a time-out
   * abandons the operation. `LdapError` if no answer came.
   */
  request(op: LdapRequest, options: RequestOptions): Promise<LdapMessage<Buffer>> {
    const { signal, timeoutMs, controls = [] } = options;
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (signal?.aborted === true) return Promise.reject(this.#aborted(op, false));
    const messageId = this.#nextId();
    const outcomeUnknown = WRITES.has(op.kind);
    const chunksBefore = this.#receivedChunks;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.abandon(messageId);
        pending.settle(this.#aborted(op, outcomeUnknown));
      };
      const timer = setTimeout(() => {
        this.abandon(messageId);
        const message = `${this.server} did not answer a ${op.kind} within ${timeoutMs} ms`;
        pending.settle(makeClientError('LDAP_TIMEOUT', message, { server: this.server, outcomeUnknown }));
        // Not one octet in all that time: the peer is gone and TCP has not noticed yet.
        if (this.#receivedChunks === chunksBefore) this.destroy(message);
      }, timeoutMs);
      const pending: PendingRequest = {
        settle: (answer) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
          this.#pending.delete(messageId);
          if ('messageId' in answer) resolve(answer);
          else if (outcomeUnknown && !answer.outcomeUnknown) reject(withUnknownOutcome(answer, this.server));
          else reject(answer);
        },
      };
      signal?.addEventListener('abort', abort);
      this.#pending.set(messageId, pending);
      this.#socket.write(encodeMessage({ messageId, op, controls }));
    });
  }

  /**
   * Sends a request that may have many answers (a search, an extended operation with intermediate responses); they go
   * to the sink until `onDone` or `onFailure`. Returns its message id.
   */
  stream(op: LdapRequest, controls: readonly Control[], sink: ResponseSink): number {
    const messageId = this.#nextId();
    this.#streams.set(messageId, sink);
    this.#socket.write(encodeMessage({ messageId, op, controls }));
    return messageId;
  }

  /** Gives an operation up (RFC 4511 §4.11); whatever still comes for it is dropped. */
  abandon(messageId: number): void {
    this.#streams.delete(messageId);
    if (this.#failure !== undefined) return;
    const op = { kind: 'abandonRequest', messageId } as const;
    this.#socket.write(encodeMessage({ messageId: this.#nextId(), op, controls: [] }));
  }

  /** Stops reading from the socket, so that TCP tells the server to wait. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says goodbye and closes; what is pending fails. */
  unbind(reason = 'the connection was closed by this client'): void {
    if (this.#failure === undefined) {
      this.#socket.write(
        encodeMessage({ messageId: this.#nextId(), op: { kind: 'unbindRequest' }, controls: [] }),
      );
      this.#socket.end();
      // A peer that does not close its side must not keep the socket open.
      this.#socket.destroySoon();
    }
    this.#fail(makeClientError('LDAP_CLOSED', reason, { server: this.server }));
  }

  /** Cuts the connection at once. */
  destroy(reason: string): void {
    this.#lose(reason);
    this.#socket.destroy();
  }

  /** Hands the bare socket over, for TLS to be laid on it. Fails if the server has sent more than it should have. */
  release(): Socket {
    this.#socket.off('data', this.#onData);
    this.#socket.off('error', this.#onError);
    this.#socket.off('close', this.#onClose);
    if (this.#framer.pendingBytes > 0) {
      this.#socket.destroy();
      throw makeClientError(
        'LDAP_PROTOCOL',
        `${this.server} sent data in the clear after agreeing to StartTLS`,
        {
          server: this.server,
        },
      );
    }
    return this.#socket;
  }

  #receive(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    this.#receivedChunks += 1;
    try {
      for (const messages of this.#framer.push(chunk)) this.#dispatch(messages);
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
      this.#fail(
        makeClientError('LDAP_PROTOCOL', `${this.server} sent what is not LDAP: ${error.message}`, {
          cause: error,
          server: this.server,
        }),
      );
      this.#socket.destroy();
    }
  }

  /** Runs of streamed results go on as one view each; everything else is decoded. */
  #dispatch(messages: Buffer): void {
    const cursor = new MessageCursor(messages);
    let runStart = 0;
    let runEnd = 0;
    let runId = 0;
    let runEntries = 0;
    let runIntermediates = 0;
    const endRun = (): void => {
      if (runEnd > runStart) {
        const run = messages.subarray(runStart, runEnd);
        this.#streams.get(runId)?.onMessages(run, runEntries, runIntermediates);
      }
      runStart = runEnd;
    };
    while (cursor.next()) {
      const tag = cursor.operationTag;
      const isEntry = tag === OPERATION_TAG.searchEntry;
      const isIntermediate = tag === OPERATION_TAG.intermediateResponse;
      if (isEntry || isIntermediate || tag === OPERATION_TAG.searchReference) {
        if (runEnd !== cursor.start || runId !== cursor.messageId || runEnd === runStart) {
          endRun();
          runStart = cursor.start;
          runId = cursor.messageId;
          runEntries = 0;
          runIntermediates = 0;
        }
        runEnd = cursor.end;
        if (isEntry) runEntries += 1;
        if (isIntermediate) runIntermediates += 1;
      } else {
        endRun();
        this.#answer(decodeMessage(messages.subarray(cursor.start, cursor.end)));
        if (this.#failure !== undefined) return;
      }
    }
    endRun();
  }

  #answer(message: LdapMessage<Buffer>): void {
    const { messageId, op } = message;
    if (messageId === 0) {
      if (op.kind !== 'extendedResponse' || op.oid !== EXTENDED_OID.noticeOfDisconnection) return;
      // RFC 4511 §4.4.1: the server is about to close; nothing that is pending will be answered.
      this.#notice = describeResult(op, { operation: 'the connection' });
      this.#lose(`${this.server} ended the connection`);
      this.#socket.destroy();
      return;
    }
    const stream = this.#streams.get(messageId);
    if (stream !== undefined) {
      this.#streams.delete(messageId);
      stream.onDone(message);
      return;
    }
    this.#pending.get(messageId)?.settle(message);
  }

  #lose(message: string, cause?: Error): void {
    const text = this.#notice === undefined ? message : `${message}: ${this.#notice}`;
    this.#fail(
      makeClientError('LDAP_CONNECTION_LOST', text, {
        server: this.server,
        ...(cause === undefined ? {} : { cause }),
      }),
    );
  }

  #fail(error: LdapError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    for (const stream of [...this.#streams.values()]) stream.onFailure(error);
    this.#streams.clear();
    for (const pending of [...this.#pending.values()]) pending.settle(error);
    for (const listener of this.#closeListeners) listener(error);
  }

  #aborted(op: LdapRequest, outcomeUnknown: boolean): LdapError {
    return makeClientError('LDAP_ABORTED', `a ${op.kind} was aborted`, {
      server: this.server,
      outcomeUnknown,
    });
  }

  #nextId(): number {
    do {
      this.#lastId = this.#lastId >= MAX_MESSAGE_ID ? 1 : this.#lastId + 1;
    } while (this.#pending.has(this.#lastId) || this.#streams.has(this.#lastId));
    return this.#lastId;
  }
}

function withUnknownOutcome(error: LdapError, server: string): LdapError {
  return makeClientError(
    error.code === 'LDAP_CLOSED' ? 'LDAP_CLOSED' : 'LDAP_CONNECTION_LOST',
    `${error.message}; whether the operation was carried out is not known`,
    { cause: error, server, outcomeUnknown: true },
  );
}
