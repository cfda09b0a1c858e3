import { AsyncLocalStorage } from 'node:async_hooks';
import { CodedError } from '@sallyport/model';
import type { Kysely } from 'kysely';
import type { Tables } from '../schema/tables.ts';
import type { Connection } from './connection.ts';
import { makeQueryBuilder } from './kysely-dialect.ts';

/** What a piece of work may use while it has the writer: the query builder, and statements by hand. */
export interface WriteTransaction {
  readonly db: Kysely<Tables>;
  readonly connection: Connection;
}

/**
 * The one way to write: pieces of work queue and run one at a time, each in a transaction of its own that is committed
 * when its promise resolves and rolled back when it rejects.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #transaction: WriteTransaction;
  readonly #working = new AsyncLocalStorage<Writer>();
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#transaction = { db: makeQueryBuilder(connection), connection };
  }

  async write<T>(work: (transaction: WriteTransaction) => Promise<T> | T): Promise<T> {
    // It would wait for the transaction it is part of, for ever.
    if (this.#working.getStore() === this)
      throw new CodedError(
        'STORE_NESTED_WRITE',
        'A write was started inside another write transaction of the same store. Pass that transaction on instead',
      );
    if (this.#closed) throw closedError();
    const before = this.#tail;
    const { promise: done, resolve: release } = Promise.withResolvers<void>();
    this.#tail = done;
    await before;
    try {
      return await this.#working.run(this, () => this.#inTransaction(work));
    } finally {
      release();
    }
  }

  async #inTransaction<T>(work: (transaction: WriteTransaction) => Promise<T> | T): Promise<T> {
    // IMMEDIATE: a transaction that reads first and writes later could otherwise find its view outdated by another process.
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(this.#transaction);
      this.#connection.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk or a damaged file has rolled back by itself.
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Waits for what is queued; refuses what comes later. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
    this.#connection.close();
  }
}

export function closedError(): CodedError {
  return new CodedError('STORE_CLOSED', 'The store is closed: the process is shutting down');
}
