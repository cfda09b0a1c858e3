import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/model';
import fc from 'fast-check';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { openKeyFile } from './key-file.ts';
import { seal, unseal } from './seal.ts';
import { hashSecret, makeSecret, matchesHash } from './secret-hash.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the key file', () => {
  it('is made once, for its owner alone', () => {
    const path = join(folder, 'deep', 'secret.key');
    const made = openKeyFile(path).reveal();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(openKeyFile(path).reveal()).toBe(made);
    expect(Buffer.from(made, 'base64url')).toHaveLength(32);
  });

  it('is refused if others can read it, and if it holds no key', () => {
    const path = join(folder, 'exposed.key');
    openKeyFile(path);
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(path, mode);
      expect(() => openKeyFile(path)).toThrow(expect.objectContaining({ code: 'SECRET_KEY_EXPOSED' }));
    }
    writeFileSync(join(folder, 'short.key'), 'c2hvcnQ', { mode: 0o600 });
    expect(() => openKeyFile(join(folder, 'short.key'))).toThrow(
      expect.objectContaining({ code: 'SECRET_KEY_INVALID' }),
    );
    expect(readFileSync(join(folder, 'short.key'), 'utf8')).toBe('c2hvcnQ');
  });
});

describe('a sealed secret', () => {
  const key = openKeyFile(join(folder, 'seal.key'));

  it('opens again, for its own place alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (text, place, elsewhere) => {
        const clear = text.toWellFormed();
        const sealed = seal(key, place, new Secret(clear));
        expect(unseal(key, place, sealed).reveal()).toBe(clear);
        if (place !== elsewhere)
          expect(() => unseal(key, elsewhere, sealed)).toThrow(
            expect.objectContaining({ code: 'SECRET_UNREADABLE' }),
          );
      }),
    );
  });

  it('does not open if one bit of it, or the key, is another', () => {
    const sealed = seal(key, 'place', new Secret('hunter2'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unseal(key, 'place', changed), String(at)).toThrow(
        expect.objectContaining({ code: 'SECRET_UNREADABLE' }),
      );
    }
    expect(() => unseal(openKeyFile(join(folder, 'other.key')), 'place', sealed)).toThrow();
    expect(() => unseal(key, 'place', sealed.subarray(0, 5))).toThrow();
    expect(seal(key, 'place', new Secret('hunter2')).equals(sealed)).toBe(false);
  });
});

describe('a hashed secret', () => {
  it('is matched by itself alone, and never by a malformed hash', async () => {
    const secret = makeSecret();
    const hash = await hashSecret(secret);
    expect(hash).not.toContain(secret.reveal());
    expect(await matchesHash(secret, hash)).toBe(true);
    expect(await matchesHash(new Secret(`${secret.reveal()} `), hash)).toBe(false);
    for (const broken of ['', '$argon2id$', hash.slice(1)])
      expect(await matchesHash(secret, broken)).toBe(false);
  });

  it('leaves the threads that tokens are checked on free, however many are asked for', async () => {
    const secret = makeSecret();
    const hash = await hashSecret(secret);
    const { privateKey } = await generateKeyPair('ES256');
    let hashed = 0;
    const flood = Array.from({ length: 24 }, async () => {
      await matchesHash(secret, hash);
      hashed += 1;
    });
    await new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    expect(hashed).toBeLessThan(6);
    await Promise.all(flood);
    expect(await matchesHash(secret, hash)).toBe(true);
  });
});
