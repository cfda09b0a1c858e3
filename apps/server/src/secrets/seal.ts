import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CodedError, Secret } from '@sallyport/model';

// Layout: version, nonce, tag, ciphertext. AES-256-GCM as in NIST SP 800-38D; a random nonce of 96 bits is safe for 2^32
// secrets under one key.
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a secret for one place. `place` (whose secret, which one) is authenticated too, so that a sealed value moved to
 * another row cannot be opened there.
 */
export function seal(key: Secret, place: string, secret: Secret): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.reveal(), 'base64url'), nonce);
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]);
}

export function unseal(key: Secret, place: string, sealed: Uint8Array): Secret {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  try {
    if (bytes[0] !== VERSION) throw new TypeError(`sealed with version ${bytes[0]}, expected ${VERSION}`);
    const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
    const tag = bytes.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.reveal(), 'base64url'), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(tag);
    const opened = Buffer.concat([
      decipher.update(bytes.subarray(1 + NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]);
    return new Secret(opened.toString('utf8'));
  } catch (cause) {
    throw new CodedError(
      'SECRET_UNREADABLE',
      `The secret ${place} cannot be opened: the key file is not the one this database was made with, or the row was changed`,
      { cause },
    );
  }
}
