import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractShapeHash } from './contract-shape.ts';
import { decodeFrame, encodeFrame, FRAME_HEADER_BYTES, MAX_STREAM_ID } from './frame.ts';
import { MAX_FRAME_BYTES } from './protocol.ts';
import { readDownMessage, readUpMessage } from './read-message.ts';
import { CONTRACT_REVISION, VERSION_HISTORY } from './version-history.ts';

describe('the gateway contract', () => {
  it('has no shape that its revision does not know', () => {
    expect(
      VERSION_HISTORY.at(-1)?.shapeSha256,
      'The shape of the messages changed. If the last revision was released, add a new one; else correct its hash.',
    ).toBe(contractShapeHash());
    expect(VERSION_HISTORY.map((entry) => entry.revision)).toEqual(
      VERSION_HISTORY.map((_, index) => index + 1),
    );
    expect(CONTRACT_REVISION).toBe(VERSION_HISTORY.length);
  });

  it('reads a message and drops fields it does not know', () => {
    expect(readDownMessage('{"type":"cancel","id":7,"because":"newer server"}')).toEqual({
      kind: 'message',
      message: { type: 'cancel', id: 7 },
    });
  });

  it('tells a message of a newer peer from a broken one', () => {
    expect(readDownMessage('{"type":"teleport","id":9}')).toEqual({
      kind: 'unknown',
      type: 'teleport',
      id: 9,
    });
    expect(readUpMessage('{"type":"result","id":9}')).toMatchObject({ kind: 'invalid', id: 9 });
    expect(readUpMessage('[]')).toMatchObject({ kind: 'invalid', id: undefined });
    expect(readUpMessage('{')).toEqual({ kind: 'invalid', id: undefined, faults: ['not JSON'] });
  });

  it('never repeats a value when it reports faults', () => {
    const read = readDownMessage(
      JSON.stringify({ type: 'bind', id: 'hunter2', dn: 'uid=a', password: { hunter2: 'hunter2' } }),
    );
    expect(read.kind).toBe('invalid');
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  it('refuses a bind without a password, which a server would take as anonymous', () => {
    expect(readDownMessage('{"type":"bind","id":1,"dn":"uid=a","password":""}').kind).toBe('invalid');
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(['message', 'unknown', 'invalid']).toContain(readUpMessage(text).kind);
        expect(['message', 'unknown', 'invalid']).toContain(readDownMessage(text).kind);
      }),
    );
  });
});

describe('a binary frame', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_STREAM_ID }),
        fc.boolean(),
        fc.uint8Array({ minLength: 1, maxLength: 2_000 }),
        (streamId, partial, payload) => {
          const frame = { streamId, partial, payload: Buffer.from(payload) };
          expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
        },
      ),
    );
  });

  it('is refused with a RangeError or read, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        try {
          expect(encodeFrame(decodeFrame(buffer))).toEqual(buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('has limits', () => {
    const frame = encodeFrame({ streamId: 1, partial: false, payload: Buffer.alloc(MAX_FRAME_BYTES) });
    expect(() => decodeFrame(frame)).toThrow(/at most/);
    expect(() => decodeFrame(frame.subarray(0, FRAME_HEADER_BYTES))).toThrow(/expected/);
    frame[1] = 0x82;
    expect(() => decodeFrame(frame.subarray(0, 20))).toThrow(/flags/);
    expect(() => encodeFrame({ streamId: 0, partial: false, payload: Buffer.of(1) })).toThrow(RangeError);
  });
});
