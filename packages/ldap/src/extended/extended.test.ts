import { describe, expect, it } from 'vitest';
import { BerError } from '../ber/ber-error.ts';
import { encodeCancel, parseCancel } from './cancel.ts';
import {
  encodeGeneratedPassword,
  encodePasswordModify,
  parseGeneratedPassword,
  parsePasswordModify,
} from './password-modify.ts';
import { encodeSyncInfo, parseSyncInfo, type SyncInfo } from './sync-info.ts';

const uuid = Buffer.from('030201000504070608090a0b0c0d0e0f', 'hex');

describe('extended values', () => {
  it.each<SyncInfo>([
    { kind: 'newCookie', cookie: Buffer.from('c') },
    { kind: 'refreshDelete', refreshDone: true },
    { kind: 'refreshPresent', cookie: Buffer.from('c'), refreshDone: false },
    { kind: 'idSet', cookie: Buffer.from('c'), refreshDeletes: true, entryUuids: [uuid, uuid] },
    { kind: 'idSet', refreshDeletes: false, entryUuids: [] },
  ])('gives back a sync info message: $kind', (info) => {
    expect(parseSyncInfo(encodeSyncInfo(info))).toEqual(info);
  });

  it('refuses a sync info message of an unknown kind', () => {
    expect(() => parseSyncInfo(Buffer.from('a400', 'hex'))).toThrow(BerError);
    expect(() => parseSyncInfo(Buffer.alloc(0))).toThrow(BerError);
  });

  it('gives back password changes, generated passwords and cancelled ids', () => {
    const change = { userIdentity: 'cn=a', oldPassword: Buffer.from('o'), newPassword: Buffer.from('n') };
    expect(parsePasswordModify(encodePasswordModify(change))).toEqual(change);
    expect(parsePasswordModify(encodePasswordModify({}))).toEqual({});
    expect(parsePasswordModify(undefined)).toEqual({});
    expect(parseGeneratedPassword(encodeGeneratedPassword('secret'))?.toString()).toBe('secret');
    expect(parseCancel(encodeCancel(77))).toBe(77);
    expect(encodeCancel(5).toString('hex')).toBe('3003020105');
  });
});
