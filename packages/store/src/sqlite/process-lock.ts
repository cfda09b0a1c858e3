import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '@sallyport/model';
import { codedSqliteError } from './sqlite-error.ts';

/** Held from opening the store to closing it. */
export interface ProcessLock {
  release(): void;
}

/**
 * One process per database file. The lock is the operating system's lock on a second, tiny database held in an exclusive
 * transaction: the kernel lets it go when the process ends in any way, SIGKILL included, so a lock never outlives its
 * owner, which a file with a process id in it does. The main file itself cannot be locked so: readers would be shut out.
 * @throws CodedError STORE_LOCKED
 */
export function acquireProcessLock(path: string): ProcessLock {
  const lockPath = `${path}-lock`;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(lockPath, { timeout: 0 });
    // Without a journal file there is nothing to clean up after a kill.
    database.exec('PRAGMA journal_mode=MEMORY; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    if (database?.isOpen === true) database.close();
    const coded = codedSqliteError(error);
    if (coded instanceof CodedError && coded.code === 'STORE_BUSY')
      throw new CodedError(
        'STORE_LOCKED',
        `Another process has the database ${path} open. Stop that one first: one server at a time may use an SQLite file`,
        { cause: error },
      );
    throw coded;
  }
  const held = database;
  return {
    release: () => {
      if (held.isOpen) held.close();
    },
  };
}
