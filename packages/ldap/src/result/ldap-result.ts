import type { Control, ResultFields } from '../message/message.ts';

/** The outcome of one operation together with the response's controls. */
export interface LdapResult extends ResultFields {
  readonly controls: readonly Control[];
}

/** The outcome of an extended operation (RFC 4511 §4.12). */
export interface ExtendedResult extends LdapResult {
  readonly oid?: string;
  readonly value?: Buffer;
}
