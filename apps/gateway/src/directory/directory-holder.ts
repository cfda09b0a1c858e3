import type { GatewayLdapConfiguration } from '@sallyport/contract';
import { type LdapClient, type LdapClientEvent, LdapError, makeLdapClient } from '@sallyport/ldap';
import { toClientOptions } from './client-options.ts';

/** How long operations of a replaced configuration may take to finish. */
const RETIRED_GRACE_MS = 300_000;

interface Held {
  readonly client: LdapClient;
  readonly configuration: GatewayLdapConfiguration;
  /** Aborts when another configuration has taken over. */
  readonly retired: AbortController;
  inUse: number;
}

/**
 * The client of the directory that the newest configuration names. When a configuration replaces another, operations
 * under way finish on the old client and new ones use the new.
 */
export class DirectoryHolder {
  readonly #extraCa: string | undefined;
  readonly #onEvent: (event: LdapClientEvent) => void;
  readonly #retiredTimers = new Set<NodeJS.Timeout>();
  #held: Held | undefined;

  constructor(extraCa: string | undefined, onEvent: (event: LdapClientEvent) => void) {
    this.#extraCa = extraCa;
    this.#onEvent = onEvent;
  }

  get configured(): boolean {
    return this.#held !== undefined;
  }

  get server(): string | undefined {
    return this.#held?.client.server;
  }

  /** Puts a configuration to work; the same one again, as after a reconnect, changes nothing. True if it changed. */
  apply(configuration: GatewayLdapConfiguration): boolean {
    const previous = this.#held;
    if (previous !== undefined && JSON.stringify(previous.configuration) === JSON.stringify(configuration)) {
      return false;
    }
    this.#held = {
      client: makeLdapClient(toClientOptions(configuration, this.#extraCa, this.#onEvent)),
      configuration,
      retired: new AbortController(),
      inUse: 0,
    };
    if (previous !== undefined) this.#retire(previous);
    return true;
  }

  /**
   * Uses the client of the moment. `retired` aborts when another configuration has taken over, for work that would
   * never end by itself. Rejects if there is no configuration yet.
   */
  async use<T>(work: (client: LdapClient, retired: AbortSignal) => Promise<T>): Promise<T> {
    const held = this.#held;
    if (held === undefined) {
      throw new LdapError('The gateway has not been told its directory yet.', {
        code: 'GATEWAY_NOT_CONFIGURED',
        class: 'retry',
        retryable: true,
      });
    }
    held.inUse += 1;
    try {
      return await work(held.client, held.retired.signal);
    } finally {
      held.inUse -= 1;
      if (held.inUse === 0 && held.retired.signal.aborted) held.client.close();
    }
  }

  close(): void {
    for (const timer of this.#retiredTimers) clearTimeout(timer);
    this.#held?.client.close();
    this.#held = undefined;
  }

  #retire(held: Held): void {
    held.retired.abort();
    if (held.inUse === 0) {
      held.client.close();
      return;
    }
    const timer = setTimeout(() => {
      this.#retiredTimers.delete(timer);
      held.client.close();
    }, RETIRED_GRACE_MS).unref();
    this.#retiredTimers.add(timer);
  }
}
