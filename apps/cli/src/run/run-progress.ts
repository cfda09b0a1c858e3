import type { RunBody } from '@sallyport/contract';
import type { Progress } from '../terminal/progress-line.ts';

const LABELS: Readonly<Record<RunBody['type'], string>> = {
  full: 'full run',
  delta: 'delta run',
  preview: 'preview',
};

/** How far a run is, as the server tells it; its rate and estimate are worked out where the server gives none. */
export function runProgress(run: RunBody, now: number): Progress {
  const ended = run.endedAt === undefined ? now : Date.parse(run.endedAt);
  const seconds = Math.max(0.001, (ended - Date.parse(run.startedAt)) / 1000);
  const ratePerSecond = run.ratePerSecond ?? (run.read === 0 ? undefined : run.read / seconds);
  // What was expected is what the last run found; a directory that has grown since must not show more than everything.
  const total = run.expected === undefined ? undefined : Math.max(run.expected, run.read);
  const remainingMs =
    run.estimatedEndAt !== undefined
      ? Math.max(0, Date.parse(run.estimatedEndAt) - now)
      : total === undefined || ratePerSecond === undefined || ratePerSecond <= 0
        ? undefined
        : ((total - run.read) / ratePerSecond) * 1000;
  return { label: LABELS[run.type], done: run.read, total, ratePerSecond, remainingMs };
}
