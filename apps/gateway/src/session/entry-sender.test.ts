import { decodeFrame, MAX_FRAME_BYTES } from '@sallyport/contract';
import type { SearchOutcome, SearchStream } from '@sallyport/ldap';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EntrySender } from './entry-sender.ts';
import { FramePool } from './frame-pool.ts';

function streamOf(batches: Iterable<Buffer>, onReturn?: () => void): SearchStream {
  async function* read() {
    try {
      yield* batches;
    } finally {
      onReturn?.();
    }
  }
  return Object.assign(read(), { outcome: new Promise<SearchOutcome>(() => undefined) });
}

it('sends every byte in order, never more than its credit and one frame, whatever the sizes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 300_000 }),
      async (sizes, creditBytes) => {
        const batches = sizes.map((size, index) => Buffer.alloc(size, index + 1));
        const pool = new FramePool();
        let granted = creditBytes;
        let sentBytes = 0;
        const received: Buffer[] = [];
        const sender = new EntrySender({
          streamId: 7,
          creditBytes,
          signal: new AbortController().signal,
          pool,
          send: (frame, onSent) => {
            const { payload, streamId } = decodeFrame(Buffer.from(frame));
            setImmediate(() => {
              frame.fill(0xff);
              onSent();
            });
            expect(streamId).toBe(7);
            expect(sentBytes).toBeLessThan(granted);
            sentBytes += payload.length;
            received.push(payload);
            setImmediate(() => {
              granted += payload.length;
              sender.credit(payload.length);
            });
            return undefined;
          },
        });
        await sender.sendAll(streamOf(batches));
        expect(Buffer.concat(received).equals(Buffer.concat(batches))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

it('cuts what is longer than a frame and marks all parts but the last', async () => {
  const frames: { partial: boolean; bytes: number }[] = [];
  const sender = new EntrySender({
    streamId: 1,
    creditBytes: 10_000_000,
    pool: new FramePool(),
    signal: new AbortController().signal,
    send: (frame) => {
      expect(frame.length).toBeLessThanOrEqual(MAX_FRAME_BYTES);
      const { partial, payload } = decodeFrame(frame);
      frames.push({ partial, bytes: payload.length });
      return undefined;
    },
  });
  await sender.sendAll(streamOf([Buffer.alloc(2.5 * MAX_FRAME_BYTES)]));
  expect(frames.map((frame) => frame.partial)).toEqual([true, true, false]);
  expect(frames.reduce((sum, frame) => sum + frame.bytes, 0)).toBe(2.5 * MAX_FRAME_BYTES);
});

it('leaves the search when it is cancelled while it waits for credit', async () => {
  const abort = new AbortController();
  let left = false;
  const sender = new EntrySender({
    streamId: 1,
    creditBytes: 1,
    pool: new FramePool(),
    signal: abort.signal,
    send: () => undefined,
  });
  const batches = Array.from({ length: 9 }, () => Buffer.alloc(100_000));
  const sending = sender.sendAll(streamOf(batches, () => (left = true)));
  abort.abort(new Error('nobody waits'));
  await expect(sending).rejects.toThrow('nobody waits');
  expect(left).toBe(true);
});
