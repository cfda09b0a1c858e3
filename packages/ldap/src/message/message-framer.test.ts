import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerError } from '../ber/ber-error.ts';
import { encodeMessage } from './message-codec.ts';
import { MessageCursor } from './message-cursor.ts';
import { MessageFramer } from './message-framer.ts';

const message = (messageId: number, length: number): Buffer =>
  encodeMessage({ messageId, op: { kind: 'deleteRequest', dn: 'x'.repeat(length) }, controls: [] });

describe('the framer', () => {
  it('finds the same messages wherever the chunks are cut', () => {
    const lengths = fc.array(fc.oneof(fc.nat(130), fc.nat(70_000)), { minLength: 1, maxLength: 12 });
    const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 70_000 })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(lengths, cuts, (sizes, steps) => {
        const stream = Buffer.concat(sizes.map((size, at) => message(at + 1, size)));
        const framer = new MessageFramer(1 << 20);
        const whole: Buffer[] = [];
        const found: [number, number][] = [];
        let at = 0;
        for (const step of [...steps, stream.length]) {
          for (const bytes of framer.push(stream.subarray(at, at + step))) {
            whole.push(bytes);
            const cursor = new MessageCursor(bytes);
            while (cursor.next()) found.push([cursor.messageId, cursor.contentEnd - cursor.contentStart]);
          }
          at += step;
        }
        expect(found).toEqual(sizes.map((size, index) => [index + 1, size]));
        expect(Buffer.concat(whole).equals(stream)).toBe(true);
        expect(framer.pendingBytes).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('hands whole messages on as a view of the chunk', () => {
    const chunk = Buffer.concat([message(1, 5), message(2, 5), message(3, 5).subarray(0, 4)]);
    const [whole, ...others] = new MessageFramer(1000).push(chunk);
    expect(others).toEqual([]);
    expect(whole?.buffer).toBe(chunk.buffer);
    expect(whole?.byteOffset).toBe(chunk.byteOffset);
  });

  it('copies a message of many chunks once', () => {
    const long = message(1, 500_000);
    const framer = new MessageFramer(1 << 20);
    const whole: Buffer[] = [];
    for (let at = 0; at < long.length; at += 1000) whole.push(...framer.push(long.subarray(at, at + 1000)));
    expect(whole).toHaveLength(1);
    expect(whole[0]?.equals(long)).toBe(true);
  });

  it('refuses a message over the limit when its length is known, not when it is there', () => {
    const framer = new MessageFramer(1000);
    expect(() => framer.push(message(1, 2000).subarray(0, 6))).toThrow(
      expect.objectContaining({ code: 'BER_LENGTH_TOO_LONG' }),
    );
  });

  it('answers any bytes with messages or a coded error', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 }), (chunks) => {
        const framer = new MessageFramer(10_000);
        try {
          for (const chunk of chunks) {
            for (const whole of framer.push(Buffer.from(chunk))) {
              const cursor = new MessageCursor(whole);
              while (cursor.next()) expect(cursor.end).toBeLessThanOrEqual(whole.length);
            }
          }
        } catch (error) {
          expect(error).toBeInstanceOf(BerError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
