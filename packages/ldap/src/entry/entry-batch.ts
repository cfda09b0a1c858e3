import { BerReader } from '../ber/ber-reader.ts';
import { readControls } from '../message/control-codec.ts';
import { readIntermediateResponse } from '../message/intermediate.ts';
import type { Control, IntermediateResponseOp, SearchReferenceOp } from '../message/message.ts';
import { MessageCursor } from '../message/message-cursor.ts';
import { OPERATION_TAG } from '../message/operation-tag.ts';
import { readSearchReference } from '../message/search.ts';
import { AttributeIndex } from './attribute-index.ts';
import { sharedAttributeNames } from './attribute-names.ts';
import { LazyEntry } from './lazy-entry.ts';

/** A continuation reference that came instead of an entry. */
export interface ReferenceItem extends Omit<SearchReferenceOp, 'kind'> {
  readonly kind: 'reference';
  readonly controls: readonly Control[];
}

/** An intermediate response that came between entries, e.g. RFC 4533's sync info. */
export interface IntermediateItem extends Omit<IntermediateResponseOp<Buffer>, 'kind'> {
  readonly kind: 'intermediate';
  readonly controls: readonly Control[];
}

export type SearchItem = LazyEntry | ReferenceItem | IntermediateItem;

/**
 * What one buffer of a search stream holds: whole messages, one after another. Going through it makes one small
 * object per entry and nothing per attribute; other kinds of message are passed over.
 */
export class EntryBatch {
  readonly bytes: Buffer;
  readonly #index = new AttributeIndex(sharedAttributeNames());

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Entries, references and intermediate responses in the server's order. */
  *items(): Generator<SearchItem, void, undefined> {
    const cursor = new MessageCursor(this.bytes);
    while (cursor.next()) {
      if (cursor.operationTag === OPERATION_TAG.searchEntry) {
        yield new LazyEntry(cursor, this.#index);
      } else if (cursor.operationTag === OPERATION_TAG.searchReference) {
        const reader = new BerReader(this.bytes, cursor.operationStart, cursor.end);
        const { uris } = readSearchReference(reader);
        yield { kind: 'reference', uris, controls: readControls(reader) };
      } else if (cursor.operationTag === OPERATION_TAG.intermediateResponse) {
        const reader = new BerReader(this.bytes, cursor.operationStart, cursor.end);
        const { kind: _, ...response } = readIntermediateResponse(reader);
        yield { kind: 'intermediate', ...response, controls: readControls(reader) };
      }
    }
  }

  /** The entries alone. */
  *entries(): Generator<LazyEntry, void, undefined> {
    const cursor = new MessageCursor(this.bytes);
    while (cursor.next()) {
      if (cursor.operationTag === OPERATION_TAG.searchEntry) yield new LazyEntry(cursor, this.#index);
    }
  }

  /** How many entries there are, without reading them. */
  countEntries(): number {
    const cursor = new MessageCursor(this.bytes);
    let count = 0;
    while (cursor.next()) if (cursor.operationTag === OPERATION_TAG.searchEntry) count += 1;
    return count;
  }
}
