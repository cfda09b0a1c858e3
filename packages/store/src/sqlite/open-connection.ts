import { DatabaseSync } from 'node:sqlite';
import { Connection } from './connection.ts';
import { codedSqliteError } from './sqlite-error.ts';

const MIB = 1024 * 1024;
/** How long to wait for a writer of another process. Ours queue and never meet here. */
const BUSY_TIMEOUT_MS = 10_000;
/**
 * Bytes per page. Measured with a load of 100,000 users: 4 KiB 20,000/s, 8 KiB 23,000/s, 16 KiB 25,000/s (shallower
 * trees, fewer writes); but a single user's write puts ten pages into the log, which 16 KiB makes 160 KiB. 8 KiB.
 */
const PAGE_BYTES = 8192;
/**
 * Bytes of log after which a commit also copies it into the database. A load writes each page of its random indexes once per
 * batch: 16 MB 16,000 users/s, 64 MB 20,000/s, 400 MB no better and half a second's pause.
 */
const CHECKPOINT_BYTES = 64 * MIB;
// 12, 24 and 48 MiB for the writer made no difference that could be measured: the system caches the file too.
/**
 * Page caches. A first load of 100,000 people runs as fast with 16 MiB as with 48: keys that come together lie together, and
 * the system's own file cache stands behind. A process with 48 and 24 was 40 MB larger.
 */
const WRITER_CACHE_KIB = 16 * 1024;
const READER_CACHE_KIB = 8 * 1024;

/** The one connection that writes. Each commit is on disk when it returns (`synchronous=FULL`). */
export function openWriter(path: string): Connection {
  return open(path, false, (connection) => {
    // Only a new file takes the page size, and only before its journal mode is set.
    connection.exec(`PRAGMA page_size=${PAGE_BYTES}`);
    connection.exec('PRAGMA journal_mode=WAL');
    connection.exec('PRAGMA synchronous=FULL');
    connection.exec('PRAGMA foreign_keys=ON');
    connection.exec(`PRAGMA cache_size=-${WRITER_CACHE_KIB}`);
    connection.exec('PRAGMA temp_store=MEMORY');
    connection.exec(`PRAGMA wal_autocheckpoint=${Math.round(CHECKPOINT_BYTES / PAGE_BYTES)}`);
    // Gives the disk back after a large load, at the next time the log starts over.
    connection.exec(`PRAGMA journal_size_limit=${CHECKPOINT_BYTES}`);
  });
}

/** A connection that sees what is committed and nothing of a transaction under way; it never waits for the writer. */
export function openReader(path: string): Connection {
  return open(path, true, (connection) => {
    connection.exec(`PRAGMA cache_size=-${READER_CACHE_KIB}`);
    connection.exec('PRAGMA temp_store=MEMORY');
  });
}

function open(path: string, readOnly: boolean, prepare: (connection: Connection) => void): Connection {
  let connection: Connection | undefined;
  try {
    connection = new Connection(new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS }));
    prepare(connection);
    return connection;
  } catch (error) {
    connection?.close();
    throw codedSqliteError(error);
  }
}
