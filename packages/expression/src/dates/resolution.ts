import { daysInMonth, epochDay, isLeapYear, type Moment, makeMoment, shift } from './moment.ts';
import { localToEpochMs, type Zone } from './zone.ts';

/** What a pattern can read from a text. `half` is 0 AM or 1 PM, `hour12` counts from 0, `weekday` from 1 Monday. */
export type Field =
  | 'era'
  | 'year'
  | 'month'
  | 'day'
  | 'dayOfYear'
  | 'quarter'
  | 'weekday'
  | 'half'
  | 'hour12'
  | 'hour'
  | 'minute'
  | 'second'
  | 'nano'
  | 'milliOfDay'
  | 'nanoOfDay';

export type Fields = ReadonlyMap<Field, number>;

/** The instant that fields and zone make; null when they contradict each other or lack day, month or year. */
export function resolveFields(fields: Fields, zone: Zone): Moment | null {
  const date = resolveDate(fields);
  if (date === null) return null;
  const time = resolveTime(fields);
  const local = makeMoment(date, { ...time, hour: time.hour % 24 });
  const moved = local === null || time.hour < 24 ? local : shift(local, 86_400_000);
  if (moved === null || (time.hour === 24 && time.minute + time.second + time.nano > 0)) return null;
  const epochMs = localToEpochMs(zone, moved.epochMs);
  return shift({ epochMs, nanoOfMs: moved.nanoOfMs }, 0);
}

function resolveDate(
  fields: Fields,
): { readonly year: number; readonly month: number; readonly day: number } | null {
  const written = fields.get('year');
  if (written === undefined) return null;
  const year = fields.get('era') === 0 ? 1 - written : written;
  const date =
    fields.has('month') && fields.has('day') ? dateOfMonth(fields, year) : dateOfYear(fields, year);
  if (date === null) return null;
  const weekday = fields.get('weekday');
  const actual = ((((epochDay(date) + 3) % 7) + 7) % 7) + 1;
  if (weekday !== undefined && weekday !== actual) return null;
  const quarter = fields.get('quarter');
  return quarter === undefined || quarter === Math.ceil(date.month / 3) ? date : null;
}

function dateOfMonth(fields: Fields, year: number): { year: number; month: number; day: number } {
  const month = fields.get('month') ?? 1;
  return { year, month, day: Math.min(fields.get('day') ?? 1, daysInMonth(year, month)) };
}

function dateOfYear(fields: Fields, year: number): { year: number; month: number; day: number } | null {
  const dayOfYear = fields.get('dayOfYear');
  if (dayOfYear === undefined || (dayOfYear === 366 && !isLeapYear(year))) return null;
  let day = dayOfYear;
  let month = 1;
  while (day > daysInMonth(year, month)) {
    day -= daysInMonth(year, month);
    month += 1;
  }
  return { year, month, day };
}

function resolveTime(fields: Fields): {
  hour: number;
  minute: number;
  second: number;
  nano: number;
} {
  const nanoOfDay = fields.get('nanoOfDay') ?? (fields.get('milliOfDay') ?? 0) * 1e6;
  if (fields.has('nanoOfDay') || fields.has('milliOfDay')) {
    const seconds = Math.floor(nanoOfDay / 1e9);
    return {
      hour: Math.floor(seconds / 3600),
      minute: Math.floor(seconds / 60) % 60,
      second: seconds % 60,
      nano: nanoOfDay % 1e9,
    };
  }
  const half = fields.get('half');
  const hour12 = fields.get('hour12');
  const hour =
    fields.get('hour') ?? (half === undefined || hour12 === undefined ? undefined : half * 12 + hour12);
  // A minute without its hour is no time of day.
  if (hour === undefined) return { hour: 0, minute: 0, second: 0, nano: 0 };
  return {
    hour,
    minute: fields.get('minute') ?? 0,
    second: fields.get('second') ?? 0,
    nano: fields.get('nano') ?? 0,
  };
}
