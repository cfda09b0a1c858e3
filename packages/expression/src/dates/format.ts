import { type CalendarDate, dateOf, epochDay, type Moment, type TimeOfDay, timeOf } from './moment.ts';
import { dayNames, monthNames, namesFor, quarterNames } from './names.ts';
import { type PatternItem, readDatePattern } from './pattern.ts';
import { offsetAt, type Zone, zoneName } from './zone.ts';

interface Fields extends CalendarDate, TimeOfDay {
  readonly epochMs: number;
  readonly zone: Zone;
  readonly offsetSeconds: number;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly dayOfYear: number;
}

/** Prints an instant in a zone with a java.time pattern; null when the pattern is bad. */
export function formatMoment(moment: Moment, zone: Zone, pattern: string): string | null {
  const items = readDatePattern(pattern);
  if (items === null) return null;
  const offsetSeconds = offsetAt(zone, moment.epochMs);
  const local: Moment = { epochMs: moment.epochMs + offsetSeconds * 1000, nanoOfMs: moment.nanoOfMs };
  const date = dateOf(local);
  const day = epochDay(date);
  return printItems(items, {
    ...date,
    ...timeOf(local),
    epochMs: moment.epochMs,
    zone,
    offsetSeconds,
    // 1 January 1970 was a Thursday.
    weekday: ((((day + 3) % 7) + 7) % 7) + 1,
    dayOfYear: day - epochDay({ year: date.year, month: 1, day: 1 }) + 1,
  });
}

function printItems(items: readonly PatternItem[], fields: Fields): string {
  let text = '';
  for (const item of items) {
    if (item.kind === 'text') text += item.text;
    // An instant in a zone has every field, so that an optional section is always printed.
    else
      text +=
        item.kind === 'optional'
          ? printItems(item.items, fields)
          : printField(item.letter, item.count, fields);
  }
  return text;
}

function printField(letter: string, count: number, fields: Fields): string {
  switch (letter) {
    case 'G':
      return fields.year > 0
        ? count === 4
          ? 'Anno Domini'
          : count === 5
            ? 'A'
            : 'AD'
        : count === 4
          ? 'Before Christ'
          : count === 5
            ? 'B'
            : 'BC';
    case 'y':
      return printYear(fields.year > 0 ? fields.year : 1 - fields.year, count);
    case 'u':
      return printYear(fields.year, count);
    case 'Y':
      return printYear(weekOf(fields).year, count);
    case 'M':
    case 'L':
      return count < 3 ? pad(fields.month, count) : (namesFor(monthNames, count)[fields.month - 1] ?? '');
    case 'd':
      return pad(fields.day, count);
    case 'D':
      return pad(fields.dayOfYear, count);
    case 'q':
    case 'Q': {
      const quarter = Math.ceil(fields.month / 3);
      if (count === 3) return `Q${quarter}`;
      return count === 4 ? (quarterNames[quarter - 1] ?? '') : pad(quarter, count === 5 ? 1 : count);
    }
    case 'e':
    case 'c':
      // In the English week Sunday is day 1.
      if (count < 3) return pad((fields.weekday % 7) + 1, count);
      return namesFor(dayNames, count)[fields.weekday - 1] ?? '';
    case 'E':
      return namesFor(dayNames, Math.max(3, count))[fields.weekday - 1] ?? '';
    case 'w':
      return pad(weekOf(fields).week, count);
    case 'W':
      return String(Math.floor((fields.day + weekdayOfFirst(fields) - 2) / 7) + 1);
    default:
      return printTimeField(letter, count, fields);
  }
}

function printTimeField(letter: string, count: number, fields: Fields): string {
  switch (letter) {
    case 'a':
      return fields.hour < 12 ? 'AM' : 'PM';
    case 'h':
      return pad(((fields.hour + 11) % 12) + 1, count);
    case 'K':
      return pad(fields.hour % 12, count);
    case 'k':
      return pad(fields.hour === 0 ? 24 : fields.hour, count);
    case 'H':
      return pad(fields.hour, count);
    case 'm':
      return pad(fields.minute, count);
    case 's':
      return pad(fields.second, count);
    case 'S':
      return pad(fields.nano, 9).slice(0, count);
    case 'n':
      return pad(fields.nano, count);
    case 'A':
      return pad(Math.floor(secondOfDay(fields) * 1000 + fields.nano / 1e6), count);
    case 'N':
      return pad(secondOfDay(fields) * 1e9 + fields.nano, count);
    default:
      return printZoneField(letter, count, fields);
  }
}

function printZoneField(letter: string, count: number, fields: Fields): string {
  const offset = fields.offsetSeconds;
  switch (letter) {
    case 'V':
      return fields.zone.id;
    case 'z':
    case 'v':
      return zoneName(fields.zone, fields.epochMs, count === 4 ? 'long' : 'short');
    case 'O':
      return localizedOffset(offset, count === 4);
    case 'Z':
      if (count === 4) return localizedOffset(offset, true);
      return count === 5 ? (offset === 0 ? 'Z' : printOffset(offset, 5)) : printOffset(offset, 2);
    case 'X':
      return offset === 0 ? 'Z' : printOffset(offset, count);
    default:
      return printOffset(offset, count);
  }
}

// Counts of X and x: 1 hours with minutes if any, 2 and 3 minutes always, 4 and 5 seconds if any; 3 and 5 with colons.
function printOffset(offset: number, count: number): string {
  const total = Math.abs(offset);
  const colon = count === 3 || count === 5 ? ':' : '';
  const minutes = Math.floor(total / 60) % 60;
  const seconds = total % 60;
  let text = `${offset < 0 ? '-' : '+'}${pad(Math.floor(total / 3600), 2)}`;
  if (count > 1 || minutes > 0) text += `${colon}${pad(minutes, 2)}`;
  if (count > 3 && seconds > 0) text += `${colon}${pad(seconds, 2)}`;
  return text;
}

function localizedOffset(offset: number, isFull: boolean): string {
  if (offset === 0) return 'GMT';
  if (isFull) return `GMT${printOffset(offset, 5)}`;
  const total = Math.abs(offset);
  const minutes = Math.floor(total / 60) % 60;
  return `GMT${offset < 0 ? '-' : '+'}${Math.floor(total / 3600)}${minutes > 0 ? `:${pad(minutes, 2)}` : ''}`;
}

function printYear(year: number, count: number): string {
  if (count === 2) return pad(((year % 100) + 100) % 100, 2);
  const digits = pad(Math.abs(year), count);
  if (year < 0) return `-${digits}`;
  return count >= 4 && digits.length > count ? `+${digits}` : digits;
}

// Weeks begin on Sunday, and the one that holds 1 January is the first of its year (the English rule of Java 8).
function weekOf(fields: Fields): { readonly year: number; readonly week: number } {
  const first = { year: fields.year, month: 1, day: 1 };
  const next = epochDay({ year: fields.year + 1, month: 1, day: 1 });
  const today = epochDay(fields);
  const sunday = (day: number): number => day - ((((day + 4) % 7) + 7) % 7);
  if (sunday(today) === sunday(next)) return { year: fields.year + 1, week: 1 };
  return { year: fields.year, week: (sunday(today) - sunday(epochDay(first))) / 7 + 1 };
}

// 1 Sunday to 7 Saturday, of the first of the month.
function weekdayOfFirst(fields: Fields): number {
  const first = epochDay({ year: fields.year, month: fields.month, day: 1 });
  return ((((first + 4) % 7) + 7) % 7) + 1;
}

function secondOfDay(fields: Fields): number {
  return fields.hour * 3600 + fields.minute * 60 + fields.second;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
