import { TAG } from './ber-tag.ts';

/** What may be written as an OCTET STRING: text is encoded as UTF-8. */
export type OctetsInput = string | Uint8Array;

const MINIMUM_CAPACITY = 256;

/**
 * Writes BER into one growing buffer. A constructed element's length is patched in when it ends, so nothing is
 * built twice; lengths and integers come out in their shortest form, as DER has them.
 */
export class BerWriter {
  #bytes: Buffer;
  #position = 0;
  readonly #open: number[] = [];

  constructor(capacityBytes = MINIMUM_CAPACITY) {
    this.#bytes = Buffer.allocUnsafe(Math.max(capacityBytes, 16));
  }

  /** Opens a constructed element; `end` must follow. */
  begin(tag: number = TAG.sequence): void {
    this.#reserve(2);
    this.#bytes[this.#position] = tag;
    this.#position += 2;
    this.#open.push(this.#position);
  }

  /** Closes the innermost open element and patches its length. */
  end(): void {
    const start = this.#open.pop();
    if (start === undefined) throw new RangeError('end() without begin()');
    const length = this.#position - start;
    if (length < 0x80) {
      this.#bytes[start - 1] = length;
      return;
    }
    const extra = lengthOctets(length);
    this.#reserve(extra);
    this.#bytes.copyWithin(start + extra, start, this.#position);
    this.#bytes[start - 1] = 0x80 | extra;
    this.#bytes.writeUIntBE(length, start, extra);
    this.#position += extra;
  }

  boolean(value: boolean, tag: number = TAG.boolean): void {
    this.#reserve(3);
    this.#bytes[this.#position] = tag;
    this.#bytes[this.#position + 1] = 1;
    // RFC 4511 §5.1: TRUE is always 0xFF.
    this.#bytes[this.#position + 2] = value ? 0xff : 0;
    this.#position += 3;
  }

  /** Signed integer of at most six octets. */
  integer(value: number, tag: number = TAG.integer): void {
    if (!Number.isInteger(value)) throw new RangeError(`an integer expected, found ${value}`);
    let octets = 1;
    while (octets < 6 && (value < -(2 ** (8 * octets - 1)) || value >= 2 ** (8 * octets - 1))) octets += 1;
    this.#reserve(2 + octets);
    this.#bytes[this.#position] = tag;
    this.#bytes[this.#position + 1] = octets;
    this.#bytes.writeIntBE(value, this.#position + 2, octets);
    this.#position += 2 + octets;
  }

  enumerated(value: number, tag: number = TAG.enumerated): void {
    this.integer(value, tag);
  }

  null(tag: number = TAG.null): void {
    this.#header(tag, 0);
  }

  octets(value: OctetsInput, tag: number = TAG.octetString): void {
    if (typeof value === 'string') {
      const length = Buffer.byteLength(value);
      this.#header(tag, length);
      this.#bytes.write(value, this.#position, length, 'utf8');
      this.#position += length;
      return;
    }
    this.#header(tag, value.length);
    this.#bytes.set(value, this.#position);
    this.#position += value.length;
  }

  /** Puts bytes that are already BER. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  /** What has been written; the writer must not be used afterwards. */
  finish(): Buffer {
    if (this.#open.length > 0) throw new RangeError(`${this.#open.length} elements are still open`);
    return this.#bytes.subarray(0, this.#position);
  }

  #header(tag: number, length: number): void {
    const extra = length < 0x80 ? 0 : lengthOctets(length);
    this.#reserve(2 + extra + length);
    this.#bytes[this.#position] = tag;
    if (extra === 0) {
      this.#bytes[this.#position + 1] = length;
    } else {
      this.#bytes[this.#position + 1] = 0x80 | extra;
      this.#bytes.writeUIntBE(length, this.#position + 2, extra);
    }
    this.#position += 2 + extra;
  }

  #reserve(more: number): void {
    const needed = this.#position + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#position);
    this.#bytes = grown;
  }
}

function lengthOctets(length: number): number {
  if (length < 0x100) return 1;
  if (length < 0x10000) return 2;
  return length < 0x1000000 ? 3 : 4;
}
