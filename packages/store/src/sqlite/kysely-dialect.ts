import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Tables } from '../schema/tables.ts';
import type { Connection } from './connection.ts';

/**
 * The query builder over one connection. Transactions are not its business: `Writer` opens and ends them, because bulk
 * statements by hand and built queries share one.
 */
export function makeQueryBuilder(connection: Connection): Kysely<Tables> {
  const shared = new SharedConnection(connection);
  const refuse = (): Promise<void> =>
    Promise.reject(new Error('Transactions are opened by the writer, not by the query builder'));
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (builder) => new SqliteIntrospector(builder),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => ({
      init: () => Promise.resolve(),
      acquireConnection: () => Promise.resolve(shared),
      releaseConnection: () => Promise.resolve(),
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      destroy: () => Promise.resolve(),
    }),
  };
  return new Kysely<Tables>({ dialect });
}

class SharedConnection implements DatabaseConnection {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const { rows, changes } = this.#connection.query(query.sql, query.parameters.map(bindable));
      // The builder types the rows by the query it compiled.
      return Promise.resolve({ rows: rows as R[], numAffectedRows: BigInt(changes) });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  // biome-ignore lint/correctness/useYield: nothing here is large enough to stream; lists page instead.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not supported: read pages');
  }
}

function bindable(value: unknown): null | number | bigint | string | Uint8Array {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'string' ||
    value instanceof Uint8Array
  )
    return value;
  throw new TypeError(`A value of type ${typeof value} cannot be bound to a statement`);
}
