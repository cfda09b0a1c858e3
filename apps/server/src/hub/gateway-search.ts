import type { ResultMessage } from '@sallyport/contract';
import { type LdapError, makeClientError, type SearchOutcome, type SearchStream } from '@sallyport/ldap';
import { toLdapResult } from './failure-to-error.ts';
import type { OpenStream } from './instance-connection.ts';

export interface GatewaySearchSettings {
  /** Opens the stream on an instance; throws if none can take it. */
  readonly open: () => OpenStream;
  /** True if the failure may be answered by asking another instance. */
  readonly mayFailOver: (error: unknown) => boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * A search through the tunnel. It fails over as long as nothing was handed out; after that a cut is an error, because
 * another instance would start from the beginning and a page's cookie is worth nothing elsewhere.
 */
export function makeGatewaySearch(settings: GatewaySearchSettings): SearchStream {
  const { promise, resolve, reject } = Promise.withResolvers<SearchOutcome>();
  // Whoever only iterates learns of a failure there; the promise must not be reported as unhandled besides.
  promise.catch(() => undefined);
  let iterated = false;
  return {
    outcome: promise,
    [Symbol.asyncIterator]() {
      if (iterated) throw new TypeError('A search can be read once.');
      iterated = true;
      return read(settings, resolve, reject);
    },
  };
}

async function* read(
  settings: GatewaySearchSettings,
  resolve: (outcome: SearchOutcome) => void,
  reject: (error: unknown) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const { signal } = settings;
  let stream: OpenStream | undefined;
  let ended = false;
  const abort = (): void => stream?.entries.fail(aborted(signal));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (let delivered = false; ; ) {
      if (signal?.aborted === true) throw aborted(signal);
      stream ??= settings.open();
      try {
        const next = await stream.entries.next();
        if (!Buffer.isBuffer(next)) {
          ended = true;
          resolve(outcomeOf(next));
          return;
        }
        delivered = true;
        yield next;
      } catch (error) {
        if (delivered || !settings.mayFailOver(error)) throw error;
        stream.cancel();
        stream = undefined;
      }
    }
  } catch (error) {
    ended = true;
    reject(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    stream?.cancel();
    if (!ended) reject(makeClientError('LDAP_ABORTED', 'The search was abandoned by its reader.'));
  }
}

function outcomeOf(message: ResultMessage): SearchOutcome {
  return { ...toLdapResult(message.result), entryCount: message.entryCount ?? 0, pages: message.pages ?? 1 };
}

function aborted(signal: AbortSignal | undefined): LdapError {
  return makeClientError('LDAP_ABORTED', 'The search was aborted.', { cause: signal?.reason });
}
