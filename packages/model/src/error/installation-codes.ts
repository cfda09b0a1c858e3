import { broken, type CatalogueEntry } from './catalogue-entry.ts';

/** Codes of the installation: key file and database. */
export const INSTALLATION_CODES = {
  SECRET_KEY_EXPOSED: broken(
    500,
    'The key file can be read by others.',
    'Run chmod 600 on it; if others could read it, change every sealed secret.',
  ),
  SECRET_KEY_INVALID: broken(
    500,
    'The key file does not hold a key.',
    'Restore the key file from backup; without it sealed secrets are lost.',
  ),
  SECRET_UNREADABLE: broken(
    500,
    'A sealed secret cannot be opened with this key.',
    'Restore the key file the database was made with, or enter the secret again.',
  ),
  STORE_URL_UNKNOWN: broken(500, 'The database address cannot be used.', 'Set DATABASE_URL to sqlite:PATH.'),
  STORE_LOCKED: broken(
    500,
    'Another process has the database file open.',
    'Stop the other process, or give this one its own file.',
  ),
  STORE_UNREACHABLE: broken(
    500,
    'The database file or its folder cannot be opened.',
    'Check the path in DATABASE_URL and the rights of the process.',
  ),
  STORE_IO: broken(
    500,
    'Reading or writing the database file failed.',
    'Look at the disk; nothing of the refused write was kept.',
  ),
  STORE_BUSY: broken(
    503,
    'The database did not become free in time.',
    'Try again; if it stays, look for another process that holds the file.',
  ),
  STORE_FULL: broken(507, 'The disk is full.', 'Make room; nothing of the refused write was kept.'),
  STORE_READ_ONLY: broken(
    500,
    'The database file cannot be written.',
    'Give the process write access to the file and its folder.',
  ),
  STORE_CORRUPT: broken(
    500,
    'The database holds something that cannot be right.',
    'Restore the database from backup.',
  ),
  STORE_SCHEMA_NEWER: broken(
    500,
    'The database was made by a newer version.',
    'Run that version, or restore an older backup.',
  ),
  STORE_SCHEMA_UNKNOWN: broken(
    500,
    'The file is a database of something else.',
    'Name another file in DATABASE_URL.',
  ),
  STORE_CLOSED: broken(503, 'The server is stopping.', 'Try again at another server, or when it is back.'),
  STORE_NESTED_WRITE: broken(500, 'A write was begun inside another.', 'Report it.'),
  STORE_TRANSACTION_OVER: broken(500, 'A transaction was used after its end.', 'Report it.'),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
