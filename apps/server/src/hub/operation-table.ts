import {
  type ConnectionReportMessage,
  type FailureMessage,
  MAX_STREAM_ID,
  type ResultMessage,
} from '@sallyport/contract';
import type { EntryStream } from './entry-stream.ts';
import { toLdapError } from './failure-to-error.ts';
import { makeHubError } from './hub-error.ts';

export type OperationAnswer = ResultMessage | ConnectionReportMessage;

type Pending =
  | {
      readonly kind: 'operation';
      readonly settle: (answer: OperationAnswer) => void;
      readonly reject: (error: unknown) => void;
      readonly isRead: boolean;
    }
  | { readonly kind: 'stream'; readonly stream: EntryStream; readonly isRead: boolean }
  /** Nobody waits any more; the id stays taken until the instance has answered. */
  | { readonly kind: 'abandoned' };

/** The operations in flight on one connection, by id. */
export class OperationTable {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #abandoned = 0;

  /** Operations somebody waits for. */
  get inFlight(): number {
    return this.#pending.size - this.#abandoned;
  }

  addOperation(operation: Omit<Extract<Pending, { readonly kind: 'operation' }>, 'kind'>): number {
    return this.#add({ kind: 'operation', ...operation });
  }

  addStream(stream: EntryStream, isRead: boolean): number {
    return this.#add({ kind: 'stream', stream, isRead });
  }

  /** Nobody waits for it any more. False if it was not in flight. */
  abandon(id: number): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.kind === 'abandoned') return false;
    this.#pending.set(id, { kind: 'abandoned' });
    this.#abandoned += 1;
    return true;
  }

  /** Hands a frame to its stream. Throws for a stream that is not open. */
  push(id: number, payload: Buffer, partial: boolean): void {
    const pending = this.#pending.get(id);
    if (pending?.kind === 'stream') pending.stream.push(payload, partial);
    else if (pending?.kind !== 'abandoned') throw new TypeError(`a frame of stream ${id}, which is not open`);
  }

  /** Takes an answer. Throws for an operation that is not in flight. */
  answer(message: OperationAnswer | FailureMessage): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined)
      throw new TypeError(`an answer to operation ${message.id}, which is not in flight`);
    this.#pending.delete(message.id);
    if (pending.kind === 'abandoned') {
      this.#abandoned -= 1;
      return;
    }
    if (pending.kind === 'operation') {
      if (message.type === 'failure') pending.reject(toLdapError(message));
      else pending.settle(message);
      return;
    }
    if (message.type === 'failure') pending.stream.fail(toLdapError(message));
    else if (message.type === 'result') pending.stream.finish(message);
    else
      pending.stream.fail(
        makeHubError('GATEWAY_PROTOCOL', 'A stream was answered with a connection report.'),
      );
  }

  /** The connection is over: what is in flight fails, and a write may have been carried out all the same. */
  failAll(why: string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#abandoned = 0;
    for (const operation of pending) {
      if (operation.kind === 'abandoned') continue;
      const outcomeUnknown = !operation.isRead;
      const effect = outcomeUnknown ? ' The directory may have carried it out; reading it tells.' : '';
      const what = operation.kind === 'stream' ? 'The answer was cut off' : 'No answer came';
      const error = makeHubError('GATEWAY_LINK_LOST', `${what}: ${why}${effect}`, { outcomeUnknown });
      if (operation.kind === 'stream') operation.stream.fail(error);
      else operation.reject(error);
    }
  }

  #add(pending: Pending): number {
    do this.#lastId = this.#lastId === MAX_STREAM_ID ? 1 : this.#lastId + 1;
    while (this.#pending.has(this.#lastId));
    this.#pending.set(this.#lastId, pending);
    return this.#lastId;
  }
}
