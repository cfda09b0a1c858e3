import { connect, createServer, type Socket } from 'node:net';

export type Way = 'up' | 'down';

/** A line between two programs that can be cut while bytes are on it. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes that have gone over it: `up` from the dialling side to the target. */
  bytes(way: Way): number;
  readonly openConnections: number;
  /** Resolves once so many more bytes have gone that way. */
  afterBytes(way: Way, bytes: number): Promise<void>;
  /** Breaks every open connection with a reset, as a crashed router does; new ones are served. */
  cut(): void;
  /** The same at the first chunk that passes this many more bytes: in the middle of a message, most likely. */
  cutAfterBytes(way: Way, bytes: number): Promise<void>;
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
  const marks = new Set<{ readonly way: Way; readonly at: number; readonly reached: () => void }>();
  const gone = { up: 0, down: 0 };
  let refusing = false;
  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    pairs.clear();
  };
  const count = (way: Way, chunk: Buffer): void => {
    gone[way] += chunk.length;
    for (const mark of marks) {
      if (mark.way !== way || gone[way] < mark.at) continue;
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
    near.on('data', (chunk: Buffer) => count('up', chunk)).pipe(far);
    far.on('data', (chunk: Buffer) => count('down', chunk)).pipe(near);
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
  const mark = (way: Way, bytes: number, then: () => void): Promise<void> =>
    new Promise((resolve) => {
      marks.add({
        way,
        at: gone[way] + bytes,
        reached: () => {
          then();
          resolve();
        },
      });
    });
  return {
    port: address.port,
    bytes: (way) => gone[way],
    get openConnections() {
      return pairs.size;
    },
    afterBytes: (way, bytes) => mark(way, bytes, () => undefined),
    cut,
    cutAfterBytes: (way, bytes) => mark(way, bytes, cut),
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
