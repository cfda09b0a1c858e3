import {
  FRAME_HEADER_BYTES,
  FRAME_TARGET_BYTES,
  MAX_FRAME_BYTES,
  writeFrameHeader,
} from '@sallyport/contract';
import type { FramePool } from './frame-pool.ts';

export interface EntrySenderSettings {
  readonly streamId: number;
  /** Credit the server gave with the search, in bytes of payload. */
  readonly creditBytes: number;
  /** Sends one binary frame; a promise says that the line is full and when it is not any more. */
  readonly send: (frame: Buffer, onSent: () => void) => Promise<void> | undefined;
  readonly pool: FramePool;
  readonly signal: AbortSignal;
}

const MAX_PAYLOAD_BYTES = MAX_FRAME_BYTES - FRAME_HEADER_BYTES;

/**
 * Puts the PDUs of one search or extended stream into frames and sends them while there is credit. The directory is read no faster than that, so
 * a slow server costs no memory here. Small pieces are gathered up to the target size as long as more is at hand; each
 * byte is copied once, into its frame.
 */
export class EntrySender {
  readonly #settings: EntrySenderSettings;
  #creditBytes: number;
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #wake: (() => void) | undefined;

  constructor(settings: EntrySenderSettings) {
    this.#settings = settings;
    this.#creditBytes = settings.creditBytes;
    settings.signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  /** The server takes so many more bytes. */
  credit(bytes: number): void {
    this.#creditBytes += bytes;
    this.#wake?.();
  }

  /** Sends everything the stream brings. Rejects as the stream does, or with the signal's reason. */
  async sendAll(stream: AsyncIterable<Buffer>): Promise<void> {
    const entries = stream[Symbol.asyncIterator]();
    try {
      for (;;) {
        const coming = entries.next();
        // What is gathered waits for more only if more is here already: a trickle is passed on as it comes.
        if (this.#gatheredBytes > 0 && !(await isAtHand(coming))) await this.#flush();
        const { done, value } = await coming;
        if (done === true) break;
        this.#gathered.push(value);
        this.#gatheredBytes += value.length;
        if (this.#gatheredBytes >= FRAME_TARGET_BYTES) await this.#flush();
      }
      await this.#flush();
    } catch (error) {
      await entries.return?.();
      throw error;
    }
  }

  async #flush(): Promise<void> {
    const parts = this.#gathered;
    let left = this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    if (left === 0) return;
    if (left <= MAX_PAYLOAD_BYTES) {
      await this.#send(parts, left, false);
      return;
    }
    // One entry longer than a frame, e.g. a group of many thousand members.
    const all = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, left);
    for (let start = 0; left > 0; start += MAX_PAYLOAD_BYTES) {
      const piece = all.subarray(start, start + MAX_PAYLOAD_BYTES);
      left -= piece.length;
      await this.#send([piece], piece.length, left > 0);
    }
  }

  async #send(parts: readonly Buffer[], bytes: number, partial: boolean): Promise<void> {
    const { streamId, send, signal, pool } = this.#settings;
    while (this.#creditBytes <= 0) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    signal.throwIfAborted();
    const buffer = pool.take(FRAME_HEADER_BYTES + bytes);
    const frame = buffer.subarray(0, FRAME_HEADER_BYTES + bytes);
    writeFrameHeader(frame, streamId, partial);
    let at = FRAME_HEADER_BYTES;
    for (const part of parts) {
      frame.set(part, at);
      at += part.length;
    }
    this.#creditBytes -= bytes;
    await send(frame, () => pool.giveBack(buffer));
  }
}

/** True if the promise settles before the event loop turns. */
function isAtHand(coming: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const turn = setImmediate(() => resolve(false));
    const settled = (): void => {
      clearImmediate(turn);
      resolve(true);
    };
    coming.then(settled, settled);
  });
}
