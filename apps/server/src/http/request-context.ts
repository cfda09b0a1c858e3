import type { Log } from '@sallyport/runtime';
import type { Actor } from '../tokens/actor.ts';
import type { Addresses } from './hal.ts';

/** What a handler may know of the request beside its parameters, query and body. */
export interface RequestContext {
  readonly actor: Actor;
  readonly addresses: Addresses;
  /** As the client wrote it, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Aborts when the client goes away or the server stops waiting. */
  readonly signal: AbortSignal;
  readonly log: Log;
}
