import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The repository's root: programs are started from it, built or from source. */
export const ROOT = resolve(import.meta.dirname, '../../../..');

const KEPT_OUTPUT_CHARACTERS = 200_000;

export interface ProgramOptions {
  readonly name: 'server' | 'gateway' | 'cli';
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** `built` runs the bundle in dist/; `source` runs the TypeScript. */
  readonly from: 'built' | 'source';
}

/** A program of ours as a child process: its output kept for error messages, its peak memory readable. */
export interface Program {
  readonly pid: number;
  readonly output: () => string;
  /** Settles with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  readonly isRunning: () => boolean;
  /** SIGTERM, and SIGKILL if it does not end within 15 s. */
  stop(): Promise<number | string>;
  /** SIGKILL: what a power cut looks like to the program. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: a machine that hangs. */
  signal(name: NodeJS.Signals): void;
  /** Largest resident set so far, bytes; undefined where /proc is missing or the program has ended. */
  peakMemoryBytes(): number | undefined;
}

const STOP_TIMEOUT_MS = 15_000;

export function startProgram(options: ProgramOptions): Program {
  const child = spawn(
    process.execPath,
    [...nodeFlags(options.name), entryPoint(options), ...(options.args ?? [])],
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.name} could not be started`);
  endWithUs(child);
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = exitOf(child);
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  let peakBytes: number | undefined;
  const peak = (): number | undefined => {
    peakBytes = readPeakBytes(pid) ?? peakBytes;
    return peakBytes;
  };
  return {
    pid,
    output: () => output,
    exited,
    isRunning,
    peakMemoryBytes: peak,
    signal: (name) => void child.kill(name),
    async kill() {
      peak();
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      peak();
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Waits until `ready` answers true; fails with the program's output if it ends first or the time is over. */
export async function waitUntilReady(
  program: Program,
  what: string,
  ready: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ready())) {
    if (!program.isRunning()) throw new Error(`${what} ended before it was ready:\n${program.output()}`);
    if (Date.now() > deadline)
      throw new Error(`${what} was not ready within ${timeoutMs} ms:\n${program.output()}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

const running = new Set<ChildProcess>();
let exitHookSet = false;

/** A test run that is interrupted must not leave programs behind. */
function endWithUs(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
  if (exitHookSet) return;
  exitHookSet = true;
  process.once('exit', () => {
    for (const program of running) program.kill('SIGKILL');
  });
}

async function exitOf(child: ChildProcess): Promise<number | string> {
  const [code, signal]: [number | null, string | null] = (await once(child, 'exit')) as [
    number | null,
    string | null,
  ];
  return code ?? signal ?? 'unknown';
}

function entryPoint({ name, from }: ProgramOptions): string {
  if (from === 'source') return `apps/${name}/src/main.ts`;
  const built = `dist/${name === 'cli' ? 'sallyport' : `sallyport-${name}`}.mjs`;
  if (!existsSync(resolve(ROOT, built))) throw new Error(`${built} is not there: run "npm run build" first`);
  return built;
}

/** As the npm scripts and the service files start them. */
function nodeFlags(name: ProgramOptions['name']): readonly string[] {
  const flags = ['--disable-warning=ExperimentalWarning'];
  return name === 'cli' ? flags : [...flags, '--max-semi-space-size=4'];
}

function readPeakBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
