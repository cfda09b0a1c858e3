import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, RunBody } from '@sallyport/contract';
import { makePaint } from '../terminal/paint.ts';
import { progressLine } from '../terminal/progress-line.ts';
import type { World } from '../world.ts';
import { runProgress } from './run-progress.ts';

const FIRST_WAIT_MS = 60;
const LONGEST_WAIT_MS = 1000;
/** Without a terminal, a line now and then for the log. */
const LINE_EVERY_MS = 10_000;
const DEFAULT_COLUMNS = 80;

export interface WatchedRun {
  readonly api: ApiClient;
  readonly environmentId: string;
  readonly ruleId: string;
  readonly run: RunBody;
  /** How many there will be, where the caller knows better than a first run can. */
  readonly expected?: number;
}

/** Waits for the end of a run and shows its progress on standard error. Ctrl-C ends the waiting, not the run. */
export async function watchRun(
  world: Pick<World, 'err' | 'environment' | 'now' | 'signal'>,
  watched: WatchedRun,
): Promise<RunBody> {
  const { err, now, signal } = world;
  const { api, environmentId, ruleId } = watched;
  const paint = makePaint(err, world.environment);
  let { run } = watched;
  let waitMs = FIRST_WAIT_MS;
  let lineAt = now();
  const show = (): void => {
    const line = progressLine(
      runProgress(expecting(run, watched.expected), now()),
      err.columns ?? DEFAULT_COLUMNS,
      paint,
    );
    if (err.isTerminal) err.write(`\r${line}\u001b[K`);
    else if (now() - lineAt >= LINE_EVERY_MS) {
      lineAt = now();
      err.write(`${line}\n`);
    }
  };
  try {
    while (run.status === 'running') {
      show();
      await delay(waitMs, undefined, { signal });
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.3);
      run = await api.runs.read({ environmentId, ruleId, runId: run.id }, { signal });
    }
    show();
  } finally {
    if (err.isTerminal) err.write('\n');
  }
  return run;
}

function expecting(run: RunBody, expected: number | undefined): RunBody {
  return run.expected !== undefined || expected === undefined ? run : { ...run, expected };
}
