import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerError } from '../ber/ber-error.ts';
import { makeSyncStateControl, parseSyncStateControl } from '../control/sync-state.ts';
import type { AttributeValues, Control } from '../message/message.ts';
import { encodeMessage } from '../message/message-codec.ts';
import { EntryBatch } from './entry-batch.ts';
import type { LazyEntry } from './lazy-entry.ts';

function encodeEntry(dn: string, attributes: readonly AttributeValues[], controls: Control[] = []): Buffer {
  return encodeMessage({ messageId: 5, op: { kind: 'searchEntry', dn, attributes }, controls });
}

function only(bytes: Buffer): LazyEntry {
  const [entry] = new EntryBatch(bytes).entries();
  if (entry === undefined) throw new Error('no entry');
  return entry;
}

const GUID = Buffer.from('000102030405060708090a0b0c0d0eff', 'hex');

describe('a lazy entry', () => {
  const entry = only(
    encodeEntry('CN=Silva\\, Ana,DC=corp', [
      { type: 'displayName', values: ['Silva, Ana'] },
      { type: 'mail', values: ['ana@corp.example', 'änä@corp.example'] },
      { type: 'objectGUID', values: [GUID] },
      { type: 'description', values: [] },
      { type: 'cn;lang-de', values: ['Ana auf Deutsch'] },
      { type: 'userCertificate;binary', values: [Buffer.from([1])] },
    ]),
  );

  it('gives what is asked for, whatever the case of the name', () => {
    expect(entry.dn).toBe('CN=Silva\\, Ana,DC=corp');
    expect(entry.first('DISPLAYNAME')).toBe('Silva, Ana');
    expect(entry.values('mail')).toEqual(['ana@corp.example', 'änä@corp.example']);
    expect(entry.bytes('objectguid')?.equals(GUID)).toBe(true);
    expect(entry.allBytes('mail').map(String)).toEqual(['ana@corp.example', 'änä@corp.example']);
    expect(entry.count('mail')).toBe(2);
    expect(entry.attributeNames()).toContain('userCertificate;binary');
  });

  it('tells an attribute without values from one that was not sent', () => {
    expect([entry.has('description'), entry.count('description'), entry.values('description')]).toEqual([
      true,
      0,
      [],
    ]);
    expect([entry.has('title'), entry.count('title'), entry.first('title')]).toEqual([false, 0, undefined]);
    expect(entry.first('description')).toBeUndefined();
  });

  it('understands options', () => {
    expect(entry.has('cn')).toBe(false);
    expect(entry.first('CN;Lang-DE')).toBe('Ana auf Deutsch');
    expect(entry.has('usercertificate')).toBe(true);
    expect(entry.has('userCertificate;binary')).toBe(true);
  });

  it('takes the range with values, not the empty attribute beside it', () => {
    const group = only(
      encodeEntry('CN=g', [
        { type: 'member', values: [] },
        { type: 'member;range=0-1', values: ['a', 'b'] },
      ]),
    );
    expect(group.range('member')).toEqual({ first: 0, last: 1 });
    expect(group.count('member')).toBe(2);
    expect(() => group.values('member')).toThrow(expect.objectContaining({ code: 'LDAP_RANGE_INCOMPLETE' }));
    expect(group.values('member;range=0-1')).toEqual(['a', 'b']);
    expect(only(encodeEntry('CN=g', [{ type: 'member;range=0-*', values: ['a'] }])).values('member')).toEqual(
      ['a'],
    );
  });

  it('reads its controls, and leaves them out of the bytes to compare', () => {
    const state = { state: 'add', entryUuid: GUID } as const;
    const attributes = [{ type: 'cn', values: ['a'] }];
    const plain = only(encodeEntry('cn=a', attributes));
    const synced = only(encodeEntry('cn=a', attributes, [makeSyncStateControl(state)]));
    expect(plain.controls()).toEqual([]);
    expect(synced.controls().map(parseSyncStateControl)).toEqual([state]);
    expect(synced.rawAttributes.equals(plain.rawAttributes)).toBe(true);
    expect(synced.raw.length).toBeGreaterThan(plain.raw.length);
  });

  it('reads many entries with as many attributes as they have', () => {
    const attribute = fc.record({
      type: fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
      values: fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 5 }),
    });
    const entryOf = fc.record({
      dn: fc.string({ unit: 'grapheme', maxLength: 30 }),
      attributes: fc.uniqueArray(attribute, { selector: ({ type }) => type, maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(entryOf, { maxLength: 20 }), (entries) => {
        const batch = new EntryBatch(
          Buffer.concat(entries.map(({ dn, attributes }) => encodeEntry(dn, attributes))),
        );
        const read = [...batch.entries()];
        expect(batch.countEntries()).toBe(entries.length);
        // Read in another order than they came: each keeps its own place in the shared index.
        for (const at of [...entries.keys()].reverse()) {
          expect(read[at]?.dn).toBe(entries[at]?.dn);
          for (const { type, values } of entries[at]?.attributes ?? []) {
            expect(read[at]?.values(type.toUpperCase())).toEqual(values);
            expect(read[at]?.first(type)).toBe(values[0]);
          }
        }
        expect(
          read.map((each) => each.attributes().map(({ type, values }) => [type, values.map(String)])),
        ).toEqual(entries.map(({ attributes }) => attributes.map(({ type, values }) => [type, values])));
      }),
      { numRuns: 200 },
    );
  });

  it('answers damaged bytes with a coded error and never reads beyond the message', () => {
    const bytes = Buffer.concat([
      encodeEntry('cn=a', [
        { type: 'cn', values: ['a', 'b'] },
        { type: 'mail', values: ['x@y'] },
      ]),
      encodeEntry('cn=b', []),
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 5 }),
        (damage) => {
          const damaged = Buffer.from(bytes);
          for (const [at, octet] of damage) damaged[at % damaged.length] = octet;
          try {
            for (const item of new EntryBatch(damaged).items()) {
              if (item.kind !== 'entry') continue;
              item.values('mail');
              item.count('cn');
              item.attributes();
              item.controls();
              expect(item.raw.length).toBeLessThanOrEqual(damaged.length);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(BerError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
