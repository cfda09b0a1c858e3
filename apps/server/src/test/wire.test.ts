import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await startTestServer({ options: { maxBodyBytes: 4096 } });
  token = await server.token();
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

async function send(
  method: string,
  path: string,
  init: { headers?: Record<string, string>; body?: string; bare?: boolean } = {},
): Promise<Answer> {
  const response = await fetch(`${server.publicUrl}${path}`, {
    method,
    headers: { ...(init.bare === true ? {} : { authorization: `Bearer ${token}` }), ...init.headers },
    ...(init.body === undefined ? {} : { body: init.body }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : {},
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const users = (): string => `/v1/environments/${server.environmentId}/users`;

describe('answers', () => {
  it('are application/json unless hal+json is asked for', async () => {
    for (const [accept, expected] of [
      ['*/*', 'application/json'],
      ['application/json', 'application/json'],
      ['application/hal+json, application/json', 'application/hal+json'],
      ['application/json;q=1, application/hal+json;q=0.5', 'application/json'],
      ['text/html', 'application/json'],
    ] as const)
      expect((await send('GET', users(), { headers: { accept } })).headers.get('content-type'), accept).toBe(
        expected,
      );
  });

  it('carry absolute links, security headers, and the ids the caller sent, cleaned', async () => {
    const answer = await send('GET', `${users()}?limit=1`, {
      headers: {
        'X-Ping-External-Transaction-ID': 'order 66/ok',
        'X-Ping-External-Session-ID': 'x'.repeat(200),
      },
    });
    expect(answer.body._links).toEqual({ self: { href: `${server.publicUrl}${users()}?limit=1` } });
    expect(answer.headers.get('x-ping-external-transaction-id')).toBe('order_66/ok');
    expect(answer.headers.get('x-ping-external-session-id')).toHaveLength(100);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await send('GET', users())).headers.get('x-ping-external-transaction-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  it('to DELETE have no body', async () => {
    const made = await send('POST', users(), { headers: JSON_TYPE, body: '{"username":"gone"}' });
    expect(made.status).toBe(201);
    const answer = await send('DELETE', `${users()}/${String(made.body.id)}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
  });
});

describe('every error', () => {
  it('has the same body, with an id that the log has too', async () => {
    const cases: readonly (readonly [string, () => Promise<Answer>, number, string, string | undefined])[] = [
      ['no token', () => send('GET', users(), { bare: true }), 401, 'ACCESS_FAILED', 'INVALID_TOKEN'],
      [
        'a wrong token',
        () => send('GET', users(), { bare: true, headers: { authorization: 'Bearer a.b.c' } }),
        401,
        'ACCESS_FAILED',
        'INVALID_TOKEN',
      ],
      [
        'a token with a wrong signature',
        () =>
          send('GET', users(), {
            bare: true,
            headers: { authorization: `Bearer ${token.slice(0, -4)}AAAA` },
          }),
        401,
        'ACCESS_FAILED',
        'INVALID_TOKEN',
      ],
      ['no such address', () => send('GET', '/v2/nothing'), 404, 'NOT_FOUND', undefined],
      [
        'no such id',
        () => send('GET', `${users()}/00000000-0000-4000-8000-000000000000`),
        404,
        'NOT_FOUND',
        undefined,
      ],
      ['an id that is none', () => send('GET', `${users()}/me`), 404, 'NOT_FOUND', undefined],
      [
        'an environment that is none',
        () => send('GET', '/v1/environments/here/users'),
        404,
        'NOT_FOUND',
        undefined,
      ],
      [
        'a method that is not there',
        () => send('DELETE', users()),
        405,
        'INVALID_REQUEST',
        'METHOD_NOT_ALLOWED',
      ],
      [
        'a wrong media type',
        () => send('POST', users(), { headers: { 'content-type': 'text/plain' }, body: 'x' }),
        415,
        'INVALID_REQUEST',
        'UNSUPPORTED_MEDIA_TYPE',
      ],
      [
        'the media type of another operation',
        () =>
          send('PUT', `${users()}/00000000-0000-4000-8000-000000000000`, {
            headers: { 'content-type': 'application/vnd.pingidentity.user.import+json' },
            body: '{}',
          }),
        415,
        'INVALID_REQUEST',
        'UNSUPPORTED_MEDIA_TYPE',
      ],
      [
        'broken JSON',
        () => send('POST', users(), { headers: JSON_TYPE, body: '{"username":' }),
        400,
        'INVALID_REQUEST',
        'MALFORMED_JSON',
      ],
      [
        'broken UTF-8',
        () => sendBytes('POST', users(), Buffer.from([0x22, 0xff, 0x22])),
        400,
        'INVALID_REQUEST',
        'MALFORMED_JSON',
      ],
      [
        'a list for an object',
        () => send('POST', users(), { headers: JSON_TYPE, body: '[]' }),
        400,
        'INVALID_DATA',
        'INVALID_VALUE',
      ],
      ['no body', () => send('POST', users(), { headers: JSON_TYPE }), 400, 'INVALID_DATA', 'REQUIRED_VALUE'],
      [
        'a missing property',
        () => send('POST', users(), { headers: JSON_TYPE, body: '{}' }),
        400,
        'INVALID_DATA',
        'REQUIRED_VALUE',
      ],
      [
        'an empty property',
        () => send('POST', users(), { headers: JSON_TYPE, body: '{"username":""}' }),
        400,
        'INVALID_DATA',
        'EMPTY_VALUE',
      ],
      [
        'a body that is too large',
        () =>
          send('POST', users(), { headers: JSON_TYPE, body: JSON.stringify({ username: 'x'.repeat(5000) }) }),
        413,
        'INVALID_REQUEST',
        'SIZE_LIMIT_EXCEEDED',
      ],
      [
        'a broken filter',
        () => send('GET', `${users()}?filter=username`),
        400,
        'INVALID_DATA',
        'INVALID_FILTER',
      ],
      [
        'a limit that is no number',
        () => send('GET', `${users()}?limit=x`),
        400,
        'INVALID_DATA',
        'INVALID_PARAMETER',
      ],
      [
        'a parameter given twice',
        () => send('GET', `${users()}?filter=a&filter=b`),
        400,
        'INVALID_DATA',
        'INVALID_PARAMETER',
      ],
      [
        'a cursor of nowhere',
        () => send('GET', `${users()}?cursor=AAAA`),
        400,
        'INVALID_DATA',
        'INVALID_CURSOR',
      ],
    ];
    for (const [name, act, status, code, detail] of cases) {
      const { body, headers, status: answered } = await act();
      expect([answered, body.code], `${name}: ${JSON.stringify(body)}`).toEqual([status, code]);
      expect(headers.get('content-type'), name).toBe('application/json');
      expect(body.id, name).toMatch(/^[0-9a-f-]{36}$/);
      expect(body.message, name).toBeTruthy();
      if (detail !== undefined) expect(body.details, name).toMatchObject([{ code: detail }]);
      expect(
        server.logLines.some((line) => line.includes(String(body.id))),
        name,
      ).toBe(true);
    }
    expect((await send('DELETE', users())).headers.get('allow')).toBe('GET, POST');
    expect((await send('GET', users(), { bare: true })).headers.get('www-authenticate')).toContain('Bearer');
  });

  it('that nobody foresaw shows nothing but its id', async () => {
    await server.store.close();
    const answer = await send('GET', users());
    expect([answer.status, answer.body.code, answer.body.details]).toEqual([
      500,
      'UNEXPECTED_ERROR',
      undefined,
    ]);
    expect((await send('GET', '/readyz')).status).toBe(503);
    await server.close();
    server = await startTestServer({ options: { maxBodyBytes: 4096 } });
    token = await server.token();
  });
});

describe('requests', () => {
  it('may be written in capitals, with a slash at the end, and as hal+json', async () => {
    const path = `/v1/environments/${server.environmentId.toUpperCase()}/users/`;
    expect((await send('GET', path)).status).toBe(200);
    const made = await send('POST', users(), {
      headers: { 'content-type': 'application/hal+json; charset=utf-8' },
      body: '{"username":"hal"}',
    });
    expect(made.status).toBe(201);
  });
});

describe('the server beside its API', () => {
  it('answers probes, metrics and documentation without a token', async () => {
    expect((await send('GET', '/healthz', { bare: true })).body).toEqual({ status: 'ok' });
    expect((await send('GET', '/readyz', { bare: true })).body).toEqual({ status: 'ready' });
    const metrics = await send('GET', '/metrics', { bare: true });
    expect(metrics.text).toContain('sallyport_http_requests_total{');
    const document = await send('GET', '/v1/openapi.json', { bare: true });
    expect(document.body).toMatchObject({ openapi: '3.1.0', servers: [{ url: server.publicUrl }] });
    const page = await send('GET', '/docs', { bare: true });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).toContain('id="users.create"');
    expect(page.text).not.toMatch(/(src|href)="https?:/);
  });

  it('limits requests from one address where told to', async () => {
    const limited = await startTestServer({ options: { rateLimitPerSecond: 1 } });
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) {
      const response = await fetch(`${limited.publicUrl}/v1/environments`);
      statuses.push(response.status);
      if (response.status !== 429) continue;
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(await response.json()).toMatchObject({
        code: 'REQUEST_LIMITED',
        details: [{ code: 'LIMIT_EXCEEDED' }],
      });
    }
    expect(statuses).toEqual([401, 401, 429, 429]);
    expect((await fetch(`${limited.publicUrl}/healthz`)).status).toBe(200);
    await limited.close();
  });

  it('keeps its key, its credentials and its people over a restart, and hands out nothing twice', async () => {
    const first = await startTestServer();
    const before = await first.token();
    await first.stop(AbortSignal.timeout(5000));
    const second = await startTestServer({ folder: first.folder, options: { port: first.port } });
    expect(second.bootstrapped).toBeUndefined();
    const response = await fetch(`${second.publicUrl}/v1/environments`, {
      headers: { authorization: `Bearer ${before}` },
    });
    expect(response.status).toBe(200);
    await second.close();
  });

  it('refuses upgrades that are no gateway', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${server.publicUrl}/elsewhere`, {
        headers: { connection: 'Upgrade', upgrade: 'websocket' },
      });
      request.on('response', (response) => resolve(response.statusCode));
      request.on('error', reject);
      request.end();
    });
    expect(status).toBe(404);
  });
});

function sendBytes(method: string, path: string, bytes: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${server.publicUrl}${path}`,
      { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const headers = new Headers({ 'content-type': response.headers['content-type'] ?? '' });
          resolve({ status: response.statusCode ?? 0, headers, text, body: JSON.parse(text) });
        });
      },
    );
    request.on('error', reject);
    request.end(bytes);
  });
}
