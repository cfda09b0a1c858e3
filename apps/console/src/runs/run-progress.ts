import type { Run } from '../api/shapes.ts';
import { formatDuration } from '../format/duration.ts';
import { formatCount, formatRate } from '../format/number.ts';

/** How far a run is, as a bar and in words. */
export interface RunProgressWords {
  /** 0 to 100; undefined while nobody knows how much there is. */
  readonly percent: number | undefined;
  readonly text: string;
}

type Progress = Pick<Run, 'read' | 'expected' | 'ratePerSecond' | 'estimatedEndAt'>;

export function runProgress(run: Progress, nowMs: number): RunProgressWords {
  const { read, expected, ratePerSecond, estimatedEndAt } = run;
  // An estimate of the source's size may be too low; the bar then stays just short of its end.
  const percent =
    expected === undefined || expected <= 0 ? undefined : Math.min(99, Math.floor((100 * read) / expected));
  const parts = [
    expected === undefined || expected < read
      ? `${formatCount(read)} read`
      : `${formatCount(read)} of ${formatCount(expected)} read`,
    ...(ratePerSecond === undefined ? [] : [formatRate(ratePerSecond)]),
    ...(estimatedEndAt === undefined ? [] : [remaining(Date.parse(estimatedEndAt) - nowMs)]),
  ];
  return { percent, text: parts.join(' · ') };
}

function remaining(ms: number): string {
  return ms < 1500 ? 'almost done' : `about ${formatDuration(Math.ceil(ms / 1000) * 1000)} left`;
}
