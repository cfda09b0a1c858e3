import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { bareHost, type ForwardProxy, portOf } from './forward-proxy.ts';

/** A proxy that said no, or did not speak. */
export class ProxyError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ProxyError';
  }
}

export interface ProxyTunnelOptions {
  readonly proxy: ForwardProxy;
  readonly target: URL;
  /** PEM certificates to trust, for a proxy that is itself reached by TLS. */
  readonly ca: readonly string[];
  readonly signal: AbortSignal;
}

/** Asks a proxy for a tunnel to the target (CONNECT, RFC 9110 §9.3.6) and resolves with the bare socket. */
export function openProxyTunnel(options: ProxyTunnelOptions): Promise<Socket> {
  const { proxy, target, ca, signal } = options;
  const host = bareHost(target);
  const authority = `${host.includes(':') ? `[${host}]` : host}:${portOf(target)}`;
  const where = `proxy ${proxy.host}:${proxy.port}`;
  const requestOptions: RequestOptions = {
    host: proxy.host,
    port: proxy.port,
    method: 'CONNECT',
    path: authority,
    headers: {
      Host: authority,
      ...(proxy.authorization === undefined ? {} : { 'Proxy-Authorization': proxy.authorization() }),
    },
    agent: false,
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = proxy.secure
      ? httpsRequest({ ...requestOptions, ca: [...ca] })
      : httpRequest(requestOptions);
    request.once('connect', (response, socket, head) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(new ProxyError(refusalText(where, response.statusCode ?? 0)));
        return;
      }
      // Server and proxy both speak only when spoken to; what has come all the same belongs to the tunnel.
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once('response', (response) => {
      response.resume();
      reject(new ProxyError(refusalText(where, response.statusCode ?? 0)));
    });
    request.once('error', (error) =>
      reject(new ProxyError(`${where} cannot be used: ${error.message}`, error)),
    );
    request.end();
  });
}

function refusalText(where: string, status: number): string {
  if (status === 407)
    return `${where} wants a user and password (407): put them into HTTPS_PROXY; Basic is supported`;
  return `${where} refused the tunnel with status ${status}`;
}
