import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runCli } from '../run-cli.ts';
import type { World } from '../world.ts';

export interface CliCall {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export interface TestWorldOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Lines typed in order; absent: no terminal. */
  readonly typed?: readonly string[];
  readonly input?: string;
  readonly columns?: number;
  readonly now?: number;
}

/** The program with a configuration folder of its own, called as often as a test likes. */
export function makeTestCli(options: TestWorldOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const call = async (argv: readonly string[], extra: TestWorldOptions = {}): Promise<CliCall> => {
    const written = { out: '', err: '' };
    const all = { ...options, ...extra };
    const typed = [...(all.typed ?? [])];
    const screen = (name: 'out' | 'err') => ({
      isTerminal: false,
      columns: all.columns,
      write: (text: string) => {
        written[name] += text;
      },
    });
    const world: World = {
      environment: { XDG_CONFIG_HOME: folder, ...options.environment, ...extra.environment },
      out: screen('out'),
      err: screen('err'),
      keyboard: {
        isTerminal: all.typed !== undefined,
        readLine: async (prompt) => {
          written.err += prompt;
          return typed.shift();
        },
        readAll: async () => all.input ?? '',
      },
      signal: new AbortController().signal,
      now: () => all.now ?? Date.now(),
      fetch,
    };
    return { exitCode: await runCli(argv, world), ...written };
  };
  return { call, folder };
}
