import { makeClientError } from '../result/ldap-error.ts';
import type { ClientSettings } from './client-options.ts';
import type { LdapConnection } from './ldap-connection.ts';
import type { ServerSelector } from './server-selector.ts';

/**
 * The one connection that short operations share, each sent without waiting for the one before. It is made when first
 * needed, made again after a loss, and moved back to the preferred server when that is well again.
 */
export class SharedConnection {
  readonly #settings: ClientSettings;
  readonly #selector: ServerSelector;
  readonly #life = new AbortController();
  #connection: LdapConnection | undefined;
  #connecting: Promise<LdapConnection> | undefined;
  #failBackAtMs = 0;
  #failingBack = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(settings: ClientSettings, selector: ServerSelector) {
    this.#settings = settings;
    this.#selector = selector;
  }

  /** The connection, and whether it existed before this call. Aborting stops the wait, not the connecting. */
  async acquire(signal: AbortSignal | undefined): Promise<{ connection: LdapConnection; reused: boolean }> {
    if (this.#life.signal.aborted) throw makeClientError('LDAP_CLOSED', 'the client was closed');
    this.#restartIdleTimer();
    const current = this.#connection;
    if (current !== undefined && current.failure === undefined) {
      this.#considerFailBack();
      return { connection: current, reused: true };
    }
    this.#connecting ??= this.#connect();
    return { connection: await abortable(this.#connecting, signal), reused: false };
  }

  close(): void {
    clearTimeout(this.#idleTimer);
    this.#life.abort();
    this.#connection?.unbind('the client was closed');
    this.#connection = undefined;
  }

  async #connect(): Promise<LdapConnection> {
    try {
      const connection = await this.#selector.connect(this.#settings.bind, this.#life.signal);
      this.#adopt(connection);
      return connection;
    } finally {
      this.#connecting = undefined;
    }
  }

  #adopt(connection: LdapConnection): void {
    this.#connection = connection;
    this.#failBackAtMs = performance.now() + this.#settings.failBackMs;
    connection.onClose((error) => {
      if (error.code !== 'LDAP_CLOSED') {
        this.#settings.onEvent({ kind: 'disconnected', server: connection.server, error });
      }
      if (this.#connection === connection) this.#connection = undefined;
    });
  }

  /** On a second choice for long enough: looks, beside the work, whether a better server is back. */
  #considerFailBack(): void {
    if (this.#selector.isPreferred || this.#failingBack || performance.now() < this.#failBackAtMs) return;
    this.#failingBack = true;
    this.#failBack().catch((error: unknown) => {
      // Only the end of this client aborts the attempt; anything else is a fault worth hearing of.
      if (!this.#life.signal.aborted) throw error;
    });
  }

  async #failBack(): Promise<void> {
    try {
      const better = await this.#selector.connectPreferred(this.#settings.bind, this.#life.signal);
      this.#failBackAtMs = performance.now() + this.#settings.failBackMs;
      if (better === undefined) return;
      const old = this.#connection;
      this.#adopt(better);
      if (old !== undefined) retire(old, this.#settings.operationTimeoutMs);
    } finally {
      this.#failingBack = false;
    }
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      const connection = this.#connection;
      if (connection === undefined) return;
      if (!connection.isIdle) {
        this.#restartIdleTimer();
        return;
      }
      this.#connection = undefined;
      connection.unbind();
    }, this.#settings.idleTimeoutMs);
    this.#idleTimer.unref();
  }
}

/** Closes a connection once its last answer is in, or when that takes too long. */
function retire(connection: LdapConnection, timeoutMs: number): void {
  const startedMs = performance.now();
  const check = (): void => {
    if (connection.failure !== undefined) return;
    if (connection.isIdle || performance.now() - startedMs > timeoutMs) connection.unbind();
    else setTimeout(check, 100).unref();
  };
  check();
}

function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void =>
      reject(makeClientError('LDAP_ABORTED', 'waiting for a connection was aborted'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
