import { BerError } from '../ber/ber-error.ts';
import { TAG, tagName } from '../ber/ber-tag.ts';
import { contentLength, contentOffset } from './message-cursor.ts';

/** Octets after which a message's length is always known: tag, length octet, four octets of length. */
const LONGEST_HEADER = 6;

/**
 * Cuts a byte stream into whole LDAP messages. What is whole is handed on as views of the chunk it came in;
 * only a message that lies across chunks is copied, once, whatever the number of chunks.
 */
export class MessageFramer {
  readonly #maxMessageBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Octets of the message that `#pending` begins, 0 while its header is not whole. */
  #neededBytes = 0;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Octets held back because their message is not whole yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Takes the next chunk and returns the whole messages it completes: at most two buffers, each one or more
   * messages long. Throws a `BerError` for what cannot be LDAP or is longer than the limit; the stream is lost then.
   */
  push(chunk: Buffer): Buffer[] {
    const whole: Buffer[] = [];
    let rest = chunk;
    if (this.#pendingBytes > 0) {
      if (this.#neededBytes === 0) {
        rest = Buffer.concat([...this.#pending, chunk]);
        this.#clear();
      } else if (this.#pendingBytes + chunk.length < this.#neededBytes) {
        this.#hold(chunk);
        return whole;
      } else {
        const missing = this.#neededBytes - this.#pendingBytes;
        whole.push(Buffer.concat([...this.#pending, chunk.subarray(0, missing)], this.#neededBytes));
        rest = chunk.subarray(missing);
        this.#clear();
      }
    }
    let end = 0;
    for (;;) {
      const length = this.#messageLength(rest, end);
      if (length === 0 || end + length > rest.length) {
        this.#neededBytes = length;
        break;
      }
      end += length;
    }
    if (end > 0) whole.push(rest.subarray(0, end));
    if (end < rest.length) this.#hold(rest.subarray(end));
    return whole;
  }

  /** Total octets of the message at `start`, or 0 if too little of it is there to tell. */
  #messageLength(bytes: Buffer, start: number): number {
    const available = bytes.length - start;
    if (available <= 0) return 0;
    if (bytes[start] !== TAG.sequence) {
      throw new BerError(
        'BER_UNEXPECTED_TAG',
        start,
        `an LDAP message (tag ${tagName(TAG.sequence)}) expected, found tag ${tagName(bytes[start] ?? 0)}`,
      );
    }
    const lengthOctet = bytes[start + 1] ?? 0;
    const headerIsWhole =
      available >= LONGEST_HEADER ||
      (available >= 2 && (lengthOctet < 0x80 || available >= 2 + (lengthOctet & 0x7f)));
    if (!headerIsWhole) return 0;
    const length = contentOffset(bytes, start, bytes.length) - start + contentLength(bytes, start);
    if (length > this.#maxMessageBytes) {
      throw new BerError(
        'BER_LENGTH_TOO_LONG',
        start,
        `a message of ${length} octets, at most ${this.#maxMessageBytes} are accepted`,
      );
    }
    return length;
  }

  #hold(chunk: Buffer): void {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
  }

  #clear(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#neededBytes = 0;
  }
}
