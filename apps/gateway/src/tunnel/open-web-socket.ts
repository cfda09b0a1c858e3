import type { Socket } from 'node:net';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls, getCACertificates } from 'node:tls';
import { GATEWAY_PROTOCOL, MAX_CONTROL_BYTES } from '@sallyport/contract';
import { WebSocket } from 'ws';
import { bareHost, type ForwardProxy, portOf } from './forward-proxy.ts';
import { openProxyTunnel } from './open-proxy-tunnel.ts';

const HANDSHAKE_TIMEOUT_MS = 20_000;
const MAX_REFUSAL_BYTES = 16_384;

export interface WebSocketTarget {
  readonly url: URL;
  readonly credential: () => string;
  readonly proxy: ForwardProxy | undefined;
  readonly extraCa: string | undefined;
  readonly userAgent: string;
}

/** The server answered the upgrade with a status instead. */
export class UpgradeRefused extends Error {
  readonly status: number;
  /** Sallyport's code in the answer's body; undefined if something else answered. */
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, message: string) {
    super(message);
    this.name = 'UpgradeRefused';
    this.status = status;
    this.code = code;
  }
}

export interface OpenWebSocket {
  readonly ws: WebSocket;
  /** The connection below, to hear every byte that comes in. */
  readonly socket: Socket;
}

/**
 * Dials the server, through the proxy if there is one, and upgrades. Rejects with an `UpgradeRefused`, a `ProxyError`
 * or the network's error. TLS is always verified, against the system's certificates and the extra ones.
 */
export async function openWebSocket(target: WebSocketTarget, signal: AbortSignal): Promise<OpenWebSocket> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS)]);
  const ca = [...getCACertificates('default'), ...(target.extraCa === undefined ? [] : [target.extraCa])];
  const { url, proxy } = target;
  const below =
    proxy === undefined ? undefined : await openProxyTunnel({ proxy, target: url, ca, signal: limit });
  return upgrade(target, dial(url, below, ca), limit);
}

function dial(url: URL, below: Socket | undefined, ca: string[]): Socket {
  const host = bareHost(url);
  const port = portOf(url);
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: 30_000, noDelay: true };
  if (url.protocol !== 'wss:') return below ?? connectTcp({ host, port, ...keepAlive });
  const socket = below === undefined ? { host, port, ...keepAlive } : { socket: below, host };
  // SNI carries names only (RFC 6066 §3); an address is still checked against the certificate.
  return connectTls({
    ...socket,
    ca,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
}

function upgrade(target: WebSocketTarget, socket: Socket, signal: AbortSignal): Promise<OpenWebSocket> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(target.url, GATEWAY_PROTOCOL, {
      headers: { Authorization: `Bearer ${target.credential()}`, 'User-Agent': target.userAgent },
      createConnection: () => socket,
      perMessageDeflate: false,
      maxPayload: MAX_CONTROL_BYTES,
      followRedirects: false,
      ...(hidesFrames(target.url) ? { generateMask: leaveUnmasked } : {}),
    });
    const abort = (): void => {
      fail(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      reject(error);
      ws.terminate();
      socket.destroy();
    };
    signal.addEventListener('abort', abort, { once: true });
    // Stays for good: a socket may report an error more than once, and after it was given up.
    ws.on('error', fail);
    ws.once('unexpected-response', (_request, response) => {
      readRefusal(response).then(
        (body) => fail(makeRefusal(response.statusCode ?? 0, body)),
        (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
      );
    });
    ws.once('open', () => {
      signal.removeEventListener('abort', abort);
      ws.off('error', fail);
      resolve({ ws, socket });
    });
    if (signal.aborted) abort();
  });
}

async function readRefusal(response: AsyncIterable<Buffer>): Promise<string> {
  let body = '';
  for await (const chunk of response) {
    body += chunk.toString('utf8');
    if (body.length > MAX_REFUSAL_BYTES) break;
  }
  return body;
}

function makeRefusal(status: number, body: string): UpgradeRefused {
  const { code, message } = readBody(body);
  return new UpgradeRefused(
    status,
    code,
    message === undefined
      ? `the upgrade was answered with status ${status}; is this the address of a Sallyport server?`
      : `${message} (status ${status}${code === undefined ? '' : `, ${code}`})`,
  );
}

function readBody(body: string): { readonly code?: string; readonly message?: string } {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return {};
    return {
      ...('code' in value && typeof value.code === 'string' ? { code: value.code } : {}),
      ...('message' in value && typeof value.message === 'string' ? { message: value.message } : {}),
    };
  } catch {
    // Not ours: a proxy's or load balancer's page. The status says enough.
    return {};
  }
}

/** True if nobody between here and the server can see a frame: TLS, or no network at all. */
function hidesFrames(url: URL): boolean {
  return url.protocol === 'wss:' || url.hostname === 'localhost' || /^(127\.|\[::1\])/.test(url.hostname);
}

/**
 * A masking key of zeros, which leaves the payload as it is. Masks keep what a browser's script sends from looking like
 * HTTP to a proxy in between (RFC 6455 §10.3). No proxy sees into TLS, and no stranger's script chooses our bytes; two
 * passes over every byte are saved, one on each side.
 */
function leaveUnmasked(key: Buffer): void {
  key.fill(0);
}
