import { MEDIA_TYPE } from '../media-type.ts';
import type { Operation, OperationInput, OperationResult } from '../operation.ts';
import { listOperations, type OperationTable } from '../operations.ts';
import { ApiError } from './api-error.ts';
import { type ClientCredentials, makeTokenSource, type TokenSource } from './token-source.ts';

export interface ApiClientOptions {
  /** Where the server is, without `/v1`. */
  readonly baseUrl: string | URL;
  /** A bearer token, or credentials to get tokens with. */
  readonly token?: string;
  readonly clientCredentials?: ClientCredentials;
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `api.users.create({ environmentId, body })`: one method for each operation of the table. */
export type ApiClient = {
  readonly [G in keyof OperationTable]: {
    readonly [K in keyof OperationTable[G]]: OperationTable[G][K] extends Operation
      ? (
          ...input: Record<never, never> extends OperationInput<OperationTable[G][K]>
            ? [input?: OperationInput<OperationTable[G][K]>, options?: CallOptions]
            : [input: OperationInput<OperationTable[G][K]>, options?: CallOptions]
        ) => Promise<OperationResult<OperationTable[G][K]>>
      : never;
  };
};

type LooseInput = Readonly<Record<string, unknown>>;

/**
 * A client made from the table of operations. Answers are checked against their schema; anything but a success is an
 * ApiError. A token that was refused is replaced once, where credentials were given.
 */
export function makeApiClient(options: ApiClientOptions): ApiClient {
  const baseUrl = new URL(options.baseUrl);
  const send = options.fetch ?? fetch;
  const { token, clientCredentials } = options;
  const tokens: TokenSource | undefined =
    clientCredentials !== undefined
      ? makeTokenSource(baseUrl, clientCredentials, send)
      : token !== undefined
        ? () => Promise.resolve(token)
        : undefined;
  const call = async (
    operation: Operation,
    input: LooseInput,
    callOptions: CallOptions,
  ): Promise<unknown> => {
    const attempt = async (fresh: boolean): Promise<Response> => {
      const request = requestOf(operation, input, callOptions);
      if (tokens !== undefined) request.headers.set('authorization', `Bearer ${await tokens(fresh)}`);
      return send(new URL(pathOf(operation, input), baseUrl), request);
    };
    let response = await attempt(false);
    if (response.status === 401 && clientCredentials !== undefined) {
      await response.body?.cancel();
      response = await attempt(true);
    }
    return readAnswer(operation, response);
  };
  const groups: Record<string, Record<string, unknown>> = {};
  for (const { group, name, operation } of listOperations()) {
    groups[group] ??= {};
    groups[group][name] = (input: LooseInput = {}, callOptions: CallOptions = {}) =>
      call(operation, input, callOptions);
  }
  // The loop makes one method for each operation of the table; the type says the same, operation by operation.
  return groups as ApiClient;
}

function pathOf(operation: Operation, input: LooseInput): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = input[name];
    if (typeof value !== 'string' || value === '') throw new TypeError(`${operation.path} needs ${name}`);
    // The colon of `id:latest` may stand in a path as it is (RFC 3986 §3.3).
    return encodeURIComponent(value).replaceAll('%3A', ':');
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {}))
    if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query}`;
}

function requestOf(
  operation: Operation,
  input: LooseInput,
  options: CallOptions,
): RequestInit & { readonly headers: Headers } {
  const headers = new Headers({ accept: MEDIA_TYPE.json, ...options.headers });
  const request = {
    method: operation.method,
    headers,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  if (operation.body === undefined) return request;
  const mediaType = operation.mediaTypes?.[0] ?? MEDIA_TYPE.json;
  const body = input.body;
  if (body === undefined && mediaType === MEDIA_TYPE.json) return request;
  headers.set('content-type', mediaType);
  return { ...request, body: JSON.stringify(body ?? {}) };
}

async function readAnswer(operation: Operation, response: Response): Promise<unknown> {
  const text = await response.text();
  const body = text === '' ? undefined : parseJson(text);
  if (!response.ok) throw new ApiError(response.status, body, response.headers.get('retry-after'));
  return operation.response?.parse(body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Something between us and the server answered in another format; the status is what counts then.
    return undefined;
  }
}
