import type { ResultMessage } from '@sallyport/contract';
import { type LdapError, makeClientError } from '@sallyport/ldap';
import type { OpenStream } from './instance-connection.ts';

export interface GatewayStreamSettings<Outcome> {
  /** How it is called in errors, e.g. `search`. */
  readonly name: string;
  /** Opens the stream on an instance; throws if none can take it. */
  readonly open: () => OpenStream;
  /** True if the failure may be answered by asking another instance. */
  readonly mayFailOver: (error: unknown) => boolean;
  /** True if the directory may have changed something when the end is lost. */
  readonly changes: boolean;
  readonly outcomeOf: (message: ResultMessage) => Outcome;
  readonly signal: AbortSignal | undefined;
}

export interface GatewayStream<Outcome> extends AsyncIterable<Buffer> {
  readonly outcome: Promise<Outcome>;
}

/**
 * A search or extended stream through the tunnel. It fails over as long as nothing was handed out; after that a cut is an error, because
 * another instance would start from the beginning and a page's cookie is worth nothing elsewhere.
 */
export function makeGatewayStream<Outcome>(settings: GatewayStreamSettings<Outcome>): GatewayStream<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  // Whoever only iterates learns of a failure there; the promise must not be reported as unhandled besides.
  promise.catch(() => undefined);
  let iterated = false;
  return {
    outcome: promise,
    [Symbol.asyncIterator]() {
      if (iterated) throw new TypeError(`A ${settings.name} can be read once.`);
      iterated = true;
      return read(settings, resolve, reject);
    },
  };
}

async function* read<Outcome>(
  settings: GatewayStreamSettings<Outcome>,
  resolve: (outcome: Outcome) => void,
  reject: (error: unknown) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const { signal } = settings;
  let stream: OpenStream | undefined;
  let ended = false;
  const abort = (): void => stream?.entries.fail(aborted(settings, true));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (let delivered = false; ; ) {
      if (signal?.aborted === true) throw aborted(settings, false);
      stream ??= settings.open();
      try {
        const next = await stream.entries.next();
        if (!Buffer.isBuffer(next)) {
          ended = true;
          resolve(settings.outcomeOf(next));
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
    if (!ended) reject(makeClientError('LDAP_ABORTED', `The ${settings.name} was abandoned by its reader.`));
  }
}

function aborted<Outcome>(
  { name, signal, changes }: GatewayStreamSettings<Outcome>,
  wasSent: boolean,
): LdapError {
  return makeClientError('LDAP_ABORTED', `The ${name} was aborted.`, {
    cause: signal?.reason,
    outcomeUnknown: changes && wasSent,
  });
}
