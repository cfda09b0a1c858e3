import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { CodedError, Secret } from '@sallyport/model';
import { hashSecret, matchesHash } from '../secrets/secret-hash.ts';

/** Passwords as they are stored: each text says how it was made. */
export interface PasswordHashes {
  /** For a password that a person chose or was given by a person: argon2id, on a thread of its own. */
  hash(password: Secret): Promise<string>;
  /**
   * For a default password, at once: an HMAC under the server's key. A slow hash would protect nothing, because the
   * expression that makes the password lies in the same database; and 100,000 of them would take an hour.
   */
  hashDefault(password: Secret): string;
  /** `outdated`: right, and to be hashed anew by `hash`. */
  verify(password: Secret, hash: string): Promise<{ readonly right: boolean; readonly outdated: boolean }>;
}

/** What rules make of default passwords. */
export interface DefaultPasswords {
  hash(password: Secret): string;
  /** What is wrong with one, as the end of a sentence. */
  fault(password: Secret): string | undefined;
}

const DEFAULT_FORMAT = /^\$hmac-sha256\$v=1\$([\w+/-]+=*)\$([\w+/-]+=*)$/;
const SALT_BYTES = 16;

/** `key`: what seals secrets; default passwords are bound to it under a key derived for them alone. */
export function makePasswordHashes(key: Secret): PasswordHashes {
  const derived = Buffer.from(
    hkdfSync('sha256', Buffer.from(key.reveal(), 'base64url'), '', 'sallyport default passwords', 32),
  );
  const mac = (salt: Buffer, password: Secret): Buffer =>
    createHmac('sha256', derived).update(salt).update(normalised(password).reveal()).digest();
  return {
    hash: (password) => hashSecret(normalised(password)),
    hashDefault: (password) => {
      const salt = randomBytes(SALT_BYTES);
      return `$hmac-sha256$v=1$${salt.toString('base64url')}$${mac(salt, password).toString('base64url')}`;
    },
    verify: async (password, hash) => {
      const [, salt, expected] = DEFAULT_FORMAT.exec(hash) ?? [];
      if (salt !== undefined && expected !== undefined)
        return outdated(
          equal(mac(Buffer.from(salt, 'base64url'), password), Buffer.from(expected, 'base64url')),
        );
      if (isEncoded(hash)) return outdated(matchesEncoded(password, hash));
      return { right: await matchesHash(normalised(password), hash), outdated: false };
    },
  };
}

function outdated(right: boolean): { readonly right: boolean; readonly outdated: boolean } {
  return { right, outdated: right };
}

/** One text has several spellings in Unicode, and keyboards differ in which they send (RFC 8265 §4.2.2). */
function normalised(password: Secret): Secret {
  return new Secret(password.reveal().normalize('NFC'));
}

function equal(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

// Hashes that come with imported users, as directories keep them in userPassword: Base64 of digest and salt.
const DIGESTS: Readonly<Record<string, { readonly algorithm: string; readonly bytes: number }>> = {
  SSHA: { algorithm: 'sha1', bytes: 20 },
  SSHA256: { algorithm: 'sha256', bytes: 32 },
  SSHA384: { algorithm: 'sha384', bytes: 48 },
  SSHA512: { algorithm: 'sha512', bytes: 64 },
};
/** Encodings of the API that need what Node does not have, or whose layout is nowhere stated. */
const UNSUPPORTED = new Set(['BCRYPT', 'PBKDF2', 'MSKCC_PBKDF2', 'SCRYPT']);
const ENCODED = /^\{([A-Z0-9_]{3,16})\}(.*)$/s;
const MAX_SALT_BYTES = 64;

function isEncoded(text: string): boolean {
  return Object.hasOwn(DIGESTS, ENCODED.exec(text)?.[1] ?? '');
}

/**
 * The value as it can be stored, if it is a hash already; undefined for clear text.
 * @throws CodedError PASSWORD_ENCODING_UNSUPPORTED
 */
export function readEncoded(value: Secret, target: string): string | undefined {
  const [, scheme = '', encoded = ''] = ENCODED.exec(value.reveal()) ?? [];
  const digest = Object.hasOwn(DIGESTS, scheme) ? DIGESTS[scheme] : undefined;
  if (digest === undefined && !UNSUPPORTED.has(scheme)) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const salted =
    digest !== undefined && bytes.length > digest.bytes && bytes.length <= digest.bytes + MAX_SALT_BYTES;
  if (salted && /^[A-Za-z0-9+/]+=*$/.test(encoded)) return value.reveal();
  const message =
    digest === undefined
      ? `Passwords in {${scheme}} cannot be checked here; send {${Object.keys(DIGESTS).join('}, {')}} or the clear text`
      : `After {${scheme}} stands Base64 of ${digest.bytes} bytes of digest and the salt`;
  throw new CodedError('PASSWORD_ENCODING_UNSUPPORTED', message, {
    details: [{ code: 'PASSWORD_ENCODING_UNSUPPORTED', target, message }],
  });
}

function matchesEncoded(password: Secret, hash: string): boolean {
  const [, scheme = '', encoded = ''] = ENCODED.exec(hash) ?? [];
  const digest = DIGESTS[scheme];
  if (digest === undefined) return false;
  const bytes = Buffer.from(encoded, 'base64');
  const salt = bytes.subarray(digest.bytes);
  // As it was typed: another system made this hash, and none of them normalises.
  const made = createHash(digest.algorithm).update(password.reveal(), 'utf8').update(salt).digest();
  return equal(made, bytes.subarray(0, digest.bytes));
}
