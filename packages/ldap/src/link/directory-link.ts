import type { OctetsInput } from '../ber/ber-writer.ts';
import type { Filter } from '../filter/filter.ts';
import type { AttributeValues, Control, Modification } from '../message/message.ts';
import type { ExtendedResult, LdapResult } from '../result/ldap-result.ts';

/** What a search asks for. Page size in entries, time limit in seconds, size limit in entries (0 = none). */
export interface SearchRequest {
  readonly base: string;
  readonly scope: SearchScope;
  readonly filter: Filter;
  /** Empty means all user attributes; `1.1` means none (RFC 4511 §4.5.1.8). */
  readonly attributes: readonly string[];
  /** Absent = paged with 1,000 entries a page; 0 = unpaged. */
  readonly pageSize?: number;
  readonly sizeLimit?: number;
  readonly timeLimitSeconds?: number;
  readonly typesOnly?: boolean;
  readonly controls?: readonly Control[];
}

export type SearchScope = 'base' | 'one' | 'sub';

/** How a search ended: the result fields of its last page, and what was counted on the way. */
export interface SearchOutcome {
  readonly resultCode: number;
  readonly matchedDn: string;
  readonly diagnosticMessage: string;
  readonly referrals: readonly string[];
  readonly controls: readonly Control[];
  /** Search result entries only; references and intermediate responses are not counted. */
  readonly entryCount: number;
  readonly pages: number;
}

/**
 * Streams raw PDUs (entries, references, intermediate responses), undecoded: each buffer holds one or more whole
 * LDAP messages in the order the server sent them. Wrap it in an `EntryBatch` to read it.
 * Leaving the loop early abandons the search. A failed search makes the loop throw an `LdapError`;
 * `outcome` rejects with the same error. A stream can be iterated once.
 */
export interface SearchStream extends AsyncIterable<Buffer> {
  /** Settles when the stream has been read to its end, was abandoned, or failed. Never an unhandled rejection. */
  readonly outcome: Promise<SearchOutcome>;
}

/** How an extended operation with intermediate responses ended. */
export interface ExtendedOutcome extends ExtendedResult {
  /** Intermediate responses that came before. */
  readonly intermediateCount: number;
}

/**
 * Streams the intermediate responses of an extended operation (RFC 4511 §4.13) as raw PDUs, as `SearchStream` does with
 * entries: wrap each buffer in an `EntryBatch` and take its `intermediate` items. Leaving the loop early abandons the
 * operation, a failure makes the loop throw an `LdapError`. A stream can be iterated once.
 */
export interface ExtendedStream extends AsyncIterable<Buffer> {
  /** Settles with the final response when the stream was read to its end, was abandoned, or failed. */
  readonly outcome: Promise<ExtendedOutcome>;
}

export interface OperationOptions {
  readonly controls?: readonly Control[];
  readonly signal?: AbortSignal;
}

export interface ModifyDnOptions extends OperationOptions {
  readonly deleteOldRdn: boolean;
  readonly newSuperior?: string;
}

export interface ExtendedStreamOptions extends OperationOptions {
  /** Longest silence before the operation counts as lost; absent = as for searches. Give long polls what they wait, and more. */
  readonly silenceTimeoutMs?: number;
}

export interface SearchOptions {
  readonly signal?: AbortSignal;
}

export interface WatchOptions {
  readonly signal: AbortSignal;
}

/**
 * One directory, whoever carries the bytes: a direct client or a gateway's tunnel. Every method rejects with an
 * `LdapError` when the directory refuses or cannot be reached; a resolved result is a success
 * (`checkPassword` and `compare` say how they differ).
 */
export interface DirectoryLink {
  search(request: SearchRequest, options?: SearchOptions): SearchStream;
  add(dn: string, attributes: readonly AttributeValues[], options?: OperationOptions): Promise<LdapResult>;
  modify(dn: string, changes: readonly Modification[], options?: OperationOptions): Promise<LdapResult>;
  modifyDn(dn: string, newRdn: string, options: ModifyDnOptions): Promise<LdapResult>;
  delete(dn: string, options?: OperationOptions): Promise<LdapResult>;
  /** True for compareTrue, false for compareFalse; anything else rejects. */
  compare(dn: string, attribute: string, value: OctetsInput, options?: OperationOptions): Promise<boolean>;
  /**
   * Checks a password on a connection of its own; refuses an empty password before anything is sent
   * (RFC 4513 §5.1.2: the server would take it as anonymous and say success). A wrong password rejects with
   * an `LdapError` of class `signOn`.
   */
  checkPassword(dn: string, password: string, options?: OperationOptions): Promise<LdapResult>;
  extended(oid: string, value: Buffer | undefined, options?: OperationOptions): Promise<ExtendedResult>;
  /** An extended operation that may send intermediate responses; `extended` drops them. */
  extendedStream(oid: string, value: Buffer | undefined, options?: ExtendedStreamOptions): ExtendedStream;
  /** A search that stays open (persistent search, AD change notification, syncrepl persist); never paged. */
  watch(request: SearchRequest, options: WatchOptions): SearchStream;
  /** Which server answers now, e.g. `dc1.corp.example:636`; changes on fail-over. */
  readonly server: string | undefined;
}
