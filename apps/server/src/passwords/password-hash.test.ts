import { createHash } from 'node:crypto';
import { Secret } from '@sallyport/model';
import { expect, test } from 'vitest';
import { makePasswordHashes, readEncoded } from './password-hash.ts';
import { passwordFault } from './password-policy.ts';

const key = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64url'));
const hashes = makePasswordHashes(key(1));
const password = new Secret('Corréct horse');
const RIGHT = { right: true, outdated: false };
const OUTDATED = { right: true, outdated: true };
const WRONG = { right: false, outdated: false };

test('a chosen password is kept as argon2id, each time another text, and found again however its accents are composed', async () => {
  const [one, two] = await Promise.all([hashes.hash(password), hashes.hash(password)]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await hashes.verify(password, one)).toEqual(RIGHT);
  expect(await hashes.verify(new Secret(password.reveal().normalize('NFD')), one)).toEqual(RIGHT);
  expect(await hashes.verify(new Secret('corréct horse'), one)).toEqual(WRONG);
  expect(await hashes.verify(new Secret(''), one)).toEqual(WRONG);
});

test('a default password is bound to the key of the server and hashed anew once it was right', async () => {
  const hash = hashes.hashDefault(password);
  expect(hash).toMatch(/^\$hmac-sha256\$v=1\$/);
  expect(hash).not.toBe(hashes.hashDefault(password));
  expect(await hashes.verify(password, hash)).toEqual(OUTDATED);
  expect(await hashes.verify(new Secret('other'), hash)).toEqual(WRONG);
  // With the database alone nobody can try passwords.
  expect(await makePasswordHashes(key(2)).verify(password, hash)).toEqual(WRONG);
});

test('ten thousand default passwords cost less than a second', () => {
  const start = performance.now();
  for (let index = 0; index < 10_000; index += 1) hashes.hashDefault(new Secret(`Welcome-${index}`));
  expect(performance.now() - start).toBeLessThan(1000);
});

test('hashes of other systems are taken as they are, checked, and hashed anew', async () => {
  const salt = Buffer.from('salt-of-another-system');
  for (const [scheme, algorithm] of [
    ['SSHA', 'sha1'],
    ['SSHA256', 'sha256'],
    ['SSHA384', 'sha384'],
    ['SSHA512', 'sha512'],
  ] as const) {
    const digest = createHash(algorithm).update('geheim').update(salt).digest();
    const encoded = `{${scheme}}${Buffer.concat([digest, salt]).toString('base64')}`;
    expect(readEncoded(new Secret(encoded), 'value')).toBe(encoded);
    expect(await hashes.verify(new Secret('geheim'), encoded)).toEqual(OUTDATED);
    expect(await hashes.verify(new Secret('Geheim'), encoded)).toEqual(WRONG);
  }
  // Made by OpenLDAP's slappasswd.
  expect(await hashes.verify(new Secret('secret'), '{SSHA}JPTaYgWAQQC/bgSvC1wToFkQ9zX+mWeN')).toEqual(
    OUTDATED,
  );
});

test('encodings that cannot be checked are refused instead of being taken for clear text; braces alone are clear text', () => {
  for (const value of ['{BCRYPT}$2a$10$x', '{PBKDF2}x', '{SSHA}', '{SSHA256}c2hvcnQ=', '{SSHA}no base64!'])
    expect(() => readEncoded(new Secret(value), 'value')).toThrow(
      expect.objectContaining({ code: 'PASSWORD_ENCODING_UNSUPPORTED' }),
    );
  for (const value of ['{x}y', 'SSHA', '{ssha}abc', '{CONSTRUCTOR}x', '{__PROTO__}x'])
    expect(readEncoded(new Secret(value), 'value')).toBeUndefined();
});

test('nothing that is no hash of ours is ever right', async () => {
  for (const hash of ['', 'geheim', '$argon2id$', '$hmac-sha256$v=1$$', '{MD5}x'])
    expect(await hashes.verify(new Secret('geheim'), hash)).toEqual(WRONG);
});

test('the policy counts characters as people do and never repeats the password', () => {
  const policy = { minLength: 8 };
  expect(passwordFault(new Secret('ééééééé'), policy)).toBe('is shorter than 8 characters');
  expect(passwordFault(new Secret('🙂🙂🙂🙂🙂🙂🙂🙂'), policy)).toBeUndefined();
  expect(passwordFault(new Secret('x'.repeat(256)), policy)).toBe('is longer than 255 characters');
  expect(passwordFault(new Secret('Ana.Silva'), policy, 'ana.silva')).toBe('is the username');
  expect(passwordFault(new Secret('long enough\0'), policy)).toBe('holds a NUL character');
});
