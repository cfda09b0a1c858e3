import type { AttributeValues, Control, LdapExchange, SearchRequestOp } from '@sallyport/ldap';
import type { Caller } from './caller.ts';
import type { DirectoryEntry } from './directory-entry.ts';

/** One search of a client, with what is needed to answer it. */
export interface SearchJob {
  readonly request: SearchRequestOp;
  readonly controls: readonly Control[];
  readonly caller: Caller;
  readonly exchange: LdapExchange;
  readonly connection: ConnectionState;
  /** Sends one entry when the client can take it; false = the client has gone or abandoned the search. */
  sendEntry(
    dn: string,
    attributes: readonly AttributeValues<Buffer>[],
    controls?: readonly Control[],
  ): Promise<boolean>;
}

/** One extended operation of a client, with what is needed to answer it. */
export interface ExtendedJob {
  readonly oid: string;
  readonly value: Buffer | undefined;
  readonly controls: readonly Control[];
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** Sends an intermediate response when the client can take it; false = the client has gone or given up. */
  sendIntermediate(oid: string, value: Buffer): Promise<boolean>;
  /** Ends the operation with success. */
  finish(value: Buffer): void;
}

/** What is remembered of a connection between its requests. */
export interface ConnectionState {
  caller: Caller;
  /** By cookie, oldest first. */
  readonly pagedSearches: Map<string, PagedSearch>;
  openNotifications: number;
}

/** A search that waits for its next page. */
export interface PagedSearch {
  /** The request must stay the same from page to page (RFC 2696 §3). */
  readonly fingerprint: string;
  /** Undefined = an entry was looked at and is no answer. */
  readonly entries: Iterator<DirectoryEntry | undefined>;
  sentCount: number;
}
