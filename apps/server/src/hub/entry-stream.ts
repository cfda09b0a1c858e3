import type { ResultMessage } from '@sallyport/contract';
import { MessageCursor, OPERATION_TAG } from '@sallyport/ldap';
import { makeHubError } from './hub-error.ts';

export interface EntryStreamSettings {
  /** Credit the stream was opened with, in bytes. */
  readonly creditBytes: number;
  /** Longest single LDAP PDU that is put together from partial frames. */
  readonly maxPduBytes: number;
  /** Lets the instance send so many more bytes. */
  readonly grant: (bytes: number) => void;
}

interface Batch {
  readonly bytes: Buffer;
  /** Credit that is given back when the consumer takes it. */
  readonly creditBytes: number;
}

/**
 * What an instance sends for one search or extended stream, between its arrival and its consumer. Holds at most the credit granted plus one
 * frame, or one PDU that came in parts: a consumer that stops taking stops the search at the directory.
 *
 * Faults of the instance (more than its credit, bytes that are no LDAP messages) throw from `push`; the connection ends
 * with them.
 */
export class EntryStream {
  readonly #settings: EntryStreamSettings;
  readonly #queue: Batch[] = [];
  #parts: Buffer[] = [];
  #partsBytes = 0;
  #creditBytes: number;
  #owedBytes = 0;
  #entryCount = 0;
  #intermediateCount = 0;
  #bufferedBytes = 0;
  #end: { readonly result: ResultMessage } | { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(settings: EntryStreamSettings) {
    this.#settings = settings;
    this.#creditBytes = settings.creditBytes;
  }

  /** Bytes that have arrived and were not taken yet. */
  get bufferedBytes(): number {
    return this.#bufferedBytes + this.#partsBytes;
  }

  /** Takes a frame's payload from the instance. */
  push(payload: Buffer, partial: boolean): void {
    if (this.#creditBytes <= 0) {
      throw new RangeError(`${payload.length} bytes sent on a stream whose credit was used up`);
    }
    this.#creditBytes -= payload.length;
    if (partial) {
      this.#pushPart(payload);
      return;
    }
    const bytes = this.#parts.length === 0 ? payload : Buffer.concat([...this.#parts, payload]);
    this.#parts = [];
    this.#partsBytes = 0;
    this.#count(bytes);
    this.#queue.push({ bytes, creditBytes: payload.length });
    this.#bufferedBytes += bytes.length;
    this.#wakeConsumer();
  }

  /** The instance says the search is over. A count that differs from what arrived is no success. */
  finish(result: ResultMessage): void {
    const lost = this.#parts.length > 0 ? 'a message is cut off' : this.#countFault(result);
    if (lost === undefined) this.#settle({ result });
    else this.fail(makeHubError('GATEWAY_PROTOCOL', `The answer is not complete: ${lost}.`));
  }

  fail(error: unknown): void {
    this.#settle({ error });
  }

  /**
   * The next batch of whole messages, or the result after the last one. Rejects if the search failed, at once: what is
   * still queued of a failed search helps nobody.
   */
  async next(): Promise<Buffer | ResultMessage> {
    for (;;) {
      if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
      const batch = this.#queue.shift();
      if (batch !== undefined) return this.#take(batch);
      if (this.#end !== undefined) return this.#end.result;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(batch: Batch): Buffer {
    this.#bufferedBytes -= batch.bytes.length;
    if (this.#end === undefined) this.#giveBack(batch.creditBytes);
    return batch.bytes;
  }

  #pushPart(payload: Buffer): void {
    this.#parts.push(payload);
    this.#partsBytes += payload.length;
    if (this.#partsBytes > this.#settings.maxPduBytes) {
      throw new RangeError(`an LDAP message longer than ${this.#settings.maxPduBytes} bytes`);
    }
    // Nobody can take half a message, so its credit comes back at once.
    this.#giveBack(payload.length);
  }

  /** Credit is returned in quarters: fewer messages, and the instance never waits for one while half is left. */
  #giveBack(bytes: number): void {
    this.#owedBytes += bytes;
    if (this.#owedBytes * 4 < this.#settings.creditBytes) return;
    this.#creditBytes += this.#owedBytes;
    this.#settings.grant(this.#owedBytes);
    this.#owedBytes = 0;
  }

  #countFault(result: ResultMessage): string | undefined {
    const { entryCount = this.#entryCount, intermediateCount = this.#intermediateCount } = result;
    if (entryCount !== this.#entryCount)
      return `${this.#entryCount} entries arrived, ${entryCount} were sent`;
    if (intermediateCount === this.#intermediateCount) return undefined;
    return `${this.#intermediateCount} intermediate responses arrived, ${intermediateCount} were sent`;
  }

  /** Counts, and on the way proves that the bytes are whole LDAP messages. Throws a `BerError` if not. */
  #count(bytes: Buffer): void {
    const cursor = new MessageCursor(bytes);
    while (cursor.next()) {
      if (cursor.operationTag === OPERATION_TAG.searchEntry) this.#entryCount += 1;
      else if (cursor.operationTag === OPERATION_TAG.intermediateResponse) this.#intermediateCount += 1;
    }
  }

  #settle(end: { readonly result: ResultMessage } | { readonly error: unknown }): void {
    this.#end ??= end;
    if ('error' in this.#end) {
      this.#queue.length = 0;
      this.#parts = [];
      this.#partsBytes = 0;
      this.#bufferedBytes = 0;
    }
    this.#wakeConsumer();
  }

  #wakeConsumer(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
