import { setTimeout as delay } from 'node:timers/promises';
import {
  BerError,
  type Control,
  EXTENDED_OID,
  type ExtendedRequestOp,
  type LdapExchange,
  type LdapResponse,
  LdapTextError,
  parseDn,
  RESULT_CODE,
  type SearchRequestOp,
  type ServerConnection,
  type ServerConnectionHandler,
} from '@sallyport/ldap';
import { valueKey } from '../core/attribute-values.ts';
import { anonymousCaller } from '../core/caller.ts';
import type { DirectoryManner } from '../core/directory-manner.ts';
import { DirectoryRefusal } from '../core/directory-refusal.ts';
import { answerSearch } from '../core/ordinary-search.ts';
import type { ConnectionState, SearchJob } from '../core/search-job.ts';
import type { DirectoryFaults, FaultEffect } from '../faults/directory-faults.ts';

/** An unknown tag whose length is beyond anything: no client can mistake it for a message. */
const garbage = Buffer.from('ffff7f84ffffffff00c0ffee', 'hex');

/** Answers LDAP requests out of a manner, with the faults that are in force. */
export class DirectoryHandler implements ServerConnectionHandler {
  readonly #manner: DirectoryManner;
  readonly #faults: DirectoryFaults;
  readonly #states = new WeakMap<ServerConnection, ConnectionState>();
  /** What broke in here: a fault of the test directory itself, which a test should not overlook. */
  readonly failures: unknown[] = [];

  constructor(manner: DirectoryManner, faults: DirectoryFaults) {
    this.#manner = manner;
    this.#faults = faults;
  }

  async onRequest(exchange: LdapExchange): Promise<void> {
    const effects = this.#faults.strike(exchange.request, exchange.controls);
    try {
      if (await this.#isEndedBy(effects, exchange)) return;
      await this.#answer(exchange, effects);
    } catch (error) {
      finishWith(error, exchange);
    }
  }

  onFailure(error: unknown): void {
    this.failures.push(error);
  }

  async #isEndedBy(effects: readonly FaultEffect[], exchange: LdapExchange): Promise<boolean> {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'drop':
          exchange.connection.destroy();
          return true;
        case 'delay':
          await pause(effect.delayMs, exchange.signal);
          break;
        case 'silence':
          return true;
        case 'result':
          exchange.finish({
            resultCode: effect.resultCode,
            diagnosticMessage: effect.diagnosticMessage ?? '',
          });
          return true;
        case 'emptySuccess':
          exchange.finish({ resultCode: RESULT_CODE.success });
          return true;
        case 'garbage':
          exchange.sendRaw(effect.bytes ?? garbage);
          return true;
        default: // the others strike while a search is answered
      }
    }
    return exchange.signal.aborted;
  }

  async #answer(exchange: LdapExchange, effects: readonly FaultEffect[]): Promise<void> {
    const { request, controls } = exchange;
    const manner = this.#manner;
    const state = this.#stateOf(exchange.connection);
    const { caller } = state;
    assertSupported(manner, controls);
    const responseControls: Control[] = [];
    switch (request.kind) {
      case 'bindRequest': {
        if (request.authentication.kind !== 'simple') {
          exchange.finish({ resultCode: RESULT_CODE.authMethodNotSupported });
          return;
        }
        // A bind that fails leaves the connection anonymous (RFC 4513 §4).
        state.caller = anonymousCaller(exchange.connection.secure);
        state.caller = manner.bind(
          request.dn,
          request.authentication.password.toString(),
          exchange.connection.secure,
        );
        break;
      }
      case 'searchRequest':
        await this.#search(exchange, request, state, effects);
        return;
      case 'addRequest':
        manner.add(caller, parseDn(request.dn), request.attributes, controls);
        break;
      case 'modifyRequest':
        manner.modify(caller, request.dn, request.changes, controls);
        break;
      case 'modifyDnRequest':
        manner.modifyDn(caller, request.dn, request, controls);
        break;
      case 'deleteRequest':
        manner.delete(caller, request.dn, controls, (control) => responseControls.push(control));
        break;
      case 'compareRequest': {
        manner.assertMaySearch(caller);
        const entry = manner.locate(caller, request.dn, controls);
        const rule = manner.schema.attribute(request.attribute);
        const syntax = rule?.syntax ?? 'text';
        const wanted = valueKey(syntax, request.value);
        const isEqual = manner
          .valuesOf(entry, rule?.key ?? '')
          .some((value) => valueKey(syntax, value) === wanted);
        exchange.finish({ resultCode: isEqual ? RESULT_CODE.compareTrue : RESULT_CODE.compareFalse });
        return;
      }
      case 'extendedRequest':
        return this.#extended(exchange, request, state, effects);
      default:
        return;
    }
    exchange.finish({ resultCode: RESULT_CODE.success, controls: responseControls });
  }

  async #extended(
    exchange: LdapExchange,
    { oid, value }: ExtendedRequestOp<Buffer>,
    state: ConnectionState,
    effects: readonly FaultEffect[],
  ): Promise<void> {
    const { controls, signal } = exchange;
    const send = makeSender(exchange, effects);
    const done = { resultCode: RESULT_CODE.success, matchedDn: '', diagnosticMessage: '', referrals: [] };
    const special = this.#manner.extended?.({
      oid,
      value,
      controls,
      caller: state.caller,
      signal,
      sendIntermediate: (responseOid, bytes) =>
        send({ kind: 'intermediateResponse', oid: responseOid, value: bytes }),
      finish: (bytes) => exchange.send({ kind: 'extendedResponse', ...done, value: bytes }),
    });
    if (special !== undefined) return special;
    if (oid !== EXTENDED_OID.whoAmI) {
      exchange.finish({
        resultCode: RESULT_CODE.protocolError,
        diagnosticMessage: `no extended operation ${oid} here`,
      });
      return;
    }
    const { entry } = state.caller;
    exchange.send({
      kind: 'extendedResponse',
      ...done,
      value: entry === undefined ? '' : `dn:${entry.dn}`,
    });
  }

  async #search(
    exchange: LdapExchange,
    request: SearchRequestOp,
    connection: ConnectionState,
    effects: readonly FaultEffect[],
  ): Promise<void> {
    const manner = this.#manner;
    const { controls } = exchange;
    if (request.base === '' && request.scope === 'base') {
      const selection = { attributes: request.attributes, typesOnly: request.typesOnly, controls };
      exchange.send({
        kind: 'searchEntry',
        dn: '',
        attributes: manner.readRootDse(selection, connection.caller),
      });
      exchange.finish({ resultCode: RESULT_CODE.success });
      return;
    }
    const send = makeSender(exchange, effects);
    const asked: SearchJob = {
      request,
      controls,
      caller: connection.caller,
      exchange,
      connection,
      sendEntry: (dn, attributes, entryControls) =>
        send({ kind: 'searchEntry', dn, attributes }, entryControls),
    };
    const job = manner.prepareSearch?.(asked) ?? asked;
    const special = manner.specialSearch(job);
    if (special !== undefined) return special;
    return answerSearch(manner, job, () => effects.some((effect) => effect.kind === 'emptyPage'));
  }

  #stateOf(connection: ServerConnection): ConnectionState {
    const known = this.#states.get(connection);
    // StartTLS makes an anonymous connection a secure one; a bound caller keeps what was known at the bind.
    if (known !== undefined) {
      if (known.caller.secure !== connection.secure)
        known.caller = { ...known.caller, secure: connection.secure };
      return known;
    }
    const state: ConnectionState = {
      caller: anonymousCaller(connection.secure),
      pagedSearches: new Map(),
      openNotifications: 0,
    };
    this.#states.set(connection, state);
    return state;
  }
}

/**
 * Sends what comes before the end of an operation, one by one as the client can take it and with the faults in force.
 * False = the client has gone, has given up, or was cut off.
 */
function makeSender(
  exchange: LdapExchange,
  effects: readonly FaultEffect[],
): (op: LdapResponse, controls?: readonly Control[]) => Promise<boolean> {
  let sentCount = 0;
  return async (op, controls = []) => {
    for (const effect of effects) {
      if (effect.kind === 'slow') await pause(effect.entryDelayMs, exchange.signal);
      if (effect.kind === 'dropAfterEntries' && sentCount >= effect.entries) {
        await exchange.drained();
        exchange.connection.close();
        return false;
      }
      if (effect.kind === 'sizeLimit' && sentCount >= effect.entries) {
        exchange.finish({ resultCode: RESULT_CODE.sizeLimitExceeded });
        return false;
      }
    }
    if (exchange.signal.aborted) return false;
    exchange.send(op, controls);
    sentCount += 1;
    await exchange.drained();
    return !exchange.signal.aborted;
  };
}

function assertSupported(manner: DirectoryManner, controls: readonly Control[]): void {
  for (const control of controls) {
    if (control.critical && !manner.supportedControls.has(control.oid)) manner.refusals.unsupportedControl();
  }
}

/** Refusals become results; malformed names and values become the errors RFC 4511 has for them. */
function finishWith(error: unknown, exchange: LdapExchange): void {
  if (error instanceof DirectoryRefusal) {
    const { resultCode, message, matchedDn } = error;
    exchange.finish({ resultCode, diagnosticMessage: message, matchedDn });
  } else if (error instanceof LdapTextError) {
    exchange.finish({ resultCode: RESULT_CODE.invalidDnSyntax, diagnosticMessage: error.message });
  } else if (error instanceof BerError) {
    exchange.finish({ resultCode: RESULT_CODE.protocolError, diagnosticMessage: error.message });
  } else throw error;
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await delay(delayMs, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error; // an abandoned request has nothing left to wait for
  });
}
