import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { listOperations, MEDIA_TYPE, METHODS, type NamedOperation } from '@sallyport/contract';
import { CodedError } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type DispatchDependencies, makeDispatch } from './dispatch.ts';
import { errorResponse } from './error-response.ts';
import { makeRateLimit } from './rate-limit.ts';
import { securityHeaders } from './security-headers.ts';
import { externalIds } from './transaction-id.ts';

export interface HttpServerOptions {
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly behindProxy: boolean;
  readonly maxBodyBytes: number;
  readonly rateLimitPerSecond: number;
  readonly log: Log;
  readonly clock: Clock;
  readonly onAnswer: (operation: string, status: number, seconds: number) => void;
}

/** Paths that probes and scrapers ask every few seconds. */
const UNLIMITED = new Set(['/healthz', '/readyz', '/metrics']);

/** An HTTP server with everything that concerns every request and none of the operations yet. */
export function makeHttpServer(options: HttpServerOptions): FastifyInstance {
  const { log, clock } = options;
  const settings = {
    bodyLimit: options.maxBodyBytes,
    // One hop: what stands before the address that our proxy added was written by the client.
    trustProxy: options.behindProxy && ((_address: string, hop: number) => hop === 0),
    genReqId: () => crypto.randomUUID(),
    requestTimeout: 60_000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    // Open keep-alive connections do not hold up a stop.
    forceCloseConnections: 'idle' as const,
    // An address that cannot be decoded never reaches a route, and no hook sees it.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
      const { status, body } = errorResponse(error, request.id);
      void reply
        .headers(headersOf(options))
        .code(status)
        .type(MEDIA_TYPE.json)
        .send(Buffer.from(JSON.stringify(body)));
    },
    clientErrorHandler: answerUnreadable,
  };
  const server: FastifyInstance =
    options.tls === undefined ? fastify(settings) : fastify({ ...settings, https: options.tls });
  server.removeAllContentTypeParsers();
  // Bodies stay bytes here: whether they are JSON depends on the operation, and so does the answer if they are not.
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const waitSeconds = makeRateLimit(options.rateLimitPerSecond, clock);
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers(headersOf(options)).headers(externalIds(request.headers));
    const path = request.url.split('?', 1)[0] ?? '';
    const seconds = UNLIMITED.has(path) ? undefined : waitSeconds(request.ip);
    if (seconds === undefined) return;
    void reply.header('retry-after', String(seconds));
    throw new CodedError('REQUEST_LIMITED', 'Too many requests from this address', {
      details: [
        { code: 'LIMIT_EXCEEDED', message: `Try again in ${seconds} s`, innerError: { retryAfter: seconds } },
      ],
    });
  });
  server.setErrorHandler((error, request, reply) => {
    const { status, body, unexpected } = errorResponse(error, request.id);
    const fields = {
      id: request.id,
      method: request.method,
      path: request.url.split('?', 1)[0],
      status,
      code: body.details?.[0]?.code ?? body.code,
    };
    if (unexpected) log.error({ ...fields, err: error }, 'request failed');
    else log.debug(fields, 'request refused');
    if (status === 401)
      void reply.header('www-authenticate', 'Bearer realm="sallyport", error="invalid_token"');
    return reply
      .code(status)
      .type(MEDIA_TYPE.json)
      .send(Buffer.from(JSON.stringify(body)));
  });
  server.setNotFoundHandler(() => {
    throw new CodedError('NOT_FOUND', 'There is nothing under this address');
  });
  server.addHook('onResponse', async (request, reply) => {
    const seconds = reply.elapsedTime / 1000;
    options.onAnswer(request.routeOptions.url ?? 'none', reply.statusCode, seconds);
    log.debug(
      {
        id: request.id,
        method: request.method,
        // Without query: filters hold personal data.
        path: request.url.split('?', 1)[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        transactionId: reply.getHeader('x-ping-external-transaction-id'),
      },
      'answered',
    );
  });
  return server;
}

function headersOf({ tls, behindProxy }: HttpServerOptions): Readonly<Record<string, string>> {
  return securityHeaders(tls !== undefined || behindProxy);
}

/** What is no HTTP, or too long for it, is answered by hand: there is no request that a hook or handler could see. */
function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const message = `The request cannot be read: ${STATUS_CODES[status] ?? ''}`;
  const { body } = errorResponse(new CodedError('INVALID_REQUEST', message), crypto.randomUUID());
  const text = JSON.stringify(body);
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      `Content-Type: ${MEDIA_TYPE.json}`,
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
      '',
      text,
    ].join('\r\n'),
    () => socket.destroySoon(),
  );
}

/** One route for each address of the table; methods an address lacks answer 405. */
export function registerOperations(server: FastifyInstance, dependencies: DispatchDependencies): void {
  const byPath = new Map<string, NamedOperation[]>();
  for (const named of listOperations()) {
    for (const path of [named.operation.path, ...(named.operation.aliases ?? [])]) {
      const sharing = byPath.get(path) ?? [];
      sharing.push(named);
      byPath.set(path, sharing);
    }
  }
  for (const [path, operations] of byPath) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
    const byMethod = Map.groupBy(operations, ({ operation }) => operation.method);
    for (const [method, sharing] of byMethod)
      server.route({ method, url, handler: makeDispatch(sharing, dependencies) });
    const missing = METHODS.filter((method) => !byMethod.has(method));
    const allow = [...byMethod.keys()].join(', ');
    if (missing.length > 0)
      server.route({
        method: missing,
        url,
        handler: async (request, reply) => {
          await dependencies.authenticate(request.headers.authorization);
          void reply.header('allow', allow);
          throw new CodedError(
            'METHOD_NOT_ALLOWED',
            `This resource does not have ${request.method}; it has ${allow}`,
          );
        },
      });
  }
}
