import { FRAME_HEADER_BYTES, FRAME_TARGET_BYTES } from '@sallyport/contract';

/** Room for a frame at its target size plus the socket chunk that made it full. */
const FRAME_BYTES = FRAME_HEADER_BYTES + 2 * FRAME_TARGET_BYTES;
/** Frames kept for the next use: what a line that is not full has under way. */
const MAX_KEPT = 32;

/**
 * Buffers that frames are built in, used again when they have been sent. A search of a large directory makes thousands
 * of frames; as garbage, each would be memory outside the heap that only a full collection gives back.
 */
export class FramePool {
  readonly #kept: Buffer[] = [];

  /** A buffer of at least so many bytes. */
  take(bytes: number): Buffer {
    if (bytes > FRAME_BYTES) return Buffer.allocUnsafeSlow(bytes);
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(FRAME_BYTES);
  }

  /** The frame's bytes have left this process: nobody reads the buffer any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length === FRAME_BYTES && this.#kept.length < MAX_KEPT) this.#kept.push(buffer);
  }
}
