import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface UpgradeRefusal {
  readonly status: 400 | 401 | 404 | 429 | 500 | 503;
  readonly code: string;
  readonly message: string;
}

/** The other side has this long to close after it was refused; HTTP sockets stay half open as long as it likes. */
const CLOSE_WITHIN_MS = 5_000;

/** Answers an upgrade that does not happen and gets rid of the socket. Never throws. */
export function refuseUpgrade(socket: Duplex, { status, code, message }: UpgradeRefusal): void {
  const body = JSON.stringify({ code, message });
  socket.on('error', () => socket.destroy());
  if (socket instanceof Socket) socket.setTimeout(CLOSE_WITHIN_MS, () => socket.destroy());
  // Until it is read to its end a socket does not notice that the other side has closed.
  socket.resume();
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
      ...(status === 429 || status === 503 ? ['Retry-After: 5'] : []),
      '',
      body,
    ].join('\r\n'),
  );
}
