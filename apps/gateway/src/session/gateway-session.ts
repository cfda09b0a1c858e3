import type { Socket } from 'node:net';
import {
  CLOSE_CODE,
  type ConfigurationMessage,
  closeCodeName,
  type DownMessage,
  type OperationMessage,
  type Reporting,
  readDownMessage,
  type UpMessage,
} from '@sallyport/contract';
import { LdapError } from '@sallyport/ldap';
import { type Heartbeat, makeHeartbeat } from '@sallyport/runtime';
import type { RawData, WebSocket } from 'ws';
import { refuseByLimits } from '../limits/limit-guard.ts';
import { EntrySender } from './entry-sender.ts';
import { failureMessage } from './failure-message.ts';
import { runOperation } from './run-operation.ts';
import type { SessionContext } from './session-context.ts';
import { SessionReports } from './session-reports.ts';

/** Operations at work at once; the server is told to come back later for more. */
const MAX_OPERATIONS = 10_000;
/** Bytes that may wait in the socket before a search pauses, besides its credit. */
const FULL_LINE_BYTES = 2 * 1024 * 1024;
/** Heartbeat until the server has said its own. */
const FIRST_HEARTBEAT_MS = 15_000;

/** Content of the ping that asks whether the server has heard of the draining. */
const DRAIN_PING = 'draining';

/** How a session ended. */
export interface SessionEnd {
  readonly code: number;
  readonly reason: string;
}

interface Running {
  readonly type: OperationMessage['type'];
  readonly abort: AbortController;
  readonly sender: EntrySender | undefined;
}

/** One connection to the server, from `hello` to its end. */
export class GatewaySession {
  /** Resolves when the connection is over and nothing of it runs any more. */
  readonly ended: Promise<SessionEnd>;
  /** Aborts when the server has told this instance to connect anew. */
  readonly moved: AbortSignal;
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  readonly #context: SessionContext;
  readonly #running = new Map<number, Running>();
  readonly #reports: SessionReports;
  readonly #move = new AbortController();
  readonly #ended = Promise.withResolvers<SessionEnd>();
  #heartbeat: Heartbeat;
  #heartbeatMs = FIRST_HEARTBEAT_MS;
  /** Nothing new is to come. */
  #leaving = false;
  /** Nothing new can come any more: the connection closes behind the last answer. */
  #closing = false;
  #error: Error | undefined;

  constructor(ws: WebSocket, socket: Socket, context: SessionContext) {
    this.#ws = ws;
    this.#socket = socket;
    this.#context = context;
    this.ended = this.#ended.promise;
    this.moved = this.#move.signal;
    this.#reports = new SessionReports(context, (message) => this.#send(message));
    this.#heartbeat = this.#beat(FIRST_HEARTBEAT_MS);
    socket.on('data', this.#heard);
    ws.on('message', (data, isBinary) => this.#receive(data, isBinary));
    ws.on('error', (error) => {
      this.#error = error;
    });
    ws.on('close', (code, reason) => this.#end(code, reason.toString('utf8')));
    this.#send(context.hello);
  }

  /** Operations at work. */
  get inFlight(): number {
    return this.#running.size;
  }

  /** Tells the server to send nothing new, finishes what runs, and closes. */
  drain(reason: string): void {
    if (this.#leaving || this.#ws.readyState !== this.#ws.OPEN) return;
    this.#send({ type: 'draining', reason });
    // The pong comes behind everything the server sent before it knew; nothing of that may be lost.
    this.#ws.on('pong', (data) => {
      if (data.toString('latin1') === DRAIN_PING) this.#closeWhenDone();
    });
    this.#ws.ping(DRAIN_PING);
    this.#leave();
  }

  /** Ends the connection at once; what runs is aborted. */
  cut(reason: string): void {
    this.#ws.close(CLOSE_CODE.goingAway, reason);
    this.#ws.terminate();
  }

  /** Health is worth another look, e.g. after the directory's connection broke. */
  lookAtHealth(): void {
    this.#reports.checkSoon();
  }

  readonly #heard = (): void => this.#heartbeat.heard();

  #beat(intervalMs: number): Heartbeat {
    return makeHeartbeat({
      intervalMs,
      ping: () => {
        if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
      },
      onSilence: (silentMs) => {
        this.#error = new Error(`nothing heard from the server for ${silentMs} ms`);
        this.#ws.terminate();
      },
    });
  }

  #receive(data: RawData, isBinary: boolean): void {
    // Work that could not be answered any more is not begun.
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    if (isBinary || !Buffer.isBuffer(data)) {
      this.#refuseMessage('a text frame expected, found a binary one');
      return;
    }
    const read = readDownMessage(data.toString('utf8'));
    if (read.kind === 'message') this.#handle(read.message);
    else if (read.id !== undefined && read.kind === 'unknown') {
      // A newer server: it is told plainly, and everything else goes on.
      const message = `This gateway (version ${this.#context.hello.version}) does not know "${read.type}". Update it.`;
      const details = {
        code: 'GATEWAY_UNSUPPORTED_OPERATION',
        class: 'configuration',
        retryable: false,
      } as const;
      this.#send(failureMessage(read.id, new LdapError(message, details)));
    } else if (read.kind === 'unknown')
      this.#context.log.debug({ type: read.type }, 'unknown message ignored');
    else this.#refuseMessage(`not a message of the contract: ${read.faults.join('; ')}`);
  }

  #refuseMessage(why: string): void {
    this.#context.log.error({ why }, 'the server broke the protocol; the connection ends');
    this.#ws.close(CLOSE_CODE.protocolError, why.slice(0, 120));
  }

  #handle(message: DownMessage): void {
    switch (message.type) {
      case 'configuration':
        this.#configure(message);
        break;
      case 'credit':
        // Unknown ids are searches that have just ended: their answer and this message have crossed.
        this.#running.get(message.id)?.sender?.credit(message.bytes);
        break;
      case 'cancel':
        this.#running.get(message.id)?.abort.abort();
        break;
      case 'move':
        this.#context.log.info({ reason: message.reason }, 'told to connect anew');
        this.#leave();
        this.#closeWhenDone();
        this.#move.abort();
        break;
      default:
        this.#start(message);
    }
  }

  #configure(message: ConfigurationMessage): void {
    const { log, directory } = this.#context;
    const changed = directory.apply(message.ldap);
    const { servers, security, bindDn, validateCertificates } = message.ldap;
    if (changed) log.info({ servers, security, bindDn, validateCertificates }, 'configured');
    this.#setHeartbeat(message.reporting);
    this.#reports.start(message.reporting, message.sequence);
  }

  #setHeartbeat({ heartbeatIntervalMs }: Reporting): void {
    if (heartbeatIntervalMs === this.#heartbeatMs) return;
    this.#heartbeatMs = heartbeatIntervalMs;
    this.#heartbeat.stop();
    this.#heartbeat = this.#beat(heartbeatIntervalMs);
  }

  #start(message: OperationMessage): void {
    const { id } = message;
    if (this.#running.has(id)) {
      this.#refuseMessage(`operation ${id} is asked a second time`);
      return;
    }
    if (this.#running.size >= MAX_OPERATIONS) {
      const text = `The gateway has ${MAX_OPERATIONS} operations at work and takes no more for now.`;
      this.#send(
        failureMessage(id, new LdapError(text, { code: 'GATEWAY_BUSY', class: 'retry', retryable: true })),
      );
      return;
    }
    const abort = new AbortController();
    const isStream = 'creditBytes' in message;
    const sender = isStream
      ? new EntrySender({
          streamId: id,
          creditBytes: message.creditBytes,
          send: (frame, onSent) => this.#sendFrame(frame, onSent),
          pool: this.#context.framePool,
          signal: abort.signal,
        })
      : undefined;
    this.#running.set(id, { type: message.type, abort, sender });
    const finished = this.#context.meter.begin(isStream);
    this.#run(message, abort.signal, sender)
      .catch((error: unknown) =>
        failureMessage(id, this.#leaving && message.type === 'watch' ? leaving() : error),
      )
      .then((answer) => {
        finished();
        this.#running.delete(id);
        this.#send(answer);
        if (this.#closing && this.#running.size === 0) this.#ws.close(CLOSE_CODE.normal);
      })
      .catch((error: unknown) => this.#context.log.error({ err: error }, 'an answer could not be sent'));
  }

  async #run(
    message: OperationMessage,
    signal: AbortSignal,
    sender: EntrySender | undefined,
  ): Promise<UpMessage> {
    const { limits, takeTurn, directory, log } = this.#context;
    const refused = limits === undefined ? undefined : refuseByLimits(message, limits);
    if (refused !== undefined) {
      log.warn({ operation: message.type, code: refused.code }, refused.message);
      throw refused;
    }
    await takeTurn?.(signal);
    const sendAll = async (stream: AsyncIterable<Buffer>): Promise<void> => sender?.sendAll(stream);
    return directory.use((client, retired) => runOperation(message, { client, signal, retired, sendAll }));
  }

  #sendFrame(frame: Buffer, onSent: () => void): Promise<void> | undefined {
    if (this.#ws.readyState !== this.#ws.OPEN) return undefined;
    this.#context.meter.streamed(frame.length);
    if (this.#ws.bufferedAmount < FULL_LINE_BYTES) {
      this.#ws.send(frame, { binary: true }, onSent);
      return undefined;
    }
    // Resolves also when the connection breaks: the search is aborted by its end then.
    return new Promise((resolve) => {
      this.#ws.send(frame, { binary: true }, () => {
        onSent();
        resolve();
      });
    });
  }

  #send(message: UpMessage): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(JSON.stringify(message));
  }

  #leave(): void {
    this.#leaving = true;
    // A watch never ends by itself: the server opens it again elsewhere.
    for (const { type, abort } of this.#running.values()) if (type === 'watch') abort.abort();
  }

  #closeWhenDone(): void {
    this.#closing = true;
    if (this.#running.size === 0) this.#ws.close(CLOSE_CODE.normal);
  }

  #end(code: number, reason: string): void {
    this.#heartbeat.stop();
    this.#socket.off('data', this.#heard);
    this.#reports.stop();
    for (const { abort } of this.#running.values()) abort.abort();
    const why = reason === '' ? (this.#error?.message ?? closeCodeName(code)) : reason;
    this.#ended.resolve({ code, reason: why });
  }
}

function leaving(): LdapError {
  const message = 'The watch ended because the gateway instance is leaving this connection.';
  return new LdapError(message, { code: 'GATEWAY_LINK_LOST', class: 'retry', retryable: true });
}
