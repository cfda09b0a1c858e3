import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CodedError, Secret } from '@sallyport/model';

const KEY_BYTES = 32;

/**
 * Reads the key that seals secrets, or makes it (mode 0600) where the file does not exist yet. Throws SECRET_KEY_EXPOSED
 * if group or others may read the file, SECRET_KEY_INVALID if it holds no key.
 */
export function openKeyFile(path: string): Secret {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openOrMake(path);
  try {
    const { mode } = fstatSync(file);
    // Windows has no such bits: there the directory's access list protects the file.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new CodedError(
        'SECRET_KEY_EXPOSED',
        `${path} has mode 0${(mode & 0o777).toString(8)}, so that others can read the key; run: chmod 600 ${path}`,
      );
    const text = readFileSync(file, 'utf8').trim();
    if (Buffer.from(text, 'base64url').length !== KEY_BYTES)
      throw new CodedError(
        'SECRET_KEY_INVALID',
        `${path} does not hold a key of ${KEY_BYTES} bytes in Base64; restore it from backup`,
      );
    return new Secret(text);
  } finally {
    closeSync(file);
  }
}

function openOrMake(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  // `wx`: of two processes that start together one makes the key, and the other fails instead of replacing it.
  const made = openSync(path, 'wx', 0o600);
  try {
    // The mask of the process may have taken bits away but never adds any; this makes the mode exact.
    fchmodSync(made, 0o600);
    writeSync(made, `${randomBytes(KEY_BYTES).toString('base64url')}\n`);
    fsyncSync(made);
  } finally {
    closeSync(made);
  }
  return openSync(path, 'r');
}
