import {
  CONTROL_OID,
  type Control,
  type LdapRequest,
  parseDirSyncRequestControl,
  RESULT_CODE,
} from '@sallyport/ldap';

/** What goes wrong. */
export type FaultEffect =
  /** The connection is cut when the request arrives. */
  | { readonly kind: 'drop' }
  /** The connection is cut after so many entries of a search. */
  | { readonly kind: 'dropAfterEntries'; readonly entries: number }
  /** The request is worked on later. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Every entry of a search is held up. */
  | { readonly kind: 'slow'; readonly entryDelayMs: number }
  /** No answer ever comes, the connection stays. */
  | { readonly kind: 'silence' }
  /** A result code instead of an answer: 51 busy, 52 unavailable, whatever is wanted. */
  | { readonly kind: 'result'; readonly resultCode: number; readonly diagnosticMessage?: string }
  /** So many entries, then sizeLimitExceeded. */
  | { readonly kind: 'sizeLimit'; readonly entries: number }
  /** Success without a single entry, whatever the filter. */
  | { readonly kind: 'emptySuccess' }
  /** Bytes that are no LDAP message; default: an unknown tag with an absurd length. */
  | { readonly kind: 'garbage'; readonly bytes?: Buffer }
  /** A page of a paged search comes empty with a cookie; the entries come with the next page. */
  | { readonly kind: 'emptyPage' };

export interface Fault {
  readonly effect: FaultEffect;
  /** Which requests it strikes; default all. */
  readonly on?: LdapRequest['kind'] | readonly LdapRequest['kind'][];
  readonly when?: (request: LdapRequest<Buffer>, controls: readonly Control[]) => boolean;
  /** So many fitting requests pass unharmed first; default 0. */
  readonly after?: number;
  /** It strikes so often; default every time. */
  readonly times?: number;
}

/** Faults that many tests want, ready to inject. */
export const commonFaults = {
  busy: { effect: { kind: 'result', resultCode: RESULT_CODE.busy } },
  unavailable: { effect: { kind: 'result', resultCode: RESULT_CODE.unavailable } },
  /** Every search succeeds and finds nothing: what a lost right or a wrong base can look like. */
  emptySearches: { on: 'searchRequest', effect: { kind: 'emptySuccess' } },
  /** Active Directory refuses the DirSync cookie: 0000203D. */
  staleDirSyncCookie: {
    on: 'searchRequest',
    when: (_request, controls) =>
      controls.some((control) => control.oid === CONTROL_OID.dirSync && !isFirstRound(control)),
    effect: {
      kind: 'result',
      resultCode: RESULT_CODE.unavailableCriticalExtension,
      diagnosticMessage:
        '0000203D: LdapErr: DSID-0C090C6D, comment: Error processing control, data 0, v4563\u0000',
    },
  },
} as const satisfies Record<string, Fault>;

function isFirstRound(control: Control): boolean {
  return parseDirSyncRequestControl(control).cookie.length === 0;
}

/** A fault that is in force. */
export interface InjectedFault {
  /** How often it has struck. */
  readonly strikes: number;
  remove(): void;
}

interface ActiveFault {
  readonly fault: Fault;
  passed: number;
  strikes: number;
}

/** The faults of one directory. Several can strike one request; the first that ends it wins. */
export class DirectoryFaults {
  readonly #active = new Set<ActiveFault>();
  #isRefusing = false;

  inject(fault: Fault): InjectedFault {
    const active: ActiveFault = { fault, passed: 0, strikes: 0 };
    this.#active.add(active);
    return {
      get strikes() {
        return active.strikes;
      },
      remove: () => {
        this.#active.delete(active);
      },
    };
  }

  /** New connections are accepted and cut at once; those that are open stay. */
  refuseConnections(isRefusing = true): void {
    this.#isRefusing = isRefusing;
  }

  get isRefusingConnections(): boolean {
    return this.#isRefusing;
  }

  /** Everything works again. */
  clear(): void {
    this.#active.clear();
    this.#isRefusing = false;
  }

  /** The effects that strike this request, in the order of their injection. */
  strike(request: LdapRequest<Buffer>, controls: readonly Control[]): readonly FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const active of this.#active) {
      const { fault } = active;
      if (!concerns(fault, request, controls)) continue;
      if (active.passed < (fault.after ?? 0)) {
        active.passed += 1;
        continue;
      }
      if (active.strikes >= (fault.times ?? Number.POSITIVE_INFINITY)) continue;
      active.strikes += 1;
      effects.push(fault.effect);
    }
    return effects;
  }
}

function concerns(fault: Fault, request: LdapRequest<Buffer>, controls: readonly Control[]): boolean {
  const { on } = fault;
  const isKind =
    on === undefined || (typeof on === 'string' ? on === request.kind : on.includes(request.kind));
  return isKind && (fault.when?.(request, controls) ?? true);
}
