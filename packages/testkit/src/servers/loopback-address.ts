import { createServer, type Server } from 'node:net';

/** A loopback address that no other test process uses until `release` is called or this process ends. */
export interface ReservedAddress {
  readonly address: string;
  release(): Promise<void>;
}

/** The addresses the test certificate is valid for: 127.77.0.1 to 127.77.0.200. */
const addressCount = 200;
/** Held open as the lock on an address; nobody connects to it. */
const lockPort = 41_389;

/**
 * Reserves an address of 127.77.0.0/24 for one server, so that parallel test files can all use the standard ports.
 * The listening lock socket dies with the process: nothing stale stays behind. Linux only (macOS has no 127.x.y.z beyond .1).
 */
export async function reserveLoopbackAddress(wanted?: string): Promise<ReservedAddress> {
  const start = (process.pid * 7) % addressCount;
  const candidates =
    wanted !== undefined
      ? [wanted]
      : Array.from(
          { length: addressCount },
          (_, offset) => `127.77.0.${1 + ((start + offset) % addressCount)}`,
        );
  for (const address of candidates) {
    const lock = await listen(address);
    if (lock === undefined) continue;
    return { address, release: () => new Promise((resolve) => lock.close(() => resolve())) };
  }
  throw new Error(
    `No free loopback address: ${candidates.length} tried from ${candidates[0]}. Stop other test runs, or name an address.`,
  );
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined)); // taken, or no such address: the caller tries the next
    server.listen({ host: address, port: lockPort, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}
