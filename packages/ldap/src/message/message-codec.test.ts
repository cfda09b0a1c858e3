import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerError } from '../ber/ber-error.ts';
import type { Filter } from '../filter/filter.ts';
import type { LdapMessage, LdapRequest, LdapResponse, ModificationKind, PlainResponseOp } from './message.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const id = fc.integer({ min: 0, max: 2_147_483_647 });
const values = fc.record({ type: text, values: fc.array(bytes, { maxLength: 4 }) });
const result = {
  resultCode: fc.integer({ min: 0, max: 5000 }),
  matchedDn: text,
  diagnosticMessage: text,
  referrals: fc.array(text, { maxLength: 3 }),
};
const plainKinds: PlainResponseOp['kind'][] = [
  'searchDone',
  'modifyResponse',
  'addResponse',
  'deleteResponse',
  'modifyDnResponse',
  'compareResponse',
];
const modificationKinds: ModificationKind[] = ['add', 'delete', 'replace', 'increment'];

const filter = fc.letrec<{ filter: Filter; substrings: Filter }>((tie) => ({
  substrings: fc
    .record(
      {
        kind: fc.constant('substrings' as const),
        attribute: text,
        initial: bytes,
        any: fc.array(bytes),
        final: bytes,
      },
      { requiredKeys: ['kind', 'attribute', 'any'] },
    )
    .filter((value) => value.any.length > 0 || value.initial !== undefined || value.final !== undefined),
  filter: fc.oneof(
    { depthSize: 'small' },
    fc.record({ kind: fc.constant('present' as const), attribute: text }),
    fc.record({
      kind: fc.constantFrom('equality', 'greaterOrEqual', 'lessOrEqual', 'approx'),
      attribute: text,
      value: bytes,
    }),
    tie('substrings'),
    fc
      .record(
        {
          kind: fc.constant('extensible' as const),
          attribute: text,
          matchingRule: text,
          value: bytes,
          dnAttributes: fc.boolean(),
        },
        { requiredKeys: ['kind', 'value', 'dnAttributes'] },
      )
      .filter((value) => value.attribute !== undefined || value.matchingRule !== undefined),
    fc.record({ kind: fc.constantFrom('and', 'or'), filters: fc.array(tie('filter'), { maxLength: 4 }) }),
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
  ),
})).filter;

const request: fc.Arbitrary<LdapRequest<Buffer>> = fc.oneof(
  fc.record({
    kind: fc.constant('bindRequest' as const),
    version: fc.integer({ min: 1, max: 127 }),
    dn: text,
    authentication: fc.oneof(
      fc.record({ kind: fc.constant('simple' as const), password: bytes }),
      fc.record(
        { kind: fc.constant('sasl' as const), mechanism: text, credentials: bytes },
        { requiredKeys: ['kind', 'mechanism'] },
      ),
    ),
  }),
  fc.record({ kind: fc.constant('unbindRequest' as const) }),
  fc.record({
    kind: fc.constant('searchRequest' as const),
    base: text,
    scope: fc.constantFrom('base', 'one', 'sub'),
    derefAliases: fc.constantFrom('never', 'searching', 'finding', 'always'),
    sizeLimit: id,
    timeLimitSeconds: id,
    typesOnly: fc.boolean(),
    filter,
    attributes: fc.array(text, { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('modifyRequest' as const),
    dn: text,
    changes: fc.array(
      fc.record({ operation: fc.constantFrom(...modificationKinds), type: text, values: fc.array(bytes) }),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    kind: fc.constant('addRequest' as const),
    dn: text,
    attributes: fc.array(values, { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('deleteRequest' as const), dn: text }),
  fc.record(
    {
      kind: fc.constant('modifyDnRequest' as const),
      dn: text,
      newRdn: text,
      deleteOldRdn: fc.boolean(),
      newSuperior: text,
    },
    { requiredKeys: ['kind', 'dn', 'newRdn', 'deleteOldRdn'] },
  ),
  fc.record({ kind: fc.constant('compareRequest' as const), dn: text, attribute: text, value: bytes }),
  fc.record({ kind: fc.constant('abandonRequest' as const), messageId: id }),
  fc.record(
    { kind: fc.constant('extendedRequest' as const), oid: text, value: bytes },
    { requiredKeys: ['kind', 'oid'] },
  ),
);

const response: fc.Arbitrary<LdapResponse<Buffer>> = fc.oneof(
  fc.record(
    { kind: fc.constant('bindResponse' as const), ...result, serverSaslCredentials: bytes },
    { requiredKeys: ['kind', 'resultCode', 'matchedDn', 'diagnosticMessage', 'referrals'] },
  ),
  fc.record({
    kind: fc.constant('searchEntry' as const),
    dn: text,
    attributes: fc.array(values, { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('searchReference' as const), uris: fc.array(text, { maxLength: 3 }) }),
  fc.record({ kind: fc.constantFrom(...plainKinds), ...result }),
  fc.record(
    { kind: fc.constant('extendedResponse' as const), ...result, oid: text, value: bytes },
    { requiredKeys: ['kind', 'resultCode', 'matchedDn', 'diagnosticMessage', 'referrals'] },
  ),
  fc.record(
    { kind: fc.constant('intermediateResponse' as const), oid: text, value: bytes },
    { requiredKeys: ['kind'] },
  ),
);

const message: fc.Arbitrary<LdapMessage<Buffer>> = fc.record({
  messageId: id,
  op: fc.oneof(request, response),
  controls: fc.array(
    fc.record({ oid: text, critical: fc.boolean(), value: bytes }, { requiredKeys: ['oid', 'critical'] }),
    { maxLength: 3 },
  ),
});

describe('the message codec', () => {
  it('gives back every message that it encoded', () => {
    fc.assert(
      fc.property(message, (value) => {
        // Views into a pooled buffer differ from copies only in where they lie.
        expect(decodeMessage(encodeMessage(value))).toEqual({ ...value });
      }),
      { numRuns: 1500 },
    );
  });

  it('answers any bytes with a message or a coded error, nothing else', () => {
    const damaged = fc
      .tuple(
        message,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.nat(20),
      )
      .map(([value, damage, cut]) => {
        const encoded = Buffer.from(encodeMessage(value));
        for (const [at, octet] of damage) encoded[at % encoded.length] = octet;
        return encoded.subarray(0, encoded.length - Math.min(cut, encoded.length));
      });
    fc.assert(
      fc.property(fc.oneof(damaged, bytes), (input) => {
        try {
          decodeMessage(input);
        } catch (error) {
          expect(error).toBeInstanceOf(BerError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('encodes a simple bind as other implementations do', () => {
    const encoded = encodeMessage({
      messageId: 1,
      op: { kind: 'bindRequest', version: 3, dn: 'cn=a', authentication: { kind: 'simple', password: 'pw' } },
      controls: [],
    });
    expect(encoded.toString('hex')).toBe('3012020101600d02010304' + '04636e3d61' + '80027077');
  });

  it('encodes deletes and unbinds as primitive operations', () => {
    const encode = (op: LdapRequest) => encodeMessage({ messageId: 2, op, controls: [] }).toString('hex');
    expect(encode({ kind: 'unbindRequest' })).toBe('30050201024200');
    expect(encode({ kind: 'deleteRequest', dn: 'x' })).toBe('30060201024a0178');
    expect(encode({ kind: 'abandonRequest', messageId: 300 })).toBe('300702010250' + '02012c');
  });

  it('ignores unknown trailing components of a sequence (RFC 4511 §4)', () => {
    const encoded = Buffer.from('300f020101650a0a0100040004008a0141', 'hex');
    expect(decodeMessage(encoded).op).toMatchObject({ kind: 'searchDone', resultCode: 0 });
  });

  it('refuses a filter that nests without end before it exhausts the stack', () => {
    let inner = Buffer.from('870163', 'hex');
    for (let depth = 0; depth < 5000; depth += 1) {
      const length = inner.length;
      inner = Buffer.concat([
        Buffer.from([0xa2, 0x83, length >> 16, (length >> 8) & 255, length & 255]),
        inner,
      ]);
    }
    const head = Buffer.from('04000a01020a0100020100020100010100', 'hex');
    const wrap = (tag: number, content: Buffer) => {
      const header = Buffer.alloc(6);
      header[0] = tag;
      header[1] = 0x84;
      header.writeUInt32BE(content.length, 2);
      return Buffer.concat([header, content]);
    };
    const body = wrap(0x63, Buffer.concat([head, inner, Buffer.from('3000', 'hex')]));
    const whole = wrap(0x30, Buffer.concat([Buffer.from('020101', 'hex'), body]));
    expect(() => decodeMessage(whole)).toThrow(expect.objectContaining({ code: 'BER_TOO_DEEP' }));
  });

  it('names what is wrong with indefinite, oversized and trailing bytes', () => {
    const code = (hex: string) => {
      try {
        decodeMessage(Buffer.from(hex, 'hex'));
        return 'accepted';
      } catch (error) {
        return error instanceof BerError ? error.code : 'other';
      }
    };
    expect(code('3080020101420000')).toBe('BER_INDEFINITE_LENGTH');
    expect(code('30850000000005' + '0201014200')).toBe('BER_LENGTH_TOO_LONG');
    expect(code('30050201014200' + '00')).toBe('BER_TRAILING_DATA');
    expect(code('300502010142')).toBe('BER_TRUNCATED');
    expect(code('30060202ffff4200')).toBe('BER_BAD_VALUE');
    expect(code('31050201014200')).toBe('BER_UNEXPECTED_TAG');
    expect(code('3005020101' + '7f00')).toBe('BER_BAD_VALUE');
  });
});
