import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Program, startProgram, waitUntilReady } from './program.ts';

export interface ServerOptions {
  /** Database and keys live here; give the same folder again to restart on the same data. */
  readonly folder: string;
  readonly from?: 'built' | 'source';
  /** Absent: a free port. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Ids of the first environment and its administrator's application; absent: new ones. */
  readonly identity?: ServerIdentity;
}

export interface ServerIdentity {
  readonly environmentId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface RunningServer extends ServerIdentity {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly databaseFile: string;
  readonly program: Program;
  readonly identity: ServerIdentity;
}

export function newServerIdentity(): ServerIdentity {
  return { environmentId: randomUUID(), clientId: randomUUID(), clientSecret: randomUUID() };
}

/** Starts a server on loopback and waits until it is ready. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  mkdirSync(options.folder, { recursive: true });
  const port = options.port ?? (await freePort());
  const identity = options.identity ?? newServerIdentity();
  const databaseFile = join(options.folder, 'sallyport.db');
  const url = `http://127.0.0.1:${port}`;
  const program = startProgram({
    name: 'server',
    from: options.from ?? 'built',
    environment: {
      SALLYPORT_HOST: '127.0.0.1',
      SALLYPORT_PORT: String(port),
      DATABASE_URL: `sqlite:${databaseFile}`,
      SALLYPORT_SECRET_KEY_FILE: join(options.folder, 'secret.key'),
      SALLYPORT_BOOTSTRAP_ENVIRONMENT_ID: identity.environmentId,
      SALLYPORT_BOOTSTRAP_CLIENT_ID: identity.clientId,
      SALLYPORT_BOOTSTRAP_CLIENT_SECRET: identity.clientSecret,
      SALLYPORT_LOG_FORMAT: 'json',
      ...options.environment,
    },
  });
  await waitUntilReady(program, 'the server', () => answersOk(`${url}/readyz`));
  return { ...identity, identity, url, port, folder: options.folder, databaseFile, program };
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
