import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await startTestServer();
  token = await server.token();
});
afterAll(() => server.close());

/** Sends bytes as they are, which no HTTP client would, and resolves with what came back before the end. */
function sendRaw(text: string, onSent?: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(text, () => onSent?.(socket));
    });
    socket.on('data', (bytes) => {
      received += bytes.toString('utf8');
    });
    // Being cut off is one of the answers looked at here.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

const upgrade = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '',
    '',
  ].join('\r\n');

const isAlive = async (): Promise<boolean> => (await fetch(`${server.publicUrl}/healthz`)).ok;

describe('an upgrade', () => {
  it.each(['//', '///', 'http://[', '//[', '/gateway/../x', '/other', '*'])(
    'of the address %s is answered and harms nobody',
    async (path) => {
      expect(await sendRaw(upgrade(path))).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(await isAlive()).toBe(true);
    },
  );

  it('of the gateway address without a credential is refused', async () => {
    const withProtocol = (path: string): string =>
      upgrade(path).replace('\r\n\r\n', '\r\nSec-WebSocket-Protocol: sallyport.gateway.v1\r\n\r\n');
    expect(await sendRaw(withProtocol('/gateway'))).toMatch(
      /^HTTP\/1\.1 401 [\s\S]*GATEWAY_CREDENTIAL_REFUSED/,
    );
    expect(await sendRaw(withProtocol('/gateway?x=1'))).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(['/other', '/gateway'])(
    'of %s by a client that cuts the line at once harms nobody',
    async (path) => {
      await Promise.all(
        Array.from({ length: 30 }, () => sendRaw(upgrade(path), (socket) => socket.resetAndDestroy())),
      );
      expect(await isAlive()).toBe(true);
    },
  );
});

describe('an address that cannot be read', () => {
  it.each(['/v1/environments/%ff', '/%', '/v1/environments/%E0%A4%A'])(
    '%s is answered in the shape of every other error',
    async (path) => {
      const response = await fetch(`${server.publicUrl}${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await response.json()).toMatchObject({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        code: 'INVALID_REQUEST',
      });
    },
  );

  it('for its headers are too long is answered in that shape too', async () => {
    const answer = await sendRaw(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"INVALID_REQUEST"/);
    expect(await sendRaw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"INVALID_REQUEST"/);
  });
});

describe('a request that is well-formed and not what the server takes', () => {
  it('is refused if its body is compressed: it would be taken for something it is not', async () => {
    const response = await fetch(`${server.publicUrl}/v1/environments/${server.environmentId}/users`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body: '{"username":"zipped"}',
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ details: [{ code: 'UNSUPPORTED_MEDIA_TYPE' }] });
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('gets no token by %s', async (method) => {
    const response = await fetch(`${server.publicUrl}/${server.environmentId}/as/token`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({ details: [{ code: 'METHOD_NOT_ALLOWED' }] });
  });
});

it('behind a proxy, counts requests by the address the proxy saw and not by what the client wrote', async () => {
  const limited = await startTestServer({ options: { behindProxy: true, rateLimitPerSecond: 1 } });
  const ask = async (forwardedFor: string): Promise<number> =>
    (await fetch(`${limited.publicUrl}/v1/openapi.json`, { headers: { 'x-forwarded-for': forwardedFor } }))
      .status;
  try {
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push(await ask(`198.51.100.${at}, 203.0.113.9`));
    expect(statuses).toContain(429);
    expect(await ask('198.51.100.1, 203.0.113.10')).toBe(200);
  } finally {
    await limited.close();
  }
});
