import { DatabaseSync } from 'node:sqlite';

/** Rows of each table, as text that is equal if and only if the rows are. */
export type DatabaseContent = Readonly<Record<string, readonly string[]>>;

/** Reads every table of a server's database beside the running server; `except` names tables to leave out. */
export function databaseContent(
  file: string,
  except: Readonly<Record<string, string>> = {},
): DatabaseContent {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.exec('BEGIN');
    const tables = database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .all()
      .map((row) => String(row.name))
      .filter((name) => !Object.hasOwn(except, name));
    return Object.fromEntries(
      tables.map((name) => [
        name,
        database
          .prepare(`SELECT * FROM "${name}"`)
          .all()
          .map((row) => JSON.stringify(row, bytesAsText))
          .sort(),
      ]),
    );
  } finally {
    database.close();
  }
}

function bytesAsText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
