import type { Socket } from 'node:net';
import {
  CAPABILITIES,
  CLOSE_CODE,
  type CloseCode,
  closeCodeName,
  type DownMessage,
  decodeFrame,
  type GatewayLdapConfiguration,
  type HelloMessage,
  readUpMessage,
  type UpMessage,
} from '@sallyport/contract';
import { makeClientError } from '@sallyport/ldap';
import { type Clock, type Heartbeat, type Log, makeHeartbeat } from '@sallyport/runtime';
import type { RawData, WebSocket } from 'ws';
import { EntryStream } from './entry-stream.ts';
import {
  type GatewayIdentity,
  type GatewayInstance,
  makeInstance,
  withHealth,
  withMetrics,
} from './gateway-instance.ts';
import type { HubSettings } from './hub-settings.ts';
import { isRead, type OperationDraft, type StreamDraft } from './operation-draft.ts';
import { type OperationAnswer, OperationTable } from './operation-table.ts';

export interface InstanceConnectionDependencies {
  readonly identity: GatewayIdentity;
  readonly socket: Socket;
  readonly settings: HubSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** The instance has introduced itself; operations may follow once it is configured. */
  readonly onHello: (connection: InstanceConnection, hello: HelloMessage) => void;
  readonly onReport: (connection: InstanceConnection) => void;
  readonly onClose: (connection: InstanceConnection) => void;
}

/** An open stream of a connection: the entries, and how to say that nobody wants more of them. */
export interface OpenStream {
  readonly entries: EntryStream;
  cancel(): void;
}

/** Weight of a new measurement in the smoothed latency. */
const LATENCY_WEIGHT = 0.2;

/** Bytes of a close reason (RFC 6455 §5.5: 125, less two for the code). */
const MAX_REASON_BYTES = 123;

/** One WebSocket to one instance, from its upgrade to its end. */
export class InstanceConnection {
  readonly identity: GatewayIdentity;
  readonly #ws: WebSocket;
  readonly #dependencies: InstanceConnectionDependencies;
  readonly #operations = new OperationTable();
  readonly #heartbeat: Heartbeat;
  readonly #helloTimer: NodeJS.Timeout;
  readonly #capabilities = new Set<string>();
  readonly #log: Log;
  #instance: GatewayInstance | undefined;
  #configurationSequence = 0;
  #latencyMs = 0;
  #pingedAt: number | undefined;
  #retiring = false;
  #closed = false;
  #closeReason = 'the connection to the gateway instance broke.';

  constructor(ws: WebSocket, dependencies: InstanceConnectionDependencies) {
    const { settings, socket, identity } = dependencies;
    this.identity = identity;
    this.#ws = ws;
    this.#dependencies = dependencies;
    this.#log = dependencies.log.child({
      gatewayId: identity.gatewayId,
      credentialId: identity.credentialId,
    });
    this.#heartbeat = makeHeartbeat({
      intervalMs: settings.reporting.heartbeatIntervalMs,
      ping: () => this.#ping(),
      onSilence: (silentMs) => this.#silence(silentMs),
    });
    this.#helloTimer = setTimeout(
      () => this.close(CLOSE_CODE.protocolError, `no hello within ${settings.helloTimeoutMs} ms`),
      settings.helloTimeoutMs,
    ).unref();
    socket.on('data', this.#heartbeat.heard);
    ws.on('message', (data, isBinary) => this.#receive(data, isBinary));
    ws.on('pong', () => this.#pong());
    ws.on('error', (error) => {
      this.#closeReason = `${error.message}.`;
      this.#log.warn({ err: error }, 'gateway connection failed');
    });
    ws.on('close', (code, reason) => this.#end(code, reason.toString('utf8')));
  }

  /** Undefined before its hello. */
  get instance(): GatewayInstance | undefined {
    return this.#instance;
  }

  get healthy(): boolean {
    return this.#instance?.healthStatus === 'HEALTHY';
  }

  get inFlight(): number {
    return this.#operations.inFlight;
  }

  get latencyMs(): number {
    return this.#latencyMs;
  }

  /** True while new operations may be sent. */
  get accepts(): boolean {
    return this.#configurationSequence > 0 && !this.#retiring && !this.#closed;
  }

  can(capability: string): boolean {
    return this.#capabilities.has(capability);
  }

  /** Sends the directory's settings; operations may follow from now on. */
  configure(ldap: GatewayLdapConfiguration): void {
    this.#configurationSequence += 1;
    const { environmentId, gatewayId } = this.identity;
    const { reporting } = this.#dependencies.settings;
    const sequence = this.#configurationSequence;
    this.#send({ type: 'configuration', sequence, gatewayId, environmentId, ldap, reporting });
  }

  /** Asks one operation. Rejects with an `LdapError`. */
  request(draft: OperationDraft, signal?: AbortSignal): Promise<OperationAnswer> {
    return new Promise((resolve, reject) => {
      const read = isRead(draft);
      const startedAt = this.#dependencies.clock.monotonic();
      const abort = (): void => {
        if (this.#operations.abandon(id)) this.#send({ type: 'cancel', id });
        reject(
          makeClientError('LDAP_ABORTED', `The ${draft.type} was aborted.`, {
            cause: signal?.reason,
            outcomeUnknown: !read,
          }),
        );
      };
      const id = this.#operations.addOperation({
        isRead: read,
        settle: (answer) => {
          signal?.removeEventListener('abort', abort);
          this.#measure(this.#dependencies.clock.monotonic() - startedAt);
          resolve(answer);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', abort);
          reject(error);
        },
      });
      signal?.addEventListener('abort', abort, { once: true });
      this.#send({ ...draft, id });
    });
  }

  /** Opens a search, watch or extended stream. */
  open(draft: StreamDraft): OpenStream {
    const { creditBytes, maxPduBytes } = this.#dependencies.settings;
    const grant = (bytes: number): void => this.#send({ type: 'credit', id, bytes });
    const entries = new EntryStream({ creditBytes, maxPduBytes, grant });
    const id = this.#operations.addStream(entries, isRead(draft));
    this.#send({ ...draft, id, creditBytes });
    return {
      entries,
      cancel: () => {
        if (this.#operations.abandon(id)) this.#send({ type: 'cancel', id });
      },
    };
  }

  /** Nothing new from now on; the instance opens another connection and closes this one when its work is done. */
  retire(reason: string): void {
    if (this.#retiring || this.#closed) return;
    this.#retire();
    if (this.can('move')) this.#send({ type: 'move', reason });
    else this.#closeIfDone();
  }

  close(code: CloseCode, reason: string): void {
    if (this.#closed) return;
    this.#closeReason = `${reason} (${closeCodeName(code)}).`;
    this.#ws.close(code, Buffer.from(reason, 'utf8').subarray(0, MAX_REASON_BYTES).toString('utf8'));
    // The closing handshake needs the other side, which may be gone: what waits here waits no longer.
    this.#end(code, reason);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#closed) return;
    try {
      if (!Buffer.isBuffer(data)) throw new TypeError('one buffer a message expected');
      if (isBinary) {
        const frame = decodeFrame(data);
        this.#operations.push(frame.streamId, frame.payload, frame.partial);
      } else this.#read(data.toString('utf8'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#log.error({ err: error }, 'gateway instance broke the protocol');
      this.close(error instanceof RangeError ? CLOSE_CODE.limitExceeded : CLOSE_CODE.protocolError, why);
    }
  }

  #read(text: string): void {
    const read = readUpMessage(text);
    if (read.kind === 'message') this.#handle(read.message);
    // A newer instance may say more than we understand; what matters to us has a type we know.
    else if (read.kind === 'unknown') this.#log.debug({ type: read.type }, 'unknown message ignored');
    else throw new TypeError(`not a message of the contract: ${read.faults.join('; ')}`);
  }

  #handle(message: UpMessage): void {
    if (this.#instance === undefined) {
      if (message.type !== 'hello') throw new TypeError(`hello expected first, found ${message.type}`);
      this.#hello(message);
      return;
    }
    const nowMs = this.#dependencies.clock.now();
    switch (message.type) {
      case 'result':
      case 'failure':
      case 'connectionReport':
        this.#operations.answer(message);
        this.#closeIfDone();
        break;
      case 'health':
        this.#report(withHealth(this.#instance, message, nowMs));
        break;
      case 'metrics':
        this.#report(withMetrics(this.#instance, message, nowMs));
        break;
      case 'draining':
        this.#log.info({ reason: message.reason }, 'gateway instance drains');
        this.#retire();
        break;
      case 'hello':
        throw new TypeError('a second hello');
    }
  }

  #hello(hello: HelloMessage): void {
    clearTimeout(this.#helloTimer);
    for (const capability of CAPABILITIES) {
      if (hello.capabilities.includes(capability)) this.#capabilities.add(capability);
    }
    const { clock, socket } = this.#dependencies;
    this.#instance = makeInstance(this.identity, hello, {
      nowMs: clock.now(),
      remoteAddress: socket.remoteAddress,
    });
    this.#ping();
    this.#dependencies.onHello(this, hello);
  }

  #report(instance: GatewayInstance): void {
    this.#instance = instance;
    this.#dependencies.onReport(this);
  }

  #retire(): void {
    this.#retiring = true;
    if (this.#instance !== undefined) this.#report({ ...this.#instance, draining: true });
  }

  /** An instance that does not know `move` is let go when its work is done. */
  #closeIfDone(): void {
    if (!this.#retiring || this.can('move') || this.inFlight > 0) return;
    this.close(CLOSE_CODE.goingAway, 'nothing more is asked of this connection');
  }

  #send(message: DownMessage): void {
    if (!this.#closed) this.#ws.send(JSON.stringify(message));
  }

  #ping(): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#pingedAt ??= this.#dependencies.clock.monotonic();
    this.#ws.ping();
  }

  #pong(): void {
    if (this.#pingedAt === undefined) return;
    this.#measure(this.#dependencies.clock.monotonic() - this.#pingedAt);
    this.#pingedAt = undefined;
  }

  #measure(elapsedMs: number): void {
    const weight = this.#latencyMs === 0 ? 1 : LATENCY_WEIGHT;
    this.#latencyMs += (elapsedMs - this.#latencyMs) * weight;
  }

  #silence(silentMs: number): void {
    this.#log.warn({ silentMs }, 'gateway instance is silent; its connection ends');
    this.close(CLOSE_CODE.silence, `nothing heard for ${silentMs} ms`);
    this.#ws.terminate();
  }

  #end(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#helloTimer);
    this.#heartbeat.stop();
    this.#dependencies.socket.off('data', this.#heartbeat.heard);
    this.#operations.failAll(this.#closeReason);
    if (this.#instance !== undefined) this.#instance = { ...this.#instance, connected: false };
    this.#log.info({ code: closeCodeName(code), reason }, 'gateway instance disconnected');
    this.#dependencies.onClose(this);
  }
}
