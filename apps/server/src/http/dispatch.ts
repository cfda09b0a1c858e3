import { MEDIA_TYPE, type NamedOperation } from '@sallyport/contract';
import { CodedError, readUuid } from '@sallyport/model';
import type { Log } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditLog } from '../activities/audit-log.ts';
import type { Authenticate } from '../tokens/authenticate.ts';
import { authorize } from './authorize.ts';
import type { Addresses } from './hal.ts';
import type { Handlers } from './handlers.ts';
import { answerMediaType, bodyMediaType, parseJsonBody } from './media-types.ts';
import { notFound } from './refuse.ts';
import type { RequestContext } from './request-context.ts';
import { validate } from './validate.ts';

export interface DispatchDependencies {
  readonly store: Store;
  readonly authenticate: Authenticate;
  readonly handlers: Handlers;
  readonly addresses: Addresses;
  readonly audit: AuditLog;
  readonly log: Log;
}

type LooseHandler = (request: object, context: RequestContext) => Promise<unknown>;

/**
 * Answers one request of one address: who is it, which operation is meant, may they, is everything right, do it, write
 * it down. `sharing` are the operations of this method and path.
 */
export function makeDispatch(
  sharing: readonly NamedOperation[],
  dependencies: DispatchDependencies,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  return async (request, reply) => {
    const actor = await dependencies.authenticate(request.headers.authorization);
    const params = readParams(request.params);
    const named = chooseOperation(sharing, request);
    const { operation } = named;
    const audited = operation.method !== 'GET' && operation.readOnly !== true;
    /** Who is known and is refused leaves a trace where they may see it; what could not even be read does not. */
    const traced = async <T>(work: () => T | Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        if (audited && !isStranger(error))
          await dependencies.audit.recordRefusal(named, params, actor, error);
        throw error;
      }
    };
    await traced(() => authorize(operation, actor, params.environmentId));
    await assertEnvironment(dependencies.store, params.environmentId);
    const path = request.url.split('?', 1)[0] ?? request.url;
    const context: RequestContext = {
      actor,
      addresses: dependencies.addresses,
      path,
      query: new URLSearchParams(request.url.slice(path.length + 1)),
      signal: abortOnClose(reply),
      log: dependencies.log,
    };
    const query = operation.query === undefined ? {} : validate(operation.query, request.query, 'query');
    const body =
      operation.body === undefined ? undefined : validate(operation.body, parseJsonBody(request.body));
    const handle = handlerOf(dependencies.handlers, named);
    const answer = await traced(() => handle({ params, query, body }, context));
    if (audited) await dependencies.audit.record(named, params, actor, answer);
    void reply.code(operation.status);
    if (operation.response === undefined) return reply.send();
    // Bytes, not text: to a text the framework would add a charset, which JSON has not (RFC 8259 §11).
    return reply.type(answerMediaType(request.headers.accept)).send(Buffer.from(JSON.stringify(answer)));
  };
}

/** Nothing is written about those who have no business here: the environment is somebody else's, or the object is not there. */
function isStranger(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'NOT_FOUND';
}

function readParams(params: unknown): Readonly<Record<string, string>> {
  const read: Record<string, string> = {};
  if (typeof params !== 'object' || params === null) return read;
  for (const [name, value] of Object.entries(params)) if (typeof value === 'string') read[name] = value;
  // Ids are lower case everywhere behind the door.
  if (read.environmentId !== undefined)
    read.environmentId = readUuid(read.environmentId) ?? read.environmentId;
  return read;
}

/** The operation whose media type the body has; the only one where none is sent and none is needed. */
function chooseOperation(sharing: readonly NamedOperation[], request: FastifyRequest): NamedOperation {
  const [first] = sharing;
  if (first === undefined) throw new TypeError('A route without operations');
  if (first.operation.body === undefined) return first;
  const sent = bodyMediaType(request.headers['content-type']);
  const isEmpty = !Buffer.isBuffer(request.body) || request.body.length === 0;
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (!isEmpty && encoding !== 'identity')
    throw new CodedError(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body has the content encoding ${JSON.stringify(encoding)}; send it as it is (RFC 9110 §15.5.16)`,
    );
  const accepts = ({ operation }: NamedOperation): boolean => {
    const types = operation.mediaTypes ?? [MEDIA_TYPE.json];
    // What a client reads as hal+json it may send back as hal+json.
    const asJson = sent === MEDIA_TYPE.hal ? MEDIA_TYPE.json : sent;
    return asJson === undefined
      ? isEmpty && types.includes(MEDIA_TYPE.json)
      : types.some((type) => type.toLowerCase() === asJson);
  };
  const chosen = sharing.find(accepts);
  if (chosen !== undefined) return chosen;
  const known = sharing.flatMap(({ operation }) => operation.mediaTypes ?? [MEDIA_TYPE.json]);
  throw new CodedError(
    'UNSUPPORTED_MEDIA_TYPE',
    `The body has the media type ${sent ?? '(none)'}; this operation takes ${known.join(' or ')}`,
  );
}

async function assertEnvironment(store: Store, text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const id = readUuid(text);
  const environment = id === undefined ? undefined : await store.environments.get(id);
  if (environment === undefined) throw notFound('environment');
}

function handlerOf(handlers: Handlers, { group, name, id }: NamedOperation): LooseHandler {
  const groups: Readonly<Record<string, Readonly<Record<string, unknown>>>> = handlers;
  const handler = groups[group]?.[name];
  if (typeof handler !== 'function') throw new TypeError(`The operation ${id} has no handler`);
  // `Handlers` has proven that it takes what this operation's schemas make.
  return handler as LooseHandler;
}

function abortOnClose(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const gone = (): void => controller.abort(new CodedError('INVALID_REQUEST', 'The client went away'));
  // The answer's side: a request counts as destroyed as soon as its body has been read.
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone();
  });
  if (reply.raw.destroyed) gone();
  return controller.signal;
}
