import { BerError } from '../ber/ber-error.ts';
import { BerReader } from '../ber/ber-reader.ts';
import { TAG } from '../ber/ber-tag.ts';
import { utf8Text } from '../ber/buffer-text.ts';
import { readControls } from '../message/control-codec.ts';
import type { AttributeValues, Control } from '../message/message.ts';
import { contentLength, contentOffset, type MessageCursor } from '../message/message-cursor.ts';
import { makeClientError } from '../result/ldap-error.ts';
import type { ValueRange } from './attribute-description.ts';
import { type AttributeIndex, INDEX_STRIDE, valueOffset } from './attribute-index.ts';

/**
 * A search result entry that is still bytes. What is asked for is decoded then; everything else never is.
 * It reads from the buffer it came in and keeps that buffer alive: copy what is to outlive the batch.
 * Malformed content shows as a `BerError` when it is reached.
 */
export class LazyEntry {
  readonly kind = 'entry';
  readonly messageId: number;
  readonly #index: AttributeIndex;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly #contentEnd: number;
  readonly #dnStart: number;
  readonly #dnEnd: number;
  #indexStart = -1;
  #indexEnd = -1;

  constructor(cursor: MessageCursor, index: AttributeIndex) {
    const { bytes, contentStart, contentEnd } = cursor;
    this.messageId = cursor.messageId;
    this.#index = index;
    this.#bytes = bytes;
    this.#start = cursor.start;
    this.#end = cursor.end;
    this.#contentEnd = contentEnd;
    if (bytes[contentStart] !== TAG.octetString) {
      throw new BerError('BER_UNEXPECTED_TAG', contentStart, "an entry's name expected");
    }
    this.#dnStart = contentOffset(bytes, contentStart, contentEnd);
    this.#dnEnd = this.#dnStart + contentLength(bytes, contentStart);
    if (this.#dnEnd >= contentEnd) throw new BerError('BER_TRUNCATED', contentStart, 'an entry is cut off');
  }

  get dn(): string {
    return utf8Text(this.#bytes, this.#dnStart, this.#dnEnd);
  }

  /** The whole message, as it came. */
  get raw(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Name and attributes as they came: equal bytes mean the same entry in the same place, unchanged. */
  get content(): Buffer {
    return this.#bytes.subarray(this.#dnStart, this.#contentEnd);
  }

  /** The encoded attribute list: equal bytes mean equal attributes, so a hash of it tells that nothing changed. */
  get rawAttributes(): Buffer {
    return this.#bytes.subarray(this.#dnEnd, this.#contentEnd);
  }

  /** True if the server sent the attribute, with or without values. */
  has(name: string): boolean {
    return this.#find(name) >= 0;
  }

  /** Number of values sent; 0 both for an attribute without values and for one not sent (see `has`). */
  count(name: string): number {
    const at = this.#find(name);
    return at < 0 ? 0 : this.#countAt(at);
  }

  /** The first value as text. */
  first(name: string): string | undefined {
    const at = this.#find(name);
    if (at < 0) return undefined;
    const limit = this.#index.valuesEnd(at);
    const value = this.#index.valuesStart(at);
    if (value >= limit) return undefined;
    const start = valueOffset(this.#bytes, value, limit);
    return utf8Text(this.#bytes, start, start + contentLength(this.#bytes, value));
  }

  /** All values as text. An incomplete range is an error, never a shorter list: see `completeRanges`. */
  values(name: string): string[] {
    const at = this.#findComplete(name);
    const values: string[] = [];
    if (at < 0) return values;
    const limit = this.#index.valuesEnd(at);
    let value = this.#index.valuesStart(at);
    while (value < limit) {
      const start = valueOffset(this.#bytes, value, limit);
      const end = start + contentLength(this.#bytes, value);
      values.push(utf8Text(this.#bytes, start, end));
      value = end;
    }
    return values;
  }

  /** The first value's bytes, a view. */
  bytes(name: string): Buffer | undefined {
    const at = this.#find(name);
    if (at < 0) return undefined;
    const limit = this.#index.valuesEnd(at);
    const value = this.#index.valuesStart(at);
    if (value >= limit) return undefined;
    const start = valueOffset(this.#bytes, value, limit);
    return this.#bytes.subarray(start, start + contentLength(this.#bytes, value));
  }

  /** All values' bytes, as views. An incomplete range is an error, as in `values`. */
  allBytes(name: string): Buffer[] {
    const at = this.#findComplete(name);
    return at < 0 ? [] : this.#bytesAt(at);
  }

  /** The range that the server sent the attribute in; undefined if it came whole or not at all. */
  range(name: string): ValueRange | undefined {
    const at = this.#find(name);
    return at < 0 ? undefined : this.#index.names.range(this.#index.name(at));
  }

  /** The values that came, complete or not: for those who ask for the rest themselves. */
  partialBytes(name: string): Buffer[] {
    const at = this.#find(name);
    return at < 0 ? [] : this.#bytesAt(at);
  }

  /** Attribute descriptions in the server's order and spelling. */
  attributeNames(): string[] {
    this.#prepare();
    const names: string[] = [];
    for (let at = this.#indexStart; at < this.#indexEnd; at += INDEX_STRIDE) {
      names.push(this.#index.names.description(this.#index.name(at)));
    }
    return names;
  }

  /** Everything, decoded to views: for small numbers of entries. */
  attributes(): AttributeValues<Buffer>[] {
    this.#prepare();
    const attributes: AttributeValues<Buffer>[] = [];
    for (let at = this.#indexStart; at < this.#indexEnd; at += INDEX_STRIDE) {
      attributes.push({
        type: this.#index.names.description(this.#index.name(at)),
        values: this.#bytesAt(at),
      });
    }
    return attributes;
  }

  /** The controls that came with the entry (sync state, entry change); decoded anew on each call. */
  controls(): Control[] {
    if (this.#contentEnd >= this.#end) return [];
    return readControls(new BerReader(this.#bytes, this.#contentEnd, this.#end));
  }

  #find(name: string): number {
    this.#prepare();
    const { names } = this.#index;
    const lookup = names.lookup(name);
    let empty = -1;
    for (let at = this.#indexStart; at < this.#indexEnd; at += INDEX_STRIDE) {
      if (!names.matches(this.#index.name(at), lookup)) continue;
      // AD sends an empty `member` beside `member;range=0-1499`: the one with values is meant.
      if (this.#index.valuesEnd(at) > this.#index.valuesStart(at)) return at;
      if (empty < 0) empty = at;
    }
    return empty;
  }

  #findComplete(name: string): number {
    const at = this.#find(name);
    if (at < 0 || this.#index.names.lookup(name).withOptions) return at;
    const range = this.#index.names.range(this.#index.name(at));
    if (range === undefined || (range.first === 0 && range.last === undefined)) return at;
    throw makeClientError(
      'LDAP_RANGE_INCOMPLETE',
      `${this.dn} came with only a part of ${name} (values ${range.first} to ${range.last ?? 'the end'}); ` +
        'the rest must be read first',
    );
  }

  #countAt(at: number): number {
    const limit = this.#index.valuesEnd(at);
    let count = 0;
    let value = this.#index.valuesStart(at);
    while (value < limit) {
      value = valueOffset(this.#bytes, value, limit) + contentLength(this.#bytes, value);
      count += 1;
    }
    return count;
  }

  #bytesAt(at: number): Buffer[] {
    const values: Buffer[] = [];
    const limit = this.#index.valuesEnd(at);
    let value = this.#index.valuesStart(at);
    while (value < limit) {
      const start = valueOffset(this.#bytes, value, limit);
      const end = start + contentLength(this.#bytes, value);
      values.push(this.#bytes.subarray(start, end));
      value = end;
    }
    return values;
  }

  #prepare(): void {
    if (this.#indexStart >= 0) return;
    const bytes = this.#bytes;
    if (bytes[this.#dnEnd] !== TAG.sequence) {
      throw new BerError('BER_UNEXPECTED_TAG', this.#dnEnd, "an entry's attributes expected");
    }
    const start = contentOffset(bytes, this.#dnEnd, this.#contentEnd);
    const end = start + contentLength(bytes, this.#dnEnd);
    if (end > this.#contentEnd) throw new BerError('BER_TRUNCATED', this.#dnEnd, 'an entry is cut off');
    const indexStart = this.#index.end;
    this.#index.add(bytes, start, end);
    this.#indexEnd = this.#index.end;
    this.#indexStart = indexStart;
  }
}
