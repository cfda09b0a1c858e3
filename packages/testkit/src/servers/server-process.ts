import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface ServerProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Default: ours. */
  readonly env?: NodeJS.ProcessEnv;
  /** Standard output and error are appended here, and quoted when the start fails. */
  readonly logFile: string;
  readonly host: string;
  /** The server is up when all of these accept connections. */
  readonly ports: readonly number[];
  readonly startTimeoutMs?: number;
  /** What the server writes to its log when all is on disk, if it takes its time to end after that. */
  readonly lastWords?: { readonly file: string; readonly text: string };
}

/** A directory server that runs as our child. It never outlives this process. */
export interface ServerProcess {
  readonly pid: number;
  /** SIGTERM, after 15 s SIGKILL; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL: for a server whose data is thrown away. */
  kill(): Promise<void>;
}

const running = new Set<ChildProcess>();
let exitHookSet = false;

/** Starts a server in the foreground and waits until it listens. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.program, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let failure: string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = `could not be started: ${error.message}`;
      running.delete(child);
      resolve();
    });
    child.once('exit', (code, signal) => {
      failure = `ended with ${signal ?? `code ${code}`}`;
      running.delete(child);
      resolve();
    });
  });
  endWithUs(child);
  await waitUntilListening(options, () => failure).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    await gone;
    throw error;
  });
  return {
    pid: child.pid ?? 0,
    stop: () => stop(child, gone, options.lastWords),
    kill() {
      if (running.has(child)) child.kill('SIGKILL');
      return gone;
    },
  };
}

async function waitUntilListening(
  options: ServerProcessOptions,
  failure: () => string | undefined,
): Promise<void> {
  const timeoutMs = options.startTimeoutMs ?? 30_000;
  const deadline = Date.now() + timeoutMs;
  const waiting = new Set(options.ports);
  while (waiting.size > 0) {
    const reason = failure() ?? (Date.now() > deadline ? `did not listen within ${timeoutMs} ms` : undefined);
    if (reason !== undefined) {
      const tail = readFileSync(options.logFile, 'utf8').split('\n').slice(-20).join('\n');
      throw new Error(
        `${options.program} on ${options.host} ${reason}. The end of ${options.logFile}:\n${tail}`,
      );
    }
    for (const port of waiting) if (await accepts(options.host, port)) waiting.delete(port);
    if (waiting.size > 0) await delay(20);
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function stop(
  child: ChildProcess,
  gone: Promise<void>,
  lastWords: ServerProcessOptions['lastWords'],
): Promise<void> {
  if (!running.has(child)) return gone;
  const written = lastWords === undefined ? 0 : (await readFile(lastWords.file)).length;
  child.kill('SIGTERM');
  const deadline = Date.now() + 15_000;
  while (running.has(child)) {
    const log = lastWords === undefined ? '' : (await readFile(lastWords.file)).toString('utf8', written);
    if (Date.now() > deadline || (lastWords !== undefined && log.includes(lastWords.text)))
      child.kill('SIGKILL');
    await Promise.race([gone, delay(50)]);
  }
}

/** A test run that is interrupted must not leave servers behind. */
function endWithUs(child: ChildProcess): void {
  running.add(child);
  if (exitHookSet) return;
  exitHookSet = true;
  process.once('exit', () => {
    for (const server of running) server.kill('SIGKILL');
  });
}
