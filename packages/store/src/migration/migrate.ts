import { createHash } from 'node:crypto';
import { CodedError } from '@sallyport/model';
import type { Connection } from '../sqlite/connection.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';

export function migrationHash(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

/**
 * Brings the schema up to this program's. Safe with any number of processes at once: what is missing is found out inside
 * the write transaction that adds it. All steps are one transaction: a killed migration has done nothing.
 * @returns the numbers of the steps that ran
 * @throws CodedError STORE_SCHEMA_NEWER, STORE_SCHEMA_UNKNOWN
 */
export function migrate(
  connection: Connection,
  migrations: readonly Migration[] = MIGRATIONS,
): readonly number[] {
  connection.exec('BEGIN IMMEDIATE');
  try {
    connection.exec(
      'CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, applied_at INTEGER NOT NULL)',
    );
    const applied = new Map(
      connection
        .rows('SELECT number, hash FROM schema_migrations', [])
        .map(([number, hash]) => [number, hash]),
    );
    refuseUnknown(applied, migrations);
    const missing = migrations.filter((migration) => !applied.has(migration.number));
    for (const migration of missing) {
      connection.exec(migration.sql);
      connection.run('INSERT INTO schema_migrations (number, name, hash, applied_at) VALUES (?, ?, ?, ?)', [
        migration.number,
        migration.name,
        migrationHash(migration),
        Date.now(),
      ]);
    }
    connection.exec('COMMIT');
    return missing.map((migration) => migration.number);
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function refuseUnknown(applied: ReadonlyMap<unknown, unknown>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const [number, hash] of applied) {
    const migration = typeof number === 'number' ? known.get(number) : undefined;
    if (migration === undefined)
      throw new CodedError(
        'STORE_SCHEMA_NEWER',
        `The database has schema version ${String(number)}, this program knows versions up to ${migrations.length}. Start the newer program, or restore the backup from before the upgrade`,
      );
    if (hash !== migrationHash(migration))
      throw new CodedError(
        'STORE_SCHEMA_UNKNOWN',
        `Schema version ${migration.number} of the database is not the one this program has. The file was made by a build that was never released; restore a backup or start with a new file`,
      );
  }
}
