import { connect, createServer, type Socket } from 'node:net';

/** A line between two programs that a test can cut or freeze. */
export interface TcpRelay {
  readonly port: number;
  /** Bytes that went from the dialling side to the listening side, and back. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly open: number;
  /** Where new connections lead; the open ones stay. */
  leadTo(port: number): void;
  /** Breaks every open connection as a crashed router would: with a reset. */
  cut(): void;
  /** Open connections carry nothing any more and nobody is told. New ones work. */
  freeze(): void;
  close(): Promise<void>;
}

export async function startTcpRelay(targetPort: number): Promise<TcpRelay> {
  let target = targetPort;
  let bytesUp = 0;
  let bytesDown = 0;
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: target });
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('data', (bytes) => {
      bytesUp += bytes.length;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      bytesDown += bytes.length;
      near.write(bytes);
    });
    for (const socket of pair) {
      socket.on('error', end);
      socket.on('close', end);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay does not listen');
  return {
    port: address.port,
    get bytesUp() {
      return bytesUp;
    },
    get bytesDown() {
      return bytesDown;
    },
    get open() {
      return pairs.size;
    },
    leadTo: (port) => {
      target = port;
    },
    cut: () => {
      for (const [near, far] of pairs) {
        near.resetAndDestroy();
        far.resetAndDestroy();
      }
      pairs.clear();
    },
    freeze: () => {
      for (const [near, far] of pairs) {
        for (const socket of [near, far]) socket.removeAllListeners('data').pause();
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const [near, far] of pairs) {
          near.destroy();
          far.destroy();
        }
      }),
  };
}
