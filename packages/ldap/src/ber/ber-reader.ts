import { BerError } from './ber-error.ts';
import { type BerLimits, DEFAULT_BER_LIMITS } from './ber-limits.ts';
import { TAG, tagName } from './ber-tag.ts';
import { utf8Text } from './buffer-text.ts';

/**
 * Reads BER as LDAP restricts it (RFC 4511 §5.1): definite lengths, primitive strings, single-octet tags.
 * Works in place over one buffer; octet strings come back as views, so they live as long as the buffer does.
 * Every fault is a `BerError`; nothing else is thrown.
 */
export class BerReader {
  readonly #bytes: Buffer;
  readonly #limits: BerLimits;
  readonly #outerEnds: number[] = [];
  #position: number;
  #end: number;
  #elements = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length, limits: BerLimits = DEFAULT_BER_LIMITS) {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
    this.#limits = limits;
  }

  /** Offset in the buffer of the next octet. */
  get position(): number {
    return this.#position;
  }

  /** True while the innermost entered element has content left. */
  get hasMore(): boolean {
    return this.#position < this.#end;
  }

  /** The next element's tag, or undefined at the end of the innermost element. */
  peekTag(): number | undefined {
    return this.#position < this.#end ? this.#bytes[this.#position] : undefined;
  }

  /** Goes into a constructed element; `leave` must follow. */
  enter(tag: number): void {
    const length = this.#header(tag);
    if (this.#outerEnds.length >= this.#limits.maxDepth) {
      throw this.#fail('BER_TOO_DEEP', `elements are nested deeper than ${this.#limits.maxDepth}`);
    }
    this.#outerEnds.push(this.#end);
    this.#end = this.#position + length;
  }

  /**
   * Leaves the innermost element. What is left of it is skipped: RFC 4511 §4 tells implementations to ignore
   * unknown trailing components of an extensible sequence.
   */
  leave(): void {
    const outer = this.#outerEnds.pop();
    if (outer === undefined) throw this.#fail('BER_BAD_VALUE', 'no element to leave');
    this.#position = this.#end;
    this.#end = outer;
  }

  readBoolean(tag: number = TAG.boolean): boolean {
    const length = this.#header(tag);
    if (length !== 1) throw this.#fail('BER_BAD_VALUE', `a BOOLEAN has 1 octet, found ${length}`);
    const value = this.#bytes[this.#position];
    this.#position += 1;
    return value !== 0;
  }

  /** Signed integer of at most six octets, so it is always exact as a number. */
  readInteger(tag: number = TAG.integer): number {
    const length = this.#header(tag);
    if (length < 1 || length > 6) {
      throw this.#fail('BER_BAD_VALUE', `an INTEGER of 1 to 6 octets expected, found ${length}`);
    }
    const value = this.#bytes.readIntBE(this.#position, length);
    this.#position += length;
    return value;
  }

  readEnumerated(tag: number = TAG.enumerated): number {
    return this.readInteger(tag);
  }

  readNull(tag: number = TAG.null): void {
    const length = this.#header(tag);
    if (length !== 0) throw this.#fail('BER_BAD_VALUE', `a NULL is empty, found ${length} octets`);
  }

  /** The content octets as a view into the buffer. */
  readOctets(tag: number = TAG.octetString): Buffer {
    const length = this.#header(tag);
    const start = this.#position;
    this.#position = start + length;
    return this.#bytes.subarray(start, this.#position);
  }

  readString(tag: number = TAG.octetString): string {
    const length = this.#header(tag);
    const start = this.#position;
    this.#position = start + length;
    return utf8Text(this.#bytes, start, this.#position);
  }

  /** Passes over one element, whatever it is, and returns it whole (tag and length included). */
  readElement(): Buffer {
    const start = this.#position;
    const length = this.#header(undefined);
    this.#position += length;
    return this.#bytes.subarray(start, this.#position);
  }

  /** Fails unless the buffer has been used up. */
  assertEnd(): void {
    if (this.#position < this.#end) {
      throw this.#fail('BER_TRAILING_DATA', `${this.#end - this.#position} octets too many`);
    }
  }

  /** An error for a value that is well-formed BER but not what the protocol allows here. */
  invalid(message: string): BerError {
    return this.#fail('BER_BAD_VALUE', message);
  }

  #header(tag: number | undefined): number {
    const bytes = this.#bytes;
    let position = this.#position;
    this.#elements += 1;
    if (this.#elements > this.#limits.maxElements) {
      throw this.#fail('BER_TOO_MANY_ELEMENTS', `more than ${this.#limits.maxElements} elements`);
    }
    if (position + 2 > this.#end) throw this.#fail('BER_TRUNCATED', 'an element is cut off in its header');
    const found = bytes[position] ?? 0;
    if (tag !== undefined && found !== tag) {
      throw this.#fail('BER_UNEXPECTED_TAG', `tag ${tagName(tag)} expected, found ${tagName(found)}`);
    }
    let length = bytes[position + 1] ?? 0;
    position += 2;
    if (length > 0x7f) {
      const octets = length & 0x7f;
      if (octets === 0) {
        throw this.#fail('BER_INDEFINITE_LENGTH', 'an indefinite length, which LDAP forbids (RFC 4511 §5.1)');
      }
      if (octets > 4)
        throw this.#fail('BER_LENGTH_TOO_LONG', `a length of ${octets} octets, at most 4 allowed`);
      if (position + octets > this.#end)
        throw this.#fail('BER_TRUNCATED', 'an element is cut off in its length');
      length = bytes.readUIntBE(position, octets);
      position += octets;
    }
    if (length > this.#limits.maxLengthBytes) {
      throw this.#fail(
        'BER_LENGTH_TOO_LONG',
        `${length} octets, at most ${this.#limits.maxLengthBytes} allowed`,
      );
    }
    if (length > this.#end - position) {
      throw this.#fail('BER_TRUNCATED', `${length} octets announced, ${this.#end - position} present`);
    }
    this.#position = position;
    return length;
  }

  #fail(code: ConstructorParameters<typeof BerError>[0], message: string): BerError {
    return new BerError(code, this.#position, message);
  }
}
