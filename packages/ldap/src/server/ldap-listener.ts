import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';
import { ServerConnection, type ServerConnectionHandler } from './server-connection.ts';

export interface ListenerTls {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  /** `implicit` is LDAPS; `startTls` begins in the clear and offers the upgrade. */
  readonly mode: 'implicit' | 'startTls';
}

export interface LdapListenerOptions {
  readonly handler: ServerConnectionHandler;
  readonly onConnection?: (connection: ServerConnection) => void;
  /** Default 127.0.0.1: this server side exists for tests and demos. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly tls?: ListenerTls;
  /** Longest request accepted; default 10 MiB, as Active Directory's MaxReceiveBuffer. */
  readonly maxMessageBytes?: number;
  readonly maxConnections?: number;
}

const DEFAULT_MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
const DEFAULT_MAX_CONNECTIONS = 1000;

/** Accepts LDAP connections and hands their requests to a handler. What a request means is the handler's business. */
export class LdapListener {
  readonly #server: Server;
  readonly #connections = new Set<ServerConnection>();
  readonly #host: string;
  #port: number;
  #nextId = 1;

  constructor(options: LdapListenerOptions) {
    this.#host = options.host ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    const accept = (socket: Socket): void => this.#accept(socket, options);
    const { tls } = options;
    if (tls?.mode === 'implicit') {
      const server = createTlsServer({ key: tls.key, cert: tls.cert }, accept);
      // A client that breaks off the handshake (an untrusted certificate, say) is its own business.
      server.on('tlsClientError', (_error, socket) => socket.destroy());
      this.#server = server;
    } else {
      this.#server = createServer(accept);
    }
    this.#server.maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
  }

  get host(): string {
    return this.#host;
  }

  /** The port in use; 0 before `listen` if none was asked for. */
  get port(): number {
    return this.#port;
  }

  get connections(): readonly ServerConnection[] {
    return [...this.#connections];
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, this.#host, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        if (address !== null && typeof address === 'object') this.#port = address.port;
        resolve();
      });
    });
  }

  /** Stops accepting and cuts all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const connection of this.#connections) connection.destroy();
    });
  }

  #accept(socket: Socket, options: LdapListenerOptions): void {
    const { handler, tls } = options;
    const connection = new ServerConnection(socket, {
      id: this.#nextId++,
      maxMessageBytes: options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
      ...(tls?.mode === 'startTls'
        ? { secureContext: createSecureContext({ key: tls.key, cert: tls.cert }) }
        : {}),
      handler: {
        onRequest: (exchange) => handler.onRequest(exchange),
        onFailure: (error, exchange) => handler.onFailure?.(error, exchange),
        onClose: (closed) => {
          this.#connections.delete(closed);
          handler.onClose?.(closed);
        },
      },
    });
    this.#connections.add(connection);
    options.onConnection?.(connection);
  }
}
