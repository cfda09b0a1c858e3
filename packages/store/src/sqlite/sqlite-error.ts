import { CodedError } from '@sallyport/model';

// Primary result codes: https://sqlite.org/rescode.html. The extended code carries the primary one in its low byte.
const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const IO = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const CONSTRAINT = 19;
const NOT_A_DATABASE = 26;
const CONSTRAINT_FOREIGN_KEY = 787;
const CONSTRAINT_PRIMARY_KEY = 1555;
const CONSTRAINT_UNIQUE = 2067;
const IO_WRITE = 778;

/** The extended result code of an error of `node:sqlite`, or undefined if the error is not its. */
export function readSqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

const FILE_ERRORS: ReadonlyMap<number, readonly [code: string, message: string]> = new Map([
  [
    FULL,
    [
      'STORE_FULL',
      'The disk (or the size limit) of the database is full. Nothing was written; free some space',
    ],
  ],
  [READ_ONLY, ['STORE_READ_ONLY', 'The database cannot be written. Check the rights on its file and folder']],
  [
    IO,
    [
      'STORE_IO',
      'Reading or writing the database failed. Nothing was written; check the disk and its free space',
    ],
  ],
  [CORRUPT, ['STORE_CORRUPT', 'The database file is damaged. Stop the server and restore a backup']],
  [
    NOT_A_DATABASE,
    ['STORE_CORRUPT', 'The file is not a database (or is encrypted). Check the path, or restore a backup'],
  ],
  [CANNOT_OPEN, ['STORE_UNREACHABLE', 'The database file cannot be opened. Check its path and rights']],
  [BUSY, ['STORE_BUSY', 'Another process is writing the database for too long. Try again']],
  [LOCKED, ['STORE_BUSY', 'Another process is writing the database for too long. Try again']],
]);

/** Turns an error of the database into a coded one; anything else is answered as it came. */
export function codedSqliteError(error: unknown): unknown {
  const extended = readSqliteCode(error);
  if (extended === undefined || !(error instanceof Error)) return error;
  const primary = extended & 0xff;
  if (primary === CONSTRAINT) return constraintError(error, extended);
  // A full disk shows as a failed write where the file system says so only then.
  const known = FILE_ERRORS.get(extended === IO_WRITE ? FULL : primary);
  return known === undefined
    ? error
    : new CodedError(known[0], `${known[1]} (${error.message})`, { cause: error });
}

function constraintError(error: Error, extended: number): unknown {
  if (extended === CONSTRAINT_FOREIGN_KEY)
    return new CodedError(
      'REFERENCED',
      'Something this refers to is not there, or something still refers to it',
      {
        cause: error,
      },
    );
  if (extended !== CONSTRAINT_UNIQUE && extended !== CONSTRAINT_PRIMARY_KEY) return error;
  // "UNIQUE constraint failed: populations.environment_id, populations.name": the last column is the one a client chose.
  const column = error.message.split('.').at(-1) ?? 'id';
  const property = column.endsWith('_key') ? column.slice(0, -'_key'.length) : column;
  const target = property.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const message = `another one has this ${target}`;
  return new CodedError('UNIQUENESS_VIOLATION', `The ${target} is taken`, {
    cause: error,
    details: [{ code: 'UNIQUENESS_VIOLATION', target, message }],
  });
}
