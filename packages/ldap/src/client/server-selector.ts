import { setTimeout as delay } from 'node:timers/promises';
import type { SecureContext } from 'node:tls';
import { LdapError, makeClientError } from '../result/ldap-error.ts';
import type { BindAccount, ClientSettings } from './client-options.ts';
import { serverName } from './client-options.ts';
import type { LdapConnection } from './ldap-connection.ts';
import { makeClientSecureContext, openConnection } from './open-connection.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A refused account is not tried again soon: each attempt counts towards its lockout. */
const FIRST_BIND_PAUSE_MS = 5_000;
const LONGEST_BIND_PAUSE_MS = 300_000;

interface ServerState {
  readonly name: string;
  failures: number;
  /** Not tried before this time (ms since the process began, as `performance.now` counts). */
  retryAtMs: number;
  error: LdapError | undefined;
}

/**
 * Decides which server to connect to. All connections go to one server, the current one, so that what is written
 * is read back and change positions stay meaningful; another becomes current when it cannot be reached. Within a
 * pause after a failure, callers get that failure at once instead of hammering the server.
 */
export class ServerSelector {
  readonly #settings: ClientSettings;
  readonly #secureContext: SecureContext | undefined;
  readonly #states: readonly ServerState[];
  #current = 0;
  #connectedOnce = false;
  #bindFailure:
    | { readonly error: LdapError; readonly untilMs: number; readonly failures: number }
    | undefined;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#secureContext = settings.security === 'none' ? undefined : makeClientSecureContext(settings.tls);
    this.#states = settings.servers.map((server) => ({
      name: serverName(server),
      failures: 0,
      retryAtMs: 0,
      error: undefined,
    }));
  }

  /** The server in use; undefined before the first connection. */
  get server(): string | undefined {
    return this.#connectedOnce ? this.#states[this.#current]?.name : undefined;
  }

  get isPreferred(): boolean {
    return this.#current === 0;
  }

  /** Connects and, with an account, binds: to the current server or else to the next that answers. */
  async connect(account: BindAccount | undefined, signal: AbortSignal | undefined): Promise<LdapConnection> {
    const refused = this.#bindFailure;
    if (account !== undefined && refused !== undefined && performance.now() < refused.untilMs)
      throw refused.error;
    await this.#waitOutShortPause(signal);
    const errors: LdapError[] = [];
    const count = this.#states.length;
    for (let step = 0; step < count; step += 1) {
      const index = (this.#current + step) % count;
      const state = this.#states[index];
      if (state === undefined) continue;
      if (state.error !== undefined && performance.now() < state.retryAtMs) {
        errors.push(state.error);
        continue;
      }
      try {
        return await this.#open(index, account, signal);
      } catch (error) {
        if (!(error instanceof LdapError) || error.code === 'LDAP_ABORTED' || isCredentialsProblem(error))
          throw error;
        errors.push(error);
      }
    }
    throw allFailed(errors);
  }

  /**
   * The first pause is shorter than anybody's patience: right after a restart a caller is better served by waiting for it
   * than by the failure of an attempt that is a moment old. Only if no server may be tried now.
   */
  async #waitOutShortPause(signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now();
    const nextMs = Math.min(
      ...this.#states.map((state) => (state.error === undefined ? now : Math.max(now, state.retryAtMs))),
    );
    const waitMs = nextMs - now;
    if (waitMs <= 0 || waitMs > FIRST_PAUSE_MS) return;
    try {
      await delay(waitMs, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw makeClientError('LDAP_ABORTED', 'waiting to connect was aborted', { cause: error });
    }
  }

  /** Tries the servers before the current one; undefined if none of them answers. */
  async connectPreferred(
    account: BindAccount | undefined,
    signal: AbortSignal,
  ): Promise<LdapConnection | undefined> {
    for (let index = 0; index < this.#current; index += 1) {
      try {
        return await this.#open(index, account, signal);
      } catch (error) {
        if (!(error instanceof LdapError) || error.code === 'LDAP_ABORTED') throw error;
      }
    }
    return undefined;
  }

  async #open(
    index: number,
    account: BindAccount | undefined,
    signal: AbortSignal | undefined,
  ): Promise<LdapConnection> {
    const state = this.#states[index];
    const server = this.#settings.servers[index];
    if (state === undefined || server === undefined) throw new RangeError(`there is no server ${index}`);
    try {
      const connection = await openConnection({
        settings: this.#settings,
        server,
        secureContext: this.#secureContext,
        account,
        signal,
      });
      this.#succeeded(index, state, account);
      return connection;
    } catch (error) {
      if (error instanceof LdapError && error.code !== 'LDAP_ABORTED') this.#failed(state, error);
      throw error;
    }
  }

  #succeeded(index: number, state: ServerState, account: BindAccount | undefined): void {
    state.failures = 0;
    state.error = undefined;
    if (account !== undefined) this.#bindFailure = undefined;
    const before = this.#states[this.#current]?.name ?? '';
    const changed = this.#connectedOnce && index !== this.#current;
    this.#current = index;
    this.#connectedOnce = true;
    this.#settings.onEvent({ kind: 'connected', server: state.name });
    if (changed) this.#settings.onEvent({ kind: 'serverChanged', from: before, to: state.name });
  }

  #failed(state: ServerState, error: LdapError): void {
    this.#settings.onEvent({ kind: 'connectFailed', server: state.name, error });
    if (isCredentialsProblem(error)) {
      const failures = (this.#bindFailure?.failures ?? 0) + 1;
      const pauseMs = Math.min(FIRST_BIND_PAUSE_MS * 2 ** (failures - 1), LONGEST_BIND_PAUSE_MS);
      this.#bindFailure = { error, failures, untilMs: performance.now() + pauseMs };
      return;
    }
    state.failures += 1;
    state.error = error;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (state.failures - 1), LONGEST_PAUSE_MS);
    // Up to a quarter off, so that many clients do not come back in step.
    state.retryAtMs = performance.now() + pauseMs * (1 - Math.random() / 4);
  }
}

/** The account is wrong, not the server: the next server would say the same and count it against the account. */
function isCredentialsProblem(error: LdapError): boolean {
  return error.code === 'LDAP_BIND_REFUSED' || error.code === 'LDAP_EMPTY_PASSWORD';
}

function allFailed(errors: readonly LdapError[]): LdapError {
  const [first, ...others] = errors;
  if (first === undefined)
    return makeClientError('LDAP_HOST_UNREACHABLE', 'there is no server to connect to');
  if (others.length === 0) return first;
  return new LdapError(`no server could be used: ${errors.map((error) => error.message).join('; ')}`, {
    code: first.code,
    class: first.class,
    retryable: errors.some((error) => error.retryable),
    cause: new AggregateError(errors),
  });
}
