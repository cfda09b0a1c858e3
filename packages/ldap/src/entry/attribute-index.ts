import { BerError } from '../ber/ber-error.ts';
import { TAG, tagName } from '../ber/ber-tag.ts';
import { contentLength, contentOffset } from '../message/message-cursor.ts';
import type { AttributeNames } from './attribute-names.ts';

/** Numbers kept for each attribute: its name, and where its values start and end. */
export const INDEX_STRIDE = 3;

/** A batch may be a single entry: begin small. */
const INITIAL_NUMBERS = 16 * INDEX_STRIDE;

/**
 * Where the attributes of a batch's entries lie. One array of numbers for the whole batch, so that indexing an
 * entry allocates nothing.
 */
export class AttributeIndex {
  readonly names: AttributeNames;
  #numbers = new Int32Array(INITIAL_NUMBERS);
  #used = 0;

  constructor(names: AttributeNames) {
    this.names = names;
  }

  /** Position after the last attribute indexed. */
  get end(): number {
    return this.#used;
  }

  name(at: number): number {
    return this.#numbers[at] ?? 0;
  }

  valuesStart(at: number): number {
    return this.#numbers[at + 1] ?? 0;
  }

  valuesEnd(at: number): number {
    return this.#numbers[at + 2] ?? 0;
  }

  /** Indexes the PartialAttributeList content from `start` to `end`. Throws a `BerError` if it is none. */
  add(bytes: Buffer, start: number, end: number): void {
    let position = start;
    while (position < end) {
      if (bytes[position] !== TAG.sequence) throw unexpected(bytes, position, 'an attribute');
      const content = contentOffset(bytes, position, end);
      const attributeEnd = content + contentLength(bytes, position);
      if (attributeEnd > end) throw cutOff(position);
      if (bytes[content] !== TAG.octetString) throw unexpected(bytes, content, 'an attribute type');
      const nameStart = contentOffset(bytes, content, attributeEnd);
      const nameEnd = nameStart + contentLength(bytes, content);
      if (nameEnd >= attributeEnd) throw cutOff(content);
      if (bytes[nameEnd] !== TAG.set) throw unexpected(bytes, nameEnd, 'a set of values');
      const valuesStart = contentOffset(bytes, nameEnd, attributeEnd);
      const valuesEnd = valuesStart + contentLength(bytes, nameEnd);
      if (valuesEnd > attributeEnd) throw cutOff(nameEnd);
      const used = this.#used;
      if (used + INDEX_STRIDE > this.#numbers.length) this.#grow();
      this.#numbers[used] = this.names.intern(bytes, nameStart, nameEnd);
      this.#numbers[used + 1] = valuesStart;
      this.#numbers[used + 2] = valuesEnd;
      this.#used = used + INDEX_STRIDE;
      position = attributeEnd;
    }
  }

  #grow(): void {
    const grown = new Int32Array(this.#numbers.length * 4);
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}

/** Where the value at `at` starts; the values end at `limit`. Throws a `BerError` if it does not lie inside. */
export function valueOffset(bytes: Buffer, at: number, limit: number): number {
  if (bytes[at] !== TAG.octetString) throw unexpected(bytes, at, 'a value');
  const start = contentOffset(bytes, at, limit);
  if (start + contentLength(bytes, at) > limit) throw cutOff(at);
  return start;
}

function unexpected(bytes: Buffer, at: number, expected: string): BerError {
  return new BerError('BER_UNEXPECTED_TAG', at, `${expected} expected, found tag ${tagName(bytes[at] ?? 0)}`);
}

function cutOff(at: number): BerError {
  return new BerError('BER_TRUNCATED', at, 'an attribute is cut off');
}
