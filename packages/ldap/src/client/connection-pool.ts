import { makeClientError } from '../result/ldap-error.ts';
import type { LdapConnection } from './ldap-connection.ts';

export interface PoolOptions {
  readonly maxConnections: number;
  readonly idleTimeoutMs: number;
  /** How long a caller waits for a connection to come free. */
  readonly waitTimeoutMs: number;
  connect(signal: AbortSignal | undefined): Promise<LdapConnection>;
  /** Connections to another server than this are not used again. */
  currentServer(): string | undefined;
}

/** A connection for one caller alone, until it is given back. */
export interface Lease {
  readonly connection: LdapConnection;
  /** True if it had been used before: the server may have dropped it unnoticed. */
  readonly reused: boolean;
  /** Gives it back, for the next caller or, if anything is left open on it, for the bin. Call once. */
  release(reusable: boolean): void;
}

interface Idle {
  readonly connection: LdapConnection;
  readonly timer: NodeJS.Timeout;
}

interface Waiter {
  wake(): void;
}

/** Connections for one user at a time each: bounded in number, kept for a while, closed when idle too long. */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #idle: Idle[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #leased = new Set<LdapConnection>();
  #used = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async lease(signal: AbortSignal | undefined): Promise<Lease> {
    await this.#slot(signal);
    try {
      const idle = this.#takeIdle();
      const connection = idle ?? (await this.#options.connect(signal));
      if (this.#closed) {
        connection.unbind();
        throw makeClientError('LDAP_CLOSED', 'the client was closed');
      }
      this.#leased.add(connection);
      return {
        connection,
        reused: idle !== undefined,
        release: (reusable) => this.#release(connection, reusable),
      };
    } catch (error) {
      this.#freeSlot();
      throw error;
    }
  }

  /** Ends every connection; whoever reads on one gets an error. */
  close(): void {
    this.#closed = true;
    for (const { connection, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      connection.unbind();
    }
    for (const connection of this.#leased) connection.unbind('the client was closed');
    for (const waiter of this.#waiters.splice(0)) waiter.wake();
  }

  #slot(signal: AbortSignal | undefined): Promise<void> {
    if (this.#closed) return Promise.reject(makeClientError('LDAP_CLOSED', 'the client was closed'));
    if (this.#used < this.#options.maxConnections) {
      this.#used += 1;
      return Promise.resolve();
    }
    const { maxConnections, waitTimeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        const at = this.#waiters.indexOf(waiter);
        if (at >= 0) this.#waiters.splice(at, 1);
        if (error === undefined) resolve();
        else reject(error);
      };
      const waiter: Waiter = {
        wake: () =>
          settle(this.#closed ? makeClientError('LDAP_CLOSED', 'the client was closed') : undefined),
      };
      const onAbort = (): void =>
        settle(makeClientError('LDAP_ABORTED', 'waiting for a connection was aborted'));
      const timer = setTimeout(() => {
        const message = `all ${maxConnections} connections stayed in use for ${waitTimeoutMs} ms: are searches left open?`;
        settle(makeClientError('LDAP_TIMEOUT', message));
      }, waitTimeoutMs);
      this.#waiters.push(waiter);
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener('abort', onAbort);
    });
  }

  /** Hands the slot to who waits longest, or frees it. */
  #freeSlot(): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#used -= 1;
    else waiter.wake();
  }

  #takeIdle(): LdapConnection | undefined {
    const current = this.#options.currentServer();
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.connection.failure === undefined && idle.connection.server === current) return idle.connection;
      idle.connection.unbind();
    }
    return undefined;
  }

  #release(connection: LdapConnection, reusable: boolean): void {
    this.#leased.delete(connection);
    if (reusable && !this.#closed && connection.failure === undefined && connection.isIdle) {
      const timer = setTimeout(() => {
        const at = this.#idle.findIndex((idle) => idle.connection === connection);
        if (at >= 0) this.#idle.splice(at, 1);
        connection.unbind();
      }, this.#options.idleTimeoutMs);
      timer.unref();
      this.#idle.push({ connection, timer });
    } else {
      connection.unbind();
    }
    this.#freeSlot();
  }
}
