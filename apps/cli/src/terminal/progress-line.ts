import { displayWidth, truncate } from './display-width.ts';
import type { Paint } from './paint.ts';
import { durationText } from './time-text.ts';

export interface Progress {
  readonly label: string;
  readonly done: number;
  /** Absent: nobody knows how many there will be. */
  readonly total?: number | undefined;
  readonly ratePerSecond?: number | undefined;
  readonly remainingMs?: number | undefined;
}

const BAR_COLUMNS = 28;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `full run  ████████▌        43 %  430 of 1,000  2,150/s  0.3 s left`, cut to the terminal. */
export function progressLine(progress: Progress, columns: number, paint: Paint): string {
  const { label, done, total, ratePerSecond, remainingMs } = progress;
  const share = total === undefined || total <= 0 ? undefined : Math.min(1, done / total);
  const numbers = [
    share === undefined ? undefined : `${String(Math.floor(share * 100)).padStart(3)} %`,
    total === undefined ? `${count(done)} read` : `${count(done)} of ${count(total)}`,
    ratePerSecond === undefined ? undefined : `${count(Math.round(ratePerSecond))}/s`,
    remainingMs === undefined || share === 1 ? undefined : `${durationText(remainingMs)} left`,
  ].filter((part) => part !== undefined);
  const tail = numbers.join('  ');
  const room = columns - displayWidth(label) - displayWidth(tail) - 6;
  if (share === undefined || room < 8) return truncate(`${label}  ${tail}`, columns - 1);
  return `${label}  ${bar(share, Math.min(BAR_COLUMNS, room), paint)}  ${tail}`;
}

function bar(share: number, columns: number, paint: Paint): string {
  const eighths = Math.floor(share * columns * 8);
  const full = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
  return `${paint('green', full)}${paint('dim', '·'.repeat(columns - full.length))}`;
}

/** Whole numbers with thousands apart, the same everywhere. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
