import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerError } from '../ber/ber-error.ts';
import type { Control } from '../message/message.ts';
import {
  DIR_SYNC_FLAG,
  makeDirSyncRequestControl,
  makeDirSyncResponseControl,
  parseDirSyncRequestControl,
  parseDirSyncResponseControl,
} from './dir-sync.ts';
import { makeExtendedDnControl, parseExtendedDnControl } from './extended-dn.ts';
import {
  makeAssertionControl,
  makeMatchedValuesControl,
  parseAssertionControl,
  parseMatchedValuesControl,
} from './filter-controls.ts';
import { makeFlagControl } from './flag-controls.ts';
import { makePagedResultsControl, parsePagedResultsControl } from './paged-results.ts';
import {
  makeEntryChangeControl,
  makePersistentSearchControl,
  parseEntryChangeControl,
  parsePersistentSearchControl,
} from './persistent-search.ts';
import {
  makeReadEntryRequestControl,
  makeReadEntryResponseControl,
  parseReadEntryRequestControl,
  parseReadEntryResponseControl,
} from './read-entry.ts';
import {
  makeSortRequestControl,
  makeSortResponseControl,
  parseSortRequestControl,
  parseSortResponseControl,
} from './server-sort.ts';
import { makeSyncRequestControl, parseSyncRequestControl } from './sync-request.ts';
import {
  makeSyncDoneControl,
  makeSyncStateControl,
  parseSyncDoneControl,
  parseSyncStateControl,
} from './sync-state.ts';

const NOTHING = Buffer.alloc(0);
const hex = (control: Control) => control.value?.toString('hex');
const fromHex = (text: string): Control => ({ oid: 'x', critical: false, value: Buffer.from(text, 'hex') });

describe('control values', () => {
  it.each([
    [0, 0, '30080201000201000400'],
    [DIR_SYNC_FLAG.objectSecurity, 1_048_576, '300a02010102031000000400'],
    [
      DIR_SYNC_FLAG.objectSecurity | DIR_SYNC_FLAG.ancestorsFirstOrder,
      1_048_576,
      '300b0202080102031000000400',
    ],
    [DIR_SYNC_FLAG.incrementalValues, 0, '300b0204800000000201000400'],
    [DIR_SYNC_FLAG.incrementalValues | DIR_SYNC_FLAG.objectSecurity, 0, '300b0204800000010201000400'],
    [0x8000_0801, 1_048_576, '300d02048000080102031000000400'],
  ])(
    'encodes DirSync with flags %i and %i octets as Active Directory wants it',
    (flags, maxBytes, expected) => {
      const control = makeDirSyncRequestControl({ flags, maxBytes, cookie: NOTHING });
      expect(hex(control)).toBe(expected);
      expect(parseDirSyncRequestControl(control)).toEqual({ flags: flags >>> 0, maxBytes, cookie: NOTHING });
    },
  );

  it('encodes paging and sync requests as published', () => {
    expect(hex(makePagedResultsControl({ size: 1000, cookie: NOTHING }))).toBe('3006020203e80400');
    expect(hex(makeSyncRequestControl({ mode: 'refreshOnly' }))).toBe('30030a0101');
    expect(hex(makeSyncRequestControl({ mode: 'refreshAndPersist', cookie: Buffer.from('abc') }))).toBe(
      '30080a01030403616263',
    );
  });

  it('reads the entry change notification with ENUMERATED and with INTEGER', () => {
    expect(parseEntryChangeControl(fromHex('30030a0104'))).toEqual({ changeType: 'modify' });
    expect(parseEntryChangeControl(fromHex('3003020104'))).toEqual({ changeType: 'modify' });
    const rename = { changeType: 'modifyDn', previousDn: 'cn=a', changeNumber: 70_000 } as const;
    expect(parseEntryChangeControl(makeEntryChangeControl(rename))).toEqual(rename);
    expect(() => parseEntryChangeControl(fromHex('30030a0103'))).toThrow(BerError);
  });

  it('gives back what each control was made with', () => {
    const cookie = Buffer.from([0, 255, 128]);
    const entryUuid = Buffer.from('030201000504070608090a0b0c0d0e0f', 'hex');
    expect(parsePagedResultsControl(makePagedResultsControl({ size: 7, cookie }))).toEqual({
      size: 7,
      cookie,
    });
    const answer = { moreResults: true, cookie };
    expect(parseDirSyncResponseControl(makeDirSyncResponseControl(answer))).toEqual(answer);
    expect(parseExtendedDnControl(makeExtendedDnControl('text'))).toBe('text');
    expect(parseExtendedDnControl({ oid: 'x', critical: false })).toBe('hex');
    const watch = { changeTypes: ['add', 'modifyDn'], changesOnly: true, returnEntryChanges: true } as const;
    expect(parsePersistentSearchControl(makePersistentSearchControl(watch))).toEqual(watch);
    const sync = { mode: 'refreshAndPersist', cookie, reloadHint: true } as const;
    expect(parseSyncRequestControl(makeSyncRequestControl(sync))).toEqual(sync);
    const state = { state: 'delete', entryUuid, cookie } as const;
    expect(parseSyncStateControl(makeSyncStateControl(state))).toEqual(state);
    const done = { refreshDeletes: true, cookie };
    expect(parseSyncDoneControl(makeSyncDoneControl(done))).toEqual(done);
    expect(parseSyncDoneControl(makeSyncDoneControl({ refreshDeletes: false }))).toEqual({
      refreshDeletes: false,
    });
    const keys = [{ attribute: 'sn', orderingRule: '2.5.13.3', reverse: true }];
    expect(parseSortRequestControl(makeSortRequestControl(keys))).toEqual(keys);
    const sorted = { resultCode: 16, attribute: 'sn' };
    expect(parseSortResponseControl(makeSortResponseControl(sorted))).toEqual(sorted);
    const filter = { kind: 'equality', attribute: 'cn', value: Buffer.from('x') } as const;
    expect(parseAssertionControl(makeAssertionControl(filter))).toEqual(filter);
    expect(parseMatchedValuesControl(makeMatchedValuesControl([filter, filter]))).toEqual([filter, filter]);
    expect(makeFlagControl('showDeleted')).toEqual({ oid: '1.2.840.113556.1.4.417', critical: true });
  });

  it('carries an entry in pre-read and post-read without its application tag (RFC 4527)', () => {
    expect(parseReadEntryRequestControl(makeReadEntryRequestControl('postRead', ['entryUUID', '*']))).toEqual(
      ['entryUUID', '*'],
    );
    const entry = {
      kind: 'searchEntry',
      dn: 'cn=a',
      attributes: [{ type: 'cn', values: [Buffer.from('a')] }],
    } as const;
    const control = makeReadEntryResponseControl('postRead', entry);
    expect(control.value?.[0]).toBe(0x30);
    expect(parseReadEntryResponseControl(control)).toEqual(entry);
  });

  it('answers any value with a result or a coded error', () => {
    const parsers = [
      parsePagedResultsControl,
      parseDirSyncRequestControl,
      parseDirSyncResponseControl,
      parseExtendedDnControl,
      parseReadEntryRequestControl,
      parseReadEntryResponseControl,
      parseAssertionControl,
      parseMatchedValuesControl,
      parsePersistentSearchControl,
      parseEntryChangeControl,
      parseSyncRequestControl,
      parseSyncStateControl,
      parseSyncDoneControl,
      parseSortRequestControl,
      parseSortResponseControl,
    ];
    const value = fc
      .uint8Array({ maxLength: 40 })
      .map((bytes) => Buffer.concat([Buffer.from([0x30, bytes.length]), bytes]));
    fc.assert(
      fc.property(fc.constantFrom(...parsers), fc.option(value, { nil: undefined }), (parse, bytes) => {
        try {
          parse({ oid: 'x', critical: true, ...(bytes === undefined ? {} : { value: bytes }) });
        } catch (error) {
          expect(error).toBeInstanceOf(BerError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
