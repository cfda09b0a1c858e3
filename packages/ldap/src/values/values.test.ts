import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeFilterBytes } from '../filter/print-filter.ts';
import { parseLdapBoolean, printLdapBoolean } from './boolean.ts';
import { parseDnWithBinary, printDnWithBinary } from './dn-with-binary.ts';
import { parseExtendedDn } from './extended-dn.ts';
import { FILE_TIME_NEVER, makeFileTime, parseInteger8, readFileTime } from './file-time.ts';
import { parseGeneralizedTime, parseUtcTime, printGeneralizedTime } from './generalized-time.ts';
import { makeGroupType, parseGroupType } from './group-type.ts';
import { parseEntryUuid, parseObjectGuid, printEntryUuid, printObjectGuid } from './guid.ts';
import { rangeRequest, readRange } from './range-option.ts';
import { parseSid, printSid, siblingSid } from './sid.ts';
import { prepareCaseExact, prepareCaseIgnore } from './string-preparation.ts';
import { LdapTextError } from './text-error.ts';
import { encodeUnicodePwd } from './unicode-pwd.ts';
import {
  isDisabled,
  parseUserAccountControl,
  userAccountControlFlags,
  withDisabled,
} from './user-account-control.ts';

const GUID_BYTES = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const GUID_TEXT = '03020100-0504-0706-0809-0a0b0c0d0e0f';

describe('identities', () => {
  test('an objectGUID swaps its first three fields, an entryUUID none', () => {
    expect(printObjectGuid(GUID_BYTES)).toBe(GUID_TEXT);
    expect(parseObjectGuid(`{${GUID_TEXT.toUpperCase()}}`)).toEqual(GUID_BYTES);
    expect(escapeFilterBytes(GUID_BYTES)).toBe(
      '\\00\\01\\02\\03\\04\\05\\06\\07\\08\\09\\0a\\0b\\0c\\0d\\0e\\0f',
    );
    expect(parseEntryUuid(GUID_TEXT).toString('hex')).toBe('030201000504070608090a0b0c0d0e0f');
  });

  test('identities survive the way to text and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (array) => {
        const bytes = Buffer.from(array);
        expect(parseObjectGuid(printObjectGuid(bytes))).toEqual(bytes);
        expect(parseEntryUuid(printEntryUuid(bytes))).toEqual(bytes);
      }),
    );
    const sids = fc.tuple(fc.nat(2 ** 47), fc.array(fc.nat(0xffff_ffff), { maxLength: 15 }));
    fc.assert(
      fc.property(sids, ([authority, parts]) => {
        const text = `S-1-${authority > 0xffff_ffff ? `0x${authority.toString(16).padStart(12, '0')}` : authority}`;
        const sid = [text, ...parts].join('-');
        expect(printSid(parseSid(sid))).toBe(sid);
      }),
    );
  });

  test.each([
    ['S-1-5-21-1-2-3-500', '010500000000000515000000010000000200000003000000f4010000'],
    ['S-1-5-32-544', '01020000000000052000000020020000'],
  ])('a security identifier %s has its bytes', (text, hex) => {
    expect(printSid(Buffer.from(hex, 'hex'))).toBe(text);
    expect(parseSid(text).toString('hex')).toBe(hex);
  });

  test('a primary group is found by its relative identifier', () => {
    expect(siblingSid('S-1-5-21-1-2-3-1104', 513)).toBe('S-1-5-21-1-2-3-513');
  });

  test('an extended name gives its identifiers in both of its forms', () => {
    const hexForm = `<GUID=${GUID_BYTES.toString('hex')}>;<SID=01020000000000052000000020020000>;CN=Ana,DC=x`;
    const textForm = `<GUID=${GUID_TEXT}>;<SID=S-1-5-32-544>;CN=Ana,DC=x`;
    const expected = { guid: GUID_TEXT, sid: 'S-1-5-32-544', dn: 'CN=Ana,DC=x' };
    expect(parseExtendedDn(hexForm)).toEqual(expected);
    expect(parseExtendedDn(textForm)).toEqual(expected);
    expect(parseExtendedDn(`<GUID=${GUID_TEXT}>;CN=OU`)).toEqual({
      guid: GUID_TEXT,
      sid: undefined,
      dn: 'CN=OU',
    });
    expect(parseExtendedDn('CN=Ana,DC=x')).toEqual({ guid: undefined, sid: undefined, dn: 'CN=Ana,DC=x' });
  });

  test('a DN with binary keeps both', () => {
    const text = 'B:8:0A0B0C0D:CN=Users,DC=x:y';
    expect(parseDnWithBinary(text)).toEqual({ bytes: Buffer.from('0a0b0c0d', 'hex'), dn: 'CN=Users,DC=x:y' });
    expect(printDnWithBinary(parseDnWithBinary(text))).toBe(text);
  });

  test.each([
    ['a GUID of 15 bytes', () => printObjectGuid(GUID_BYTES.subarray(1))],
    ['a GUID with a wrong digit', () => parseObjectGuid(GUID_TEXT.replace('f', 'g'))],
    ['a cut SID', () => printSid(Buffer.from('0102000000000005200000', 'hex'))],
    ['a SID with a sub-authority of 33 bits', () => parseSid('S-1-5-4294967296')],
    ['a SID with 16 sub-authorities', () => parseSid(`S-1-5${'-1'.repeat(16)}`)],
    ['a DN with binary whose length is wrong', () => parseDnWithBinary('B:6:0A0B0C0D:CN=x')],
  ])('%s is refused with a code', (_, action) => {
    expect(codeOf(action)).toBe('VALUE_SYNTAX');
  });
});

describe('times', () => {
  test('FILETIME and milliseconds agree', () => {
    const epochMs = Date.UTC(2020, 0, 1);
    expect(makeFileTime(epochMs)).toBe(132_223_104_000_000_000n);
    expect(readFileTime(parseInteger8('132223104000000000'))).toBe(epochMs);
    expect(readFileTime(1n)).toBe(Date.UTC(1601, 0, 1));
  });

  test('both writings of never are never', () => {
    expect(readFileTime(0n)).toBeUndefined();
    expect(readFileTime(parseInteger8('9223372036854775807'))).toBeUndefined();
    expect(FILE_TIME_NEVER).toBe(9_223_372_036_854_775_807n);
  });

  test('numbers beyond 64 bits and times before 1601 are refused', () => {
    expect(codeOf(() => parseInteger8('9223372036854775808'))).toBe('VALUE_RANGE');
    expect(codeOf(() => parseInteger8('1e3'))).toBe('VALUE_SYNTAX');
    expect(codeOf(() => makeFileTime(Date.UTC(1600, 0, 1)))).toBe('VALUE_RANGE');
    expect(codeOf(() => makeFileTime(Number.NaN))).toBe('VALUE_RANGE');
  });

  test.each([
    ['20200101000000.0Z', Date.UTC(2020, 0, 1)],
    ['20200101000000Z', Date.UTC(2020, 0, 1)],
    ['2020010100Z', Date.UTC(2020, 0, 1)],
    ['202001010030+0130', Date.UTC(2019, 11, 31, 23)],
    ['20200101000000-08', Date.UTC(2020, 0, 1, 8)],
    ['20200101000000.9999999Z', Date.UTC(2020, 0, 1, 0, 0, 0, 999)],
    ['20200101000000,25Z', Date.UTC(2020, 0, 1, 0, 0, 0, 250)],
    ['2020010100.5Z', Date.UTC(2020, 0, 1, 0, 30)],
    ['202001010001.25Z', Date.UTC(2020, 0, 1, 0, 1, 15)],
    ['20161231235960Z', Date.UTC(2017, 0, 1)],
    ['16010101000000.0Z', Date.UTC(1601, 0, 1)],
  ])('generalized time %s is read', (text, epochMs) => {
    expect(parseGeneralizedTime(text)).toBe(epochMs);
  });

  test.each(['20200101', '20200230000000Z', '20200101000000', '20201301000000Z', '2020010124Z', 'never', ''])(
    'generalized time %j is refused',
    (text) => {
      expect(codeOf(() => parseGeneralizedTime(text))).toBe('VALUE_SYNTAX');
    },
  );

  test('two-digit years fall into 1950 to 2049', () => {
    expect(parseUtcTime('991231235959Z')).toBe(Date.UTC(1999, 11, 31, 23, 59, 59));
    expect(parseUtcTime('4912312359+0000')).toBe(Date.UTC(2049, 11, 31, 23, 59));
  });

  test('times survive the way to text and back', () => {
    const times = fc.integer({ min: Date.UTC(1601, 0, 1) + 1, max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(times, (epochMs) => {
        expect(readFileTime(makeFileTime(epochMs))).toBe(epochMs);
        expect(parseGeneralizedTime(printGeneralizedTime(epochMs, { fractionDigits: 3 }))).toBe(epochMs);
        const seconds = Math.floor(epochMs / 1000) * 1000;
        expect(parseGeneralizedTime(printGeneralizedTime(epochMs))).toBe(seconds);
      }),
    );
    expect(printGeneralizedTime(Date.UTC(2020, 0, 1), { fractionDigits: 1 })).toBe('20200101000000.0Z');
  });
});

describe('account and group bits', () => {
  test('disabling and enabling touch one bit', () => {
    fc.assert(
      fc.property(fc.integer(), (bits) => {
        expect(isDisabled(withDisabled(bits, true))).toBe(true);
        expect(isDisabled(withDisabled(bits, false))).toBe(false);
        expect(withDisabled(bits, true) ^ withDisabled(bits, false)).toBe(2);
        expect(withDisabled(bits, isDisabled(bits))).toBe(bits);
      }),
    );
    expect(withDisabled(66_048, true)).toBe(66_050);
    expect(withDisabled(0x40_0202, false)).toBe(0x40_0200);
    expect(userAccountControlFlags(546)).toEqual(['ACCOUNTDISABLE', 'PASSWD_NOTREQD', 'NORMAL_ACCOUNT']);
    expect(codeOf(() => parseUserAccountControl('0x202'))).toBe('VALUE_SYNTAX');
  });

  test('group types are signed', () => {
    expect(makeGroupType('global', true)).toBe('-2147483646');
    expect(makeGroupType('universal', true)).toBe('-2147483640');
    expect(makeGroupType('domainLocal', false)).toBe('4');
    expect(parseGroupType('-2147483640')).toEqual({ scope: 'universal', isSecurity: true, isBuiltin: false });
    expect(parseGroupType('2147483650')).toEqual({ scope: 'global', isSecurity: true, isBuiltin: false });
  });
});

describe('other values', () => {
  test('a password is quoted UTF-16', () => {
    expect(encodeUnicodePwd('Ab1!').toString('hex')).toBe('220041006200310021002200');
  });

  test('booleans are read in any case and written in capitals', () => {
    expect([parseLdapBoolean('TRUE'), parseLdapBoolean('false')]).toEqual([true, false]);
    expect(printLdapBoolean(true)).toBe('TRUE');
    expect(codeOf(() => parseLdapBoolean('1'))).toBe('VALUE_SYNTAX');
  });

  test('range options are told from plain descriptions', () => {
    expect(readRange('member;range=0-1499')).toEqual({ attribute: 'member', from: 0, to: 1499 });
    expect(readRange('member;Range=1500-*')).toEqual({ attribute: 'member', from: 1500, to: undefined });
    expect(readRange('cn;lang-en;range=0-*;x-a')).toEqual({
      attribute: 'cn;lang-en;x-a',
      from: 0,
      to: undefined,
    });
    expect(readRange('member')).toBeUndefined();
    expect(readRange('member;lang-en')).toBeUndefined();
    expect(readRange(rangeRequest('member', 1500))).toEqual({
      attribute: 'member',
      from: 1500,
      to: undefined,
    });
  });

  test('string preparation drops what cannot be seen and folds what looks the same', () => {
    expect(prepareCaseIgnore('  Stra\u00adße \t 5\u200b ')).toBe('strasse 5');
    expect(prepareCaseExact('  Ana\n Ｓilva ')).toBe('Ana Silva');
    expect(prepareCaseIgnore('ΟΔΟΣ')).toBe(prepareCaseIgnore('οδος'));
  });
});

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof LdapTextError) return error.code;
    throw error;
  }
  return 'nothing was refused';
}
