import { type Capability, fromBase64, type ResultMessage, toBase64 } from '@sallyport/contract';
import {
  type DirectoryLink,
  type ExtendedResult,
  type LdapError,
  LdapError as LdapErrorClass,
  makeClientError,
  RESULT_CODE,
  type SearchOutcome,
} from '@sallyport/ldap';
import { chooseInstance, stayWith } from './choose-instance.ts';
import { toLdapResult } from './failure-to-error.ts';
import { makeGatewayStream } from './gateway-stream.ts';
import { isLinkLoss, makeHubError } from './hub-error.ts';
import type { InstanceConnection } from './instance-connection.ts';
import { attributeField, changeField, controlFields, streamDraft } from './link-messages.ts';
import { isRead, type OperationDraft, type StreamDraft } from './operation-draft.ts';

/** Every connection of one gateway, at the time of asking. */
export type ConnectionsOf = () => Iterable<InstanceConnection>;

export interface GatewayLinkOptions {
  /** Ask one instance as long as there is no reason for another; default false: each operation goes where there is least to wait for. */
  readonly stay?: boolean;
}

/**
 * A directory reached through the connected instances of a gateway. Each operation goes to the instance with the least
 * to wait for. Reads are asked of another instance when one goes away; a write that was sent and not answered rejects
 * with `outcomeUnknown`.
 */
export function makeGatewayLink(
  gatewayId: string,
  connections: ConnectionsOf,
  { stay = false }: GatewayLinkOptions = {},
): DirectoryLink {
  let last: InstanceConnection | undefined;
  const choose = (capability: Capability, tried: ReadonlySet<InstanceConnection>): InstanceConnection => {
    const accepting = [...connections()].filter((connection) => connection.accepts);
    const fresh = accepting.filter((connection) => connection.can(capability) && !tried.has(connection));
    const chosen = stay ? stayWith(last, fresh) : chooseInstance(fresh);
    last = chosen;
    if (chosen !== undefined) return chosen;
    throw noInstance(gatewayId, capability, accepting);
  };

  const ask = async (draft: OperationDraft, signal?: AbortSignal): Promise<ResultMessage> => {
    const tried = new Set<InstanceConnection>();
    let failure: LdapError | undefined;
    for (;;) {
      if (signal?.aborted === true) {
        throw makeClientError('LDAP_ABORTED', `The ${draft.type} was aborted.`, { cause: signal.reason });
      }
      let connection: InstanceConnection;
      try {
        connection = choose(draft.type, tried);
      } catch (error) {
        // What went wrong at the last instance says more than that there is no further one.
        throw failure ?? error;
      }
      tried.add(connection);
      try {
        const answer = await connection.request(draft, signal);
        if (answer.type === 'result') return answer;
        throw makeHubError('GATEWAY_PROTOCOL', `The ${draft.type} was answered with a ${answer.type}.`);
      } catch (error) {
        if (!mayFailOver(error, isRead(draft))) throw error;
        failure = error;
      }
    }
  };

  const stream = <Outcome>(
    draft: StreamDraft,
    signal: AbortSignal | undefined,
    outcomeOf: (message: ResultMessage) => Outcome,
  ) => {
    const tried = new Set<InstanceConnection>();
    let failure: LdapError | undefined;
    const read = isRead(draft);
    return makeGatewayStream({
      name: draft.type === 'extendedStream' ? `extended operation ${draft.oid}` : draft.type,
      changes: !read,
      outcomeOf,
      signal,
      open: () => {
        try {
          const connection = choose(draft.type, tried);
          tried.add(connection);
          return connection.open(draft);
        } catch (error) {
          throw failure ?? error;
        }
      },
      mayFailOver: (error) => {
        if (!mayFailOver(error, read)) return false;
        failure = error;
        return true;
      },
    });
  };

  const write = async (draft: OperationDraft, signal?: AbortSignal) =>
    toLdapResult((await ask(draft, signal)).result);

  return {
    search: (request, options) => stream(streamDraft('search', request), options?.signal, searchOutcome),
    watch: (request, options) => stream(streamDraft('watch', request), options.signal, searchOutcome),
    add: (dn, attributes, options) =>
      write(
        { type: 'add', dn, attributes: attributes.map(attributeField), ...controlFields(options?.controls) },
        options?.signal,
      ),
    modify: (dn, changes, options) =>
      write(
        { type: 'modify', dn, changes: changes.map(changeField), ...controlFields(options?.controls) },
        options?.signal,
      ),
    modifyDn: (dn, newRdn, { deleteOldRdn, newSuperior, controls, signal }) =>
      write(
        {
          type: 'modifyDn',
          dn,
          newRdn,
          deleteOldRdn,
          ...(newSuperior === undefined ? {} : { newSuperior }),
          ...controlFields(controls),
        },
        signal,
      ),
    delete: (dn, options) =>
      write({ type: 'delete', dn, ...controlFields(options?.controls) }, options?.signal),
    compare: async (dn, attribute, value, options) => {
      const draft = {
        type: 'compare',
        dn,
        attribute,
        value: toBase64(value),
        ...controlFields(options?.controls),
      };
      const { result } = await ask({ ...draft, type: 'compare' }, options?.signal);
      return result.resultCode === RESULT_CODE.compareTrue;
    },
    checkPassword: async (dn, password, options) => {
      if (dn === '' || password === '') {
        throw makeClientError('LDAP_EMPTY_PASSWORD', 'A sign-on without a name or password is no sign-on.');
      }
      return write({ type: 'bind', dn, password, ...controlFields(options?.controls) }, options?.signal);
    },
    extended: async (oid, value, options) => {
      const answer = await ask(
        {
          type: 'extended',
          oid,
          ...(value === undefined ? {} : { value: toBase64(value) }),
          ...controlFields(options?.controls),
        },
        options?.signal,
      );
      return extendedResult(answer);
    },
    extendedStream: (oid, value, { controls, signal, silenceTimeoutMs } = {}) =>
      stream(
        {
          type: 'extendedStream',
          oid,
          ...(value === undefined ? {} : { value: toBase64(value) }),
          ...controlFields(controls),
          ...(silenceTimeoutMs === undefined ? {} : { silenceTimeoutMs }),
        },
        signal,
        (message) => ({ ...extendedResult(message), intermediateCount: message.intermediateCount ?? 0 }),
      ),
    get server() {
      const accepting = [...connections()].filter((connection) => connection.accepts);
      return chooseInstance(accepting)?.instance?.server;
    },
  };
}

function searchOutcome(message: ResultMessage): SearchOutcome {
  return { ...toLdapResult(message.result), entryCount: message.entryCount ?? 0, pages: message.pages ?? 1 };
}

function extendedResult(message: ResultMessage): ExtendedResult {
  return {
    ...toLdapResult(message.result),
    ...(message.oid === undefined ? {} : { oid: message.oid }),
    ...(message.value === undefined ? {} : { value: fromBase64(message.value) }),
  };
}

/**
 * Another instance may be asked if this one went away during a read, or if it could not reach its directory at all: then
 * nothing was sent, and a write is as safe to repeat as a read.
 */
function mayFailOver(error: unknown, read: boolean): error is LdapError {
  if (!(error instanceof LdapErrorClass) || error.outcomeUnknown) return false;
  if (isLinkLoss(error)) return read;
  return error.code === 'LDAP_HOST_UNREACHABLE';
}

function noInstance(
  gatewayId: string,
  capability: Capability,
  accepting: readonly InstanceConnection[],
): LdapError {
  const able = accepting.some((connection) => connection.can(capability));
  const [first] = accepting;
  if (first !== undefined && !able) {
    return makeHubError(
      'GATEWAY_UNSUPPORTED_OPERATION',
      `No instance of gateway ${gatewayId} knows the operation "${capability}"; ` +
        `${first.instance?.hostname ?? 'one'} runs version ${first.instance?.version ?? 'unknown'}. Update the gateway program.`,
    );
  }
  return makeHubError(
    'GATEWAY_NOT_CONNECTED',
    `No instance of gateway ${gatewayId} is connected. Start sallyport-gateway beside the directory, or look into its log.`,
  );
}
