import { connect, createServer, type Socket } from 'node:net';

/** A line between two programs that can be cut while bytes are on it. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes that have gone from the dialling side to the target, over all connections. */
  readonly bytesUp: number;
  readonly openConnections: number;
  /** Resolves once so many more bytes have gone up. */
  afterBytesUp(bytes: number): Promise<void>;
  /** Breaks every open connection with a reset, as a crashed router does; new ones are served. */
  cut(): void;
  /** The same at the first chunk that passes this many more bytes: in the middle of a message, most likely. */
  cutAfterBytesUp(bytes: number): Promise<void>;
  /** While closed, new connections are reset at once. */
  refuse(refusing: boolean): void;
  stop(): Promise<void>;
}

export interface TcpProxyTarget {
  readonly host?: string;
  readonly port: number;
}

/** Listens on a free loopback port and passes everything on to `target`, with backpressure. */
export async function startTcpProxy(target: TcpProxyTarget): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const marks = new Set<{ readonly at: number; readonly reached: () => void }>();
  let bytesUp = 0;
  let refusing = false;
  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    pairs.clear();
  };
  const countUp = (chunk: Buffer): void => {
    bytesUp += chunk.length;
    for (const mark of marks) {
      if (bytesUp < mark.at) continue;
      marks.delete(mark);
      mark.reached();
    }
  };
  const server = createServer((near) => {
    near.on('error', () => near.destroy());
    if (refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: target.host ?? '127.0.0.1', port: target.port });
    const pair = [near, far] as const;
    pairs.add(pair);
    near.on('data', countUp);
    near.pipe(far);
    far.pipe(near);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
  const mark = (bytes: number, then: () => void): Promise<void> =>
    new Promise((resolve) => {
      marks.add({
        at: bytesUp + bytes,
        reached: () => {
          then();
          resolve();
        },
      });
    });
  return {
    port: address.port,
    get bytesUp() {
      return bytesUp;
    },
    get openConnections() {
      return pairs.size;
    },
    afterBytesUp: (bytes) => mark(bytes, () => undefined),
    cut,
    cutAfterBytesUp: (bytes) => mark(bytes, cut),
    refuse: (next) => {
      refusing = next;
    },
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        cut();
      }),
  };
}
