/**
 * Servers write entry by entry, and a fast reader gets them one by one. Joining them up to this size spares everyone
 * downstream the handling of thousands of tiny buffers.
 */
const BATCH_BYTES = 64 * 1024;

/** Received buffers in order, given out in batches: small ones joined, a large one as the view it is. */
export class BatchQueue {
  readonly #buffers: Buffer[] = [];
  #bytes = 0;

  /** Octets waiting. */
  get bytes(): number {
    return this.#bytes;
  }

  get hasFullBatch(): boolean {
    return this.#bytes >= BATCH_BYTES;
  }

  push(buffer: Buffer): void {
    this.#buffers.push(buffer);
    this.#bytes += buffer.length;
  }

  /** The next batch; empty if nothing waits. */
  take(): Buffer {
    let count = 0;
    let length = 0;
    for (const buffer of this.#buffers) {
      if (count > 0 && length + buffer.length > BATCH_BYTES) break;
      count += 1;
      length += buffer.length;
    }
    const taken = this.#buffers.splice(0, count);
    const [first] = taken;
    this.#bytes -= length;
    return count === 1 && first !== undefined ? first : Buffer.concat(taken, length);
  }

  clear(): void {
    this.#buffers.length = 0;
    this.#bytes = 0;
  }
}
