import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface ConnectProxy {
  readonly port: number;
  /** What was asked for with CONNECT, in order. */
  readonly asked: readonly string[];
  readonly refused: number;
  close(): Promise<void>;
}

/** A forward proxy that knows CONNECT and Basic. */
export async function startConnectProxy(user: string, password: string): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let refused = 0;
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, near, head) => {
    if (request.headers['proxy-authorization'] !== expected) {
      refused += 1;
      near.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    const target = request.url ?? '';
    asked.push(target);
    const colon = target.lastIndexOf(':');
    const far = connect({ host: target.slice(0, colon), port: Number(target.slice(colon + 1)) }, () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      far.pipe(near).pipe(far);
    });
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
  return {
    port: address.port,
    asked,
    get refused() {
      return refused;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
