import type { OctetsInput } from '../ber/ber-writer.ts';
import type {
  DirectoryLink,
  ExtendedStream,
  ExtendedStreamOptions,
  ModifyDnOptions,
  OperationOptions,
  SearchOptions,
  SearchRequest,
  SearchStream,
  WatchOptions,
} from '../link/directory-link.ts';
import type { AttributeValues, LdapMessage, LdapRequest, Modification } from '../message/message.ts';
import { LdapError, makeClientError, makeResultError } from '../result/ldap-error.ts';
import type { ExtendedResult, LdapResult } from '../result/ldap-result.ts';
import { RESULT_CODE } from '../result/result-code.ts';
import { type ClientSettings, type LdapClientOptions, makeClientSettings } from './client-options.ts';
import { ConnectionPool, type Lease } from './connection-pool.ts';
import { makeExtendedPlan } from './extended-plan.ts';
import type { LdapConnection } from './ldap-connection.ts';
import { ResponseReader } from './response-reader.ts';
import { makeSearchPlan } from './search-plan.ts';
import { ServerSelector } from './server-selector.ts';
import { SharedConnection } from './shared-connection.ts';
import { type ConnectionReport, testServers } from './test-connection.ts';

const ERROR_NOT_BOUND = 0x4dc;
const MAX_PASSWORD_CHECKS = 8;
/** Watches keep a connection each; this bounds a leak, not a use. */
const MAX_WATCHES = 64;

/**
 * A directory reached directly. Connects when first used. Short operations share one connection; every other
 * search has one of its own while it is read; password checks never touch either.
 */
export class LdapClient implements DirectoryLink {
  readonly #settings: ClientSettings;
  readonly #selector: ServerSelector;
  readonly #shared: SharedConnection;
  readonly #streams: ConnectionPool;
  readonly #watches: ConnectionPool;
  readonly #passwordChecks: ConnectionPool;

  constructor(options: LdapClientOptions) {
    const settings = makeClientSettings(options);
    this.#settings = settings;
    this.#selector = new ServerSelector(settings);
    this.#shared = new SharedConnection(settings, this.#selector);
    const pool = (maxConnections: number, bound: boolean): ConnectionPool =>
      new ConnectionPool({
        maxConnections,
        idleTimeoutMs: settings.idleTimeoutMs,
        waitTimeoutMs: settings.operationTimeoutMs,
        connect: (signal) => this.#selector.connect(bound ? settings.bind : undefined, signal),
        currentServer: () => this.#selector.server,
      });
    this.#streams = pool(settings.maxStreams, true);
    this.#watches = pool(MAX_WATCHES, true);
    this.#passwordChecks = pool(MAX_PASSWORD_CHECKS, false);
  }

  get server(): string | undefined {
    return this.#selector.server;
  }

  search(request: SearchRequest, options: SearchOptions = {}): SearchStream {
    // A base search is short: on the shared connection it can never wait for a stream that waits for it.
    const single = request.scope === 'base';
    return new ResponseReader({
      plan: makeSearchPlan(request, !single && request.pageSize !== 0),
      signal: options.signal,
      silenceMs: this.#settings.searchSilenceMs,
      exclusive: !single,
      lease: (signal) => (single ? this.#sharedLease(signal) : this.#streams.lease(signal)),
    });
  }

  watch(request: SearchRequest, options: WatchOptions): SearchStream {
    return new ResponseReader({
      plan: makeSearchPlan(request, false),
      signal: options.signal,
      silenceMs: 0,
      exclusive: true,
      lease: (signal) => this.#watches.lease(signal),
    });
  }

  add(
    dn: string,
    attributes: readonly AttributeValues[],
    options: OperationOptions = {},
  ): Promise<LdapResult> {
    return this.#write({ kind: 'addRequest', dn, attributes }, `add of ${dn}`, options);
  }

  modify(dn: string, changes: readonly Modification[], options: OperationOptions = {}): Promise<LdapResult> {
    return this.#write({ kind: 'modifyRequest', dn, changes }, `modify of ${dn}`, options);
  }

  modifyDn(dn: string, newRdn: string, options: ModifyDnOptions): Promise<LdapResult> {
    const { deleteOldRdn, newSuperior } = options;
    const op = {
      kind: 'modifyDnRequest',
      dn,
      newRdn,
      deleteOldRdn,
      ...(newSuperior === undefined ? {} : { newSuperior }),
    } as const;
    return this.#write(op, `rename of ${dn}`, options);
  }

  delete(dn: string, options: OperationOptions = {}): Promise<LdapResult> {
    return this.#write({ kind: 'deleteRequest', dn }, `delete of ${dn}`, options);
  }

  async compare(
    dn: string,
    attribute: string,
    value: OctetsInput,
    options: OperationOptions = {},
  ): Promise<boolean> {
    const operation = `compare of ${attribute} in ${dn}`;
    const { message, server } = await this.#perform(
      { kind: 'compareRequest', dn, attribute, value },
      options,
    );
    const result = resultOf(message, server, operation);
    if (result.resultCode === RESULT_CODE.compareTrue) return true;
    if (result.resultCode === RESULT_CODE.compareFalse) return false;
    throw makeResultError(result, { operation, server });
  }

  async checkPassword(dn: string, password: string, options: OperationOptions = {}): Promise<LdapResult> {
    // RFC 4513 §5.1.2: the server would bind nobody and say success.
    if (password === '') {
      throw makeClientError(
        'LDAP_EMPTY_PASSWORD',
        `an empty password for ${dn} is never right and was not sent`,
      );
    }
    const operation = `sign-on of ${dn}`;
    for (let attempt = 1; ; attempt += 1) {
      const lease = await this.#passwordChecks.lease(options.signal);
      let answered = false;
      try {
        const message = await lease.connection.request(
          { kind: 'bindRequest', version: 3, dn, authentication: { kind: 'simple', password } },
          {
            controls: options.controls,
            signal: options.signal,
            timeoutMs: this.#settings.operationTimeoutMs,
          },
        );
        answered = true;
        return successOf(message, lease.connection.server, operation);
      } catch (error) {
        if (answered || !isStale(error, lease.reused) || attempt > 1) throw error;
      } finally {
        lease.release(answered);
      }
    }
  }

  async extended(
    oid: string,
    value: Buffer | undefined,
    options: OperationOptions = {},
  ): Promise<ExtendedResult> {
    const op = { kind: 'extendedRequest', oid, ...(value === undefined ? {} : { value }) } as const;
    const { message, server } = await this.#perform(op, options);
    const result = successOf(message, server, `extended operation ${oid}`);
    if (message.op.kind !== 'extendedResponse') return result;
    const { oid: responseOid, value: responseValue } = message.op;
    return {
      ...result,
      ...(responseOid === undefined ? {} : { oid: responseOid }),
      ...(responseValue === undefined ? {} : { value: Buffer.from(responseValue) }),
    };
  }

  extendedStream(
    oid: string,
    value: Buffer | undefined,
    options: ExtendedStreamOptions = {},
  ): ExtendedStream {
    return new ResponseReader({
      plan: makeExtendedPlan(oid, value, options.controls ?? []),
      signal: options.signal,
      silenceMs: options.silenceTimeoutMs ?? this.#settings.searchSilenceMs,
      exclusive: true,
      lease: (signal) => this.#streams.lease(signal),
    });
  }

  /** Tries every configured server and says what works and what is wrong, in order of preference. */
  testConnection(options: { readonly signal?: AbortSignal } = {}): Promise<ConnectionReport[]> {
    return testServers(this.#settings, options.signal);
  }

  /** Closes every connection; what is under way fails with `LDAP_CLOSED`. */
  close(): void {
    this.#shared.close();
    this.#streams.close();
    this.#watches.close();
    this.#passwordChecks.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #write(op: LdapRequest, operation: string, options: OperationOptions): Promise<LdapResult> {
    const { message, server } = await this.#perform(op, options);
    return successOf(message, server, operation);
  }

  async #perform(
    op: LdapRequest,
    options: OperationOptions,
  ): Promise<{ readonly message: LdapMessage<Buffer>; readonly server: string }> {
    for (let attempt = 1; ; attempt += 1) {
      const { connection, reused } = await this.#shared.acquire(options.signal);
      try {
        const message = await connection.request(op, {
          controls: options.controls,
          signal: options.signal,
          timeoutMs: this.#settings.operationTimeoutMs,
        });
        dropIfUnbound(connection, message);
        return { message, server: connection.server };
      } catch (error) {
        // Lost before an answer, on a connection that may have been dead for long: once more if that is harmless.
        if (!isStale(error, reused) || attempt > 1) throw error;
      }
    }
  }

  async #sharedLease(signal: AbortSignal | undefined): Promise<Lease> {
    const { connection, reused } = await this.#shared.acquire(signal);
    return { connection, reused, release: () => undefined };
  }
}

/** Makes a client for a directory. Nothing is connected until something is asked for. */
export function makeLdapClient(options: LdapClientOptions): LdapClient {
  return new LdapClient(options);
}

function isStale(error: unknown, reused: boolean): boolean {
  return (
    reused && error instanceof LdapError && error.code === 'LDAP_CONNECTION_LOST' && !error.outcomeUnknown
  );
}

/** Active Directory forgets who is bound when its session state is lost: only a new connection helps. */
function dropIfUnbound(connection: LdapConnection, message: LdapMessage<Buffer>): void {
  const { op } = message;
  if (!('resultCode' in op) || op.resultCode !== RESULT_CODE.operationsError) return;
  const error = makeResultError(op, { operation: 'operation' });
  if (error.adCode === ERROR_NOT_BOUND) connection.destroy('the server no longer knows the bound account');
}

function resultOf(message: LdapMessage<Buffer>, server: string, operation: string): LdapResult {
  const { op, controls } = message;
  if (!('resultCode' in op)) {
    throw makeClientError('LDAP_PROTOCOL', `${operation} was answered with a ${op.kind}`, { server });
  }
  const { resultCode, matchedDn, diagnosticMessage, referrals } = op;
  return { resultCode, matchedDn, diagnosticMessage, referrals, controls };
}

function successOf(message: LdapMessage<Buffer>, server: string, operation: string): LdapResult {
  const result = resultOf(message, server, operation);
  if (result.resultCode !== RESULT_CODE.success) throw makeResultError(result, { operation, server });
  return result;
}
