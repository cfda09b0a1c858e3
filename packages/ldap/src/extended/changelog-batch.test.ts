import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerError } from '../ber/ber-error.ts';
import {
  type ChangelogBatchRequest,
  type ChangelogChangeType,
  type ChangelogSelection,
  type ChangelogStart,
  encodeChangelogBatchRequest,
  parseChangelogBatchRequest,
} from './changelog-batch-request.ts';
import {
  encodeChangelogBatchEntry,
  encodeChangelogBatchResult,
  encodeMissingChanges,
  parseChangelogBatchEntry,
  parseChangelogBatchResult,
  parseMissingChanges,
} from './changelog-batch-response.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const octets = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const names = fc.array(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), {
  minLength: 1,
  maxLength: 4,
});
const types: readonly ChangelogChangeType[] = ['add', 'delete', 'modify', 'modifyDn'];

const start: fc.Arbitrary<ChangelogStart> = fc.oneof(
  octets.map((token) => ({ kind: 'token' as const, token })),
  fc.string({ unit: 'grapheme' }).map((csn) => ({ kind: 'csn' as const, csn })),
  fc.constantFrom({ kind: 'beginning' as const }, { kind: 'end' as const }),
  fc.integer({ min: 0, max: 4e12 }).map((atMs) => ({ kind: 'time' as const, atMs })),
);
const selection: fc.Arbitrary<ChangelogSelection> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('anyAttributes' as const, 'allAttributes' as const),
    attributes: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('ignoreAttributes' as const),
    attributes: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
    ignoreOperational: fc.boolean(),
  }),
  fc.uuid().map((entryUuid) => ({ kind: 'notificationDestination' as const, entryUuid })),
);
const request: fc.Arbitrary<ChangelogBatchRequest> = fc.record(
  {
    start,
    maxChanges: fc.nat(),
    maxWaitMs: fc.integer({ min: 1, max: 2 ** 31 }),
    waitForMaxChanges: fc.constant(true),
    includeBases: names,
    excludeBases: names,
    changeTypes: fc.subarray([...types], { minLength: 1 }),
    continueOnMissingChanges: fc.constant(true),
    pareEntriesForUserDn: fc.string({ unit: 'grapheme' }),
    selection,
    includeSoftDeletedEntryMods: fc.constant(true),
    includeSoftDeletedEntryDeletes: fc.constant(true),
  },
  { requiredKeys: ['start', 'maxChanges'] },
);

describe('the request for a batch of the changelog', () => {
  it('has the octets the protocol says', () => {
    const encode = (value: ChangelogBatchRequest) => encodeChangelogBatchRequest(value).toString('hex');
    expect(encode({ start: { kind: 'beginning' }, maxChanges: 1000, maxWaitMs: 5000 })).toBe(
      '300a8200020203e880021388',
    );
    expect(encode({ start: { kind: 'token', token: hex('beef') }, maxChanges: 1 })).toBe(
      '30078002beef020101',
    );
    expect(
      encode({
        start: { kind: 'end' },
        maxChanges: 0,
        changeTypes: ['modifyDn', 'add'],
        selection: { kind: 'anyAttributes', attributes: ['uid'] },
      }),
    ).toBe('30168300020100a4060a01000a0103a707a10504037569' + '64');
  });

  it('comes out as it went in', () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(parseChangelogBatchRequest(encodeChangelogBatchRequest(value))).toEqual(value);
      }),
    );
  });

  it('leaves defaults out and takes nonsense limits as none', () => {
    const value = { start: { kind: 'end' }, maxChanges: -3, maxWaitMs: 0, waitForMaxChanges: false } as const;
    expect(parseChangelogBatchRequest(encodeChangelogBatchRequest(value))).toEqual({
      start: { kind: 'end' },
      maxChanges: 0,
    });
  });

  it.each([
    ['nothing', ''],
    ['no starting point', '3003020101'],
    ['an unknown starting point', '30058500020101'],
    ['a time that is none', '30098404787878780201' + '01'],
    ['an unknown change type', '300a8300020101a4030a0104'],
    ['unknown selection criteria', '30098300020101a7028900'],
    ['octets behind it', '3005830002010100'],
  ])('is refused with a coded error for %s', (_what, text) => {
    expect(() => parseChangelogBatchRequest(hex(text))).toThrow(BerError);
  });
});

describe('the answers to it', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(
        fc.record({
          resumeToken: octets,
          serverId: fc.string({ unit: 'grapheme' }),
          dn: fc.string({ unit: 'grapheme' }),
          attributes: fc.array(
            fc.record({ type: fc.string({ unit: 'grapheme' }), values: fc.array(octets, { maxLength: 3 }) }),
            { maxLength: 4 },
          ),
        }),
        fc.record(
          {
            resumeToken: octets,
            moreChangesAvailable: fc.boolean(),
            changesAlreadyPurged: fc.boolean(),
            additionalInfo: fc.string({ unit: 'grapheme' }),
            estimatedChangesRemaining: fc.nat(),
          },
          { requiredKeys: ['moreChangesAvailable', 'changesAlreadyPurged'] },
        ),
        fc.string({ unit: 'grapheme' }),
        (entry, result, message) => {
          expect(parseChangelogBatchEntry(encodeChangelogBatchEntry(entry))).toEqual(entry);
          expect(parseChangelogBatchResult(encodeChangelogBatchResult(result))).toEqual(result);
          expect(parseMissingChanges(encodeMissingChanges(message))).toBe(message);
        },
      ),
    );
    expect(parseMissingChanges(undefined)).toBeUndefined();
  });

  it('may say things in any order, and things that are not known', () => {
    // [4] 7, [9] unknown, [1] TRUE, [0] "ab"
    expect(parseChangelogBatchResult(hex('300c840107890081' + '01ff80026162'))).toEqual({
      resumeToken: Buffer.from('ab'),
      moreChangesAvailable: true,
      changesAlreadyPurged: false,
      estimatedChangesRemaining: 7,
    });
  });

  it('must say whether more changes are there', () => {
    expect(() => parseChangelogBatchResult(hex('300480026162'))).toThrow(BerError);
  });

  it('are read or refused with a coded error, whatever the octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const parse of [
          parseChangelogBatchRequest,
          parseChangelogBatchEntry,
          parseChangelogBatchResult,
          parseMissingChanges,
        ]) {
          try {
            parse(Buffer.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(BerError);
          }
        }
      }),
    );
  });
});
