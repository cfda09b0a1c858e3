import type { Control, LdapRequest, LdapResponse, ResultFields } from '../message/message.ts';
import type { ServerConnection } from './server-connection.ts';

/** What a handler may say to finish a request; what is left out is empty. */
export interface ResultInput extends Partial<ResultFields> {
  readonly resultCode: number;
  readonly controls?: readonly Control[];
}

/**
 * One request that a client waits on. The handler sends any number of entries, references or intermediate
 * responses and then exactly one final response. After an abandon (or when the client has gone) everything sent
 * is dropped, as RFC 4511 §4.11 asks; `signal` tells a long-running handler to stop.
 */
export interface LdapExchange {
  readonly connection: ServerConnection;
  readonly messageId: number;
  readonly request: LdapRequest<Buffer>;
  readonly controls: readonly Control[];
  /** Aborted by an abandon, by a cancel, and by the end of the connection. */
  readonly signal: AbortSignal;
  /** Sends one response; a final one ends the exchange. */
  send(op: LdapResponse, controls?: readonly Control[]): void;
  /** Sends the final response that belongs to the request, whatever its kind. Nothing for unbind and abandon. */
  finish(result: ResultInput): void;
  /** Puts bytes on the wire as they are: for tests of what a broken server sends. */
  sendRaw(bytes: Buffer): void;
  /** Resolves once the client has taken what was sent, so that a large result is never held in memory. */
  drained(): Promise<void>;
}

/** The final response kind that answers a request; undefined where the protocol has none. */
export function finalResponse(request: LdapRequest<Buffer>, fields: ResultFields): LdapResponse | undefined {
  switch (request.kind) {
    case 'bindRequest':
      return { kind: 'bindResponse', ...fields };
    case 'searchRequest':
      return { kind: 'searchDone', ...fields };
    case 'modifyRequest':
      return { kind: 'modifyResponse', ...fields };
    case 'addRequest':
      return { kind: 'addResponse', ...fields };
    case 'deleteRequest':
      return { kind: 'deleteResponse', ...fields };
    case 'modifyDnRequest':
      return { kind: 'modifyDnResponse', ...fields };
    case 'compareRequest':
      return { kind: 'compareResponse', ...fields };
    case 'extendedRequest':
      return { kind: 'extendedResponse', ...fields };
    case 'unbindRequest':
    case 'abandonRequest':
      return undefined;
  }
}
