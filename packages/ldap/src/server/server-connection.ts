import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { BerError } from '../ber/ber-error.ts';
import { parseCancel } from '../extended/cancel.ts';
import { EXTENDED_OID } from '../extended/extended-oid.ts';
import type { Control, LdapMessage, LdapResponse } from '../message/message.ts';
import { decodeMessage, encodeMessage } from '../message/message-codec.ts';
import { MessageCursor } from '../message/message-cursor.ts';
import { MessageFramer } from '../message/message-framer.ts';
import { RESULT_CODE } from '../result/result-code.ts';
import { finalResponse, type LdapExchange, type ResultInput } from './ldap-exchange.ts';

export interface ServerConnectionHandler {
  onRequest(exchange: LdapExchange): void | Promise<void>;
  onClose?(connection: ServerConnection): void;
  /** A handler that threw; the client was answered with `other`. */
  onFailure?(error: unknown, exchange: LdapExchange): void;
}

export interface ServerConnectionOptions {
  readonly id: number;
  readonly maxMessageBytes: number;
  /** Present if StartTLS is offered. */
  readonly secureContext?: SecureContext;
  readonly handler: ServerConnectionHandler;
}

interface OpenExchange {
  readonly exchange: LdapExchange;
  readonly controller: AbortController;
}

const FINAL_KINDS: ReadonlySet<LdapResponse['kind']> = new Set([
  'bindResponse',
  'searchDone',
  'modifyResponse',
  'addResponse',
  'deleteResponse',
  'modifyDnResponse',
  'compareResponse',
  'extendedResponse',
]);

/** One client's connection: frames and decodes its requests, keeps track of those it still waits for. */
export class ServerConnection {
  readonly id: number;
  readonly #options: ServerConnectionOptions;
  readonly #exchanges = new Map<number, OpenExchange>();
  #socket: Socket;
  #framer: MessageFramer;
  #closed = false;

  constructor(socket: Socket, options: ServerConnectionOptions) {
    this.id = options.id;
    this.#options = options;
    this.#socket = socket;
    this.#framer = new MessageFramer(options.maxMessageBytes);
    socket.setNoDelay(true);
    this.#listen(socket);
  }

  /** True once the bytes are protected by TLS. */
  get secure(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  /** Requests that have no final response yet. */
  get pendingRequests(): number {
    return this.#exchanges.size;
  }

  /** Sends a message of the server's own making, e.g. an unsolicited notice (message id 0). */
  send(message: LdapMessage): void {
    this.#write(encodeMessage(message));
  }

  /** Puts bytes on the wire as they are: for tests of what a broken server sends. */
  sendRaw(bytes: Buffer): void {
    this.#write(bytes);
  }

  /** Tells the client why it is about to be disconnected (RFC 4511 §4.4.1), then closes. */
  disconnect(resultCode: number, diagnosticMessage: string): void {
    this.send({
      messageId: 0,
      op: {
        kind: 'extendedResponse',
        resultCode,
        matchedDn: '',
        diagnosticMessage,
        referrals: [],
        oid: EXTENDED_OID.noticeOfDisconnection,
      },
      controls: [],
    });
    this.close();
  }

  /** Closes after what was sent has gone out. */
  close(): void {
    this.#socket.end();
  }

  /** Cuts the connection at once, as a crash would. */
  destroy(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // The close event follows and does the work; without a listener the error would end the process.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#finish(socket));
  }

  #finish(socket: Socket): void {
    if (this.#closed || socket !== this.#socket) return;
    this.#closed = true;
    const open = [...this.#exchanges.values()];
    this.#exchanges.clear();
    for (const { controller } of open) controller.abort();
    this.#options.handler.onClose?.(this);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const messages of this.#framer.push(chunk)) {
        const cursor = new MessageCursor(messages);
        while (cursor.next()) {
          const message = decodeMessage(messages.subarray(cursor.start, cursor.end));
          if (message.op.kind === 'extendedRequest' && message.op.oid === EXTENDED_OID.startTls) {
            // Requests that were smuggled in before the handshake must never be taken as protected ones.
            if (cursor.end < messages.length || this.#framer.pendingBytes > 0) {
              throw new BerError('BER_TRAILING_DATA', cursor.end, 'bytes in the clear after StartTLS');
            }
            this.#startTls(message.messageId);
          } else {
            this.#accept(message);
          }
        }
      }
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
      this.disconnect(RESULT_CODE.protocolError, error.message);
    }
  }

  #accept(message: LdapMessage<Buffer>): void {
    const { messageId, op, controls } = message;
    switch (op.kind) {
      case 'unbindRequest':
        this.close();
        return;
      case 'abandonRequest': {
        const abandoned = this.#exchanges.get(op.messageId);
        this.#exchanges.delete(op.messageId);
        abandoned?.controller.abort();
        return;
      }
      case 'bindRequest':
      case 'searchRequest':
      case 'modifyRequest':
      case 'addRequest':
      case 'deleteRequest':
      case 'modifyDnRequest':
      case 'compareRequest':
      case 'extendedRequest': {
        if (messageId === 0 || this.#exchanges.has(messageId)) {
          this.disconnect(RESULT_CODE.protocolError, `message id ${messageId} is not free`);
          return;
        }
        if (op.kind === 'extendedRequest' && op.oid === EXTENDED_OID.cancel)
          this.#cancel(messageId, op.value);
        else this.#run(this.#exchange(messageId, op, controls));
        return;
      }
      default:
        this.disconnect(RESULT_CODE.protocolError, `a ${op.kind} comes from servers only`);
    }
  }

  /** Cancel (RFC 3909): ends the operation with `canceled`, then answers the request itself. */
  #cancel(messageId: number, value: Buffer | undefined): void {
    const target = value === undefined ? undefined : this.#exchanges.get(parseCancel(value));
    target?.exchange.finish({ resultCode: RESULT_CODE.canceled });
    target?.controller.abort();
    const resultCode = target === undefined ? RESULT_CODE.noSuchOperation : RESULT_CODE.success;
    const fields = { resultCode, matchedDn: '', diagnosticMessage: '', referrals: [] };
    this.send({ messageId, op: { kind: 'extendedResponse', ...fields }, controls: [] });
  }

  #run(exchange: LdapExchange): void {
    const fail = (error: unknown): void => {
      this.#options.handler.onFailure?.(error, exchange);
      exchange.finish({ resultCode: RESULT_CODE.other, diagnosticMessage: 'the server failed' });
    };
    try {
      const running = this.#options.handler.onRequest(exchange);
      if (running !== undefined) running.catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  #exchange(messageId: number, request: LdapExchange['request'], controls: readonly Control[]): LdapExchange {
    const controller = new AbortController();
    const isOpen = (): boolean => this.#exchanges.get(messageId)?.controller === controller;
    const send = (op: LdapResponse, responseControls: readonly Control[] = []): void => {
      if (!isOpen()) return;
      if (FINAL_KINDS.has(op.kind)) this.#exchanges.delete(messageId);
      this.#write(encodeMessage({ messageId, op, controls: responseControls }));
    };
    const exchange: LdapExchange = {
      connection: this,
      messageId,
      request,
      controls,
      signal: controller.signal,
      send,
      finish: (result: ResultInput) => {
        const { resultCode, matchedDn = '', diagnosticMessage = '', referrals = [] } = result;
        const op = finalResponse(request, { resultCode, matchedDn, diagnosticMessage, referrals });
        if (op !== undefined) send(op, result.controls);
      },
      sendRaw: (bytes: Buffer) => this.#write(bytes),
      drained: () => this.#drained(),
    };
    this.#exchanges.set(messageId, { exchange, controller });
    return exchange;
  }

  /** StartTLS (RFC 4511 §4.14): answers, and upgrades the socket if the answer is success. */
  #startTls(messageId: number): void {
    const answer = (resultCode: number, diagnosticMessage: string): void =>
      this.send({
        messageId,
        op: {
          kind: 'extendedResponse',
          resultCode,
          matchedDn: '',
          diagnosticMessage,
          referrals: [],
          oid: EXTENDED_OID.startTls,
        },
        controls: [],
      });
    const { secureContext } = this.#options;
    if (this.secure) {
      answer(RESULT_CODE.operationsError, 'TLS is established already');
      return;
    }
    if (this.#exchanges.size > 0) {
      answer(RESULT_CODE.operationsError, 'other requests are outstanding');
      return;
    }
    if (secureContext === undefined) {
      answer(RESULT_CODE.protocolError, 'StartTLS is not supported');
      return;
    }
    answer(RESULT_CODE.success, '');
    const plain = this.#socket;
    plain.removeAllListeners('data');
    const secured = new TLSSocket(plain, { isServer: true, secureContext });
    this.#socket = secured;
    this.#framer = new MessageFramer(this.#options.maxMessageBytes);
    this.#listen(secured);
    plain.on('close', () => secured.destroy());
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  async #drained(): Promise<void> {
    const socket = this.#socket;
    if (!socket.writable || !socket.writableNeedDrain) return;
    const settled = new AbortController();
    const { signal } = settled;
    // Whichever comes first; the other listener is taken off again.
    await Promise.race(
      [once(socket, 'drain', { signal }), once(socket, 'close', { signal })].map(ignoreAbort),
    );
    settled.abort();
  }
}

function ignoreAbort(waiting: Promise<unknown>): Promise<void> {
  return waiting.then(
    () => undefined,
    () => undefined,
  );
}
