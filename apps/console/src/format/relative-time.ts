import { formatDuration } from './duration.ts';

const JUST_NOW_MS = 5000;

/** `just now`, `3 min ago`, `in 2 h`: one unit, as seen from `nowMs`. */
export function formatRelativeTime(timeMs: number, nowMs: number): string {
  const distance = timeMs - nowMs;
  if (Math.abs(distance) < JUST_NOW_MS) return distance > 0 ? 'in a moment' : 'just now';
  const text = formatDuration(roundToUnit(Math.abs(distance)));
  return distance > 0 ? `in ${text}` : `${text} ago`;
}

function roundToUnit(ms: number): number {
  for (const unitMs of [86_400_000, 3_600_000, 60_000])
    if (ms >= unitMs) return Math.floor(ms / unitMs) * unitMs;
  return Math.floor(ms / 1000) * 1000;
}
