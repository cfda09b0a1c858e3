import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listOperations, type NamedOperation } from '@sallyport/contract';

/** What a test answers for one operation: the wire form of its response. Throw a Refusal for anything but a success. */
export type Answers = Readonly<Record<string, (request: AnsweredRequest) => unknown>>;

export interface AnsweredRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Where the server is, for links. */
  readonly url: string;
}

export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body;
  }
}

export interface ContractServer {
  readonly url: string;
  /** `rules.list`, `runs.start {"type":"full"}`: what was asked, in order. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

export const CLIENT = { id: 'cli-test', secret: 'a secret with + and %' };

/**
 * A real HTTP server that holds itself to the contract: paths, methods and request bodies are those of the table, and what
 * the test answers is checked against the schema of the response before it is sent.
 */
export async function startContractServer(answers: Answers): Promise<ContractServer> {
  const calls: string[] = [];
  let url = '';
  const server = createServer((request, response) => {
    void handle(request, response, answers, calls, url).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(`the test's server failed: ${error instanceof Error ? error.stack : String(error)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answers: Answers,
  calls: string[],
  base: string,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  const target = new URL(request.url ?? '/', base);
  if (target.pathname.endsWith('/as/token')) return answerToken(request, text, calls, response);
  if (request.headers.authorization !== 'Bearer good-token')
    return send(response, 401, { id: 'i-1', code: 'INVALID_TOKEN', message: 'The token is not valid' });
  const found = findOperation(request.method ?? '', target.pathname);
  if (found === undefined) throw new Error(`${request.method} ${target.pathname} is not in the contract`);
  const { named, params } = found;
  const { operation } = named;
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  operation.body?.parse(body);
  operation.query?.parse(Object.fromEntries(target.searchParams));
  const isRead = operation.method === 'GET';
  calls.push(isRead || body === undefined ? named.id : `${named.id} ${JSON.stringify(body)}`);
  const answer = answers[named.id];
  if (answer === undefined) throw new Error(`the test has no answer for ${named.id}`);
  try {
    const value = answer({ params, query: target.searchParams, body, url: base });
    operation.response?.parse(value);
    send(response, operation.status, operation.response === undefined ? undefined : value);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    send(response, error.status, error.body);
  }
}

function answerToken(
  request: IncomingMessage,
  text: string,
  calls: string[],
  response: ServerResponse,
): void {
  calls.push('token');
  const form = new URLSearchParams(text);
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  // Both parts are form-encoded before they are joined (RFC 6749 §2.3.1).
  const [id, secret] =
    basic === undefined
      ? [form.get('client_id'), form.get('client_secret')]
      : atob(basic)
          .split(':')
          .map((part) => new URLSearchParams(`t=${part}`).get('t'));
  if (id === CLIENT.id && secret === CLIENT.secret)
    send(response, 200, { access_token: 'good-token', token_type: 'Bearer', expires_in: 3600 });
  else send(response, 401, { error: 'invalid_client', error_description: 'Client id or secret is wrong' });
}

function findOperation(
  method: string,
  path: string,
): { readonly named: NamedOperation; readonly params: Record<string, string> } | undefined {
  // A fixed path beats one with a parameter in its place.
  const candidates = listOperations()
    .filter(({ operation }) => operation.method === method)
    .toSorted((a, b) => parameterCount(a) - parameterCount(b));
  for (const named of candidates) {
    const pattern = named.operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (match !== null) return { named, params: { ...match.groups } };
  }
  return undefined;
}

function parameterCount({ operation }: NamedOperation): number {
  return operation.path.split('{').length;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
