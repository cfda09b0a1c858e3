import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { foldCase } from '@sallyport/model';
import { codedSqliteError } from './sqlite-error.ts';

/** What a statement is given and answers. */
export type Cell = SQLInputValue;

/** Plenty for every statement the code writes by hand; filters of clients make the rest, and the oldest of those go. */
const MAX_STATEMENTS = 300;

interface Cached {
  readonly statement: StatementSync;
  readonly answersRows: boolean;
}

/**
 * One connection with its prepared statements. Preparing costs 10 to 60 µs, ten times what a short statement costs to
 * run, so every statement is kept by its text. Errors come out coded.
 */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #objects = new Map<string, Cached>();
  readonly #arrays = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    // Comparison without case must give the same answer everywhere; SQLite's own lower() knows ASCII only.
    database.function('fold_case', { deterministic: true }, (text) =>
      typeof text === 'string' ? foldCase(text) : text,
    );
  }

  exec(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw codedSqliteError(error);
    }
  }

  /** Rows as arrays in the order of the columns: half the cost of objects, for the bulk paths. */
  rows(sql: string, parameters: readonly Cell[]): readonly (readonly Cell[])[] {
    try {
      let statement = this.#arrays.get(sql);
      if (statement === undefined) {
        statement = this.#database.prepare(sql);
        statement.setReturnArrays(true);
        keep(this.#arrays, sql, statement);
      }
      // With setReturnArrays the rows are arrays, which the type of `all` does not know.
      return statement.all(...parameters) as unknown as readonly (readonly Cell[])[];
    } catch (error) {
      throw codedSqliteError(error);
    }
  }

  row(sql: string, parameters: readonly Cell[]): readonly Cell[] | undefined {
    return this.rows(sql, parameters)[0];
  }

  /** How many rows changed. */
  run(sql: string, parameters: readonly Cell[]): number {
    try {
      return Number(this.#cached(sql).statement.run(...parameters).changes);
    } catch (error) {
      throw codedSqliteError(error);
    }
  }

  /** The number of the last row it inserted. */
  insert(sql: string, parameters: readonly Cell[]): number {
    try {
      return Number(this.#cached(sql).statement.run(...parameters).lastInsertRowid);
    } catch (error) {
      throw codedSqliteError(error);
    }
  }

  /** What the query builder needs of any statement. */
  query(
    sql: string,
    parameters: readonly Cell[],
  ): { readonly rows: readonly object[]; readonly changes: number } {
    try {
      const { statement, answersRows } = this.#cached(sql);
      if (answersRows) return { rows: statement.all(...parameters), changes: 0 };
      return { rows: [], changes: Number(statement.run(...parameters).changes) };
    } catch (error) {
      throw codedSqliteError(error);
    }
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  close(): void {
    this.#objects.clear();
    this.#arrays.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #cached(sql: string): Cached {
    const known = this.#objects.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    const cached = { statement, answersRows: statement.columns().length > 0 };
    keep(this.#objects, sql, cached);
    return cached;
  }
}

function keep<T>(statements: Map<string, T>, sql: string, statement: T): void {
  if (statements.size >= MAX_STATEMENTS) {
    const oldest = statements.keys().next();
    if (!oldest.done) statements.delete(oldest.value);
  }
  statements.set(sql, statement);
}
