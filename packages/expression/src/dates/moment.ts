/** An instant: epoch milliseconds and the nanoseconds below them (0 to 999,999). */
export interface Moment {
  readonly epochMs: number;
  readonly nanoOfMs: number;
}

export interface CalendarDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 86_400_000;
// Four-digit years print and read alike; beyond them ISO 8601 needs an agreement between both sides.
const MIN_MS = Date.UTC(-9999, 0, 1);
const MAX_MS = Date.UTC(10_000, 0, 1) - 1;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:Z|T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:Z|([+-])(\d{1,2}):?(\d{2})|([+-])(\d{2})))$/;

/**
 * Reads an ISO 8601 date-time with `Z` or an offset, or a date with `Z`, which is its midnight in UTC.
 * Null for everything else, also for a date or a time without a zone.
 */
export function readMoment(text: string | null): Moment | null {
  const match = text === null ? null : ISO.exec(text);
  if (match === null) return null;
  const [
    ,
    year,
    month,
    day,
    hour = 0,
    minute = 0,
    second = 0,
    fraction = '',
    sign,
    hours,
    minutes = 0,
    sign2,
    hours2,
  ] = match;
  const offset = 60 * Number(hours ?? hours2 ?? 0) + Number(minutes);
  if (offset > 18 * 60 || Number(minutes) > 59) return null;
  const local = makeMoment(
    { year: Number(year), month: Number(month), day: Number(day) },
    {
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      nano: Number(fraction.slice(0, 9).padEnd(9, '0')),
    },
  );
  return local === null ? null : shift(local, (sign ?? sign2) === '-' ? offset * 60_000 : -offset * 60_000);
}

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nano: number;
}

/** The instant of a date and time in UTC; null when a field is out of range. */
export function makeMoment(date: CalendarDate, time: TimeOfDay): Moment | null {
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > daysInMonth(date.year, date.month))
    return null;
  const { hour, minute, second, nano } = time;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  const ms =
    epochDay(date) * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + Math.floor(nano / 1e6);
  return within({ epochMs: ms, nanoOfMs: nano % 1e6 });
}

export function shift(moment: Moment, ms: number): Moment | null {
  return within({ epochMs: moment.epochMs + ms, nanoOfMs: moment.nanoOfMs });
}

function within(moment: Moment): Moment | null {
  return moment.epochMs >= MIN_MS && moment.epochMs <= MAX_MS ? moment : null;
}

/** Moves by months; a day the month does not have becomes its last. */
export function shiftMonths(moment: Moment, months: number): Moment | null {
  const date = dateOf(moment);
  const moved = plusMonths(date, months);
  if (moved === null) return null;
  return shift(moment, (epochDay(moved) - epochDay(date)) * DAY_MS);
}

export function plusMonths(date: CalendarDate, months: number): CalendarDate | null {
  const total = date.year * 12 + date.month - 1 + months;
  const year = Math.floor(total / 12);
  if (Math.abs(year) > 9999) return null;
  const month = total - year * 12 + 1;
  return { year, month, day: Math.min(date.day, daysInMonth(year, month)) };
}

/** The calendar date in UTC. */
export function dateOf(moment: Moment): CalendarDate {
  const date = new Date(moment.epochMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The time of day in UTC. */
export function timeOf(moment: Moment): TimeOfDay {
  const ms = ((moment.epochMs % DAY_MS) + DAY_MS) % DAY_MS;
  return {
    hour: Math.floor(ms / 3_600_000),
    minute: Math.floor(ms / 60_000) % 60,
    second: Math.floor(ms / 1000) % 60,
    nano: (ms % 1000) * 1e6 + moment.nanoOfMs,
  };
}

/** Days since 1 January 1970. */
export function epochDay(date: CalendarDate): number {
  const midnight = new Date(0);
  midnight.setUTCFullYear(date.year, date.month - 1, date.day);
  return midnight.getTime() / DAY_MS;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** UTC with three digits of milliseconds, what lies below cut off: `2024-02-29T12:00:00.000Z`. */
export function printMoment(moment: Moment): string {
  const iso = new Date(moment.epochMs).toISOString();
  // JavaScript writes years before 0 with six digits.
  return iso.startsWith('-00') ? `-${iso.slice(3)}` : iso;
}
