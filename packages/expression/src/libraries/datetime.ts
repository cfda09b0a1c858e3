import { daysBetween, monthsBetween, periodBetween } from '../dates/difference.ts';
import { formatMoment } from '../dates/format.ts';
import {
  type CalendarDate,
  dateOf,
  type Moment,
  makeMoment,
  printMoment,
  readMoment,
  shift,
  shiftMonths,
  timeOf,
} from '../dates/moment.ts';
import { parseMoment } from '../dates/parse.ts';
import { readZone, utc, type Zone } from '../dates/zone.ts';
import type { Argument } from '../evaluation/argument.ts';
import { refuseType } from '../evaluation/conversion.ts';
import type { Frame } from '../evaluation/frame.ts';
import { type ExpressionValue, isMap } from '../values/value.ts';
import {
  binary,
  impure,
  type Library,
  type LibraryFunction,
  present,
  ternary,
  unary,
  variadic,
} from './library.ts';

/** `#datetime`. What is no date gives null, or -1 where a number is asked for. */
export const datetimeLibrary: Library = {
  addDays: adding((moment, n) => shift(moment, n * 86_400_000)),
  addMonths: adding(shiftMonths),
  addYears: adding((moment, n) => shiftMonths(moment, n * 12)),
  addHours: adding((moment, n) => shift(moment, n * 3_600_000)),
  addMinutes: adding((moment, n) => shift(moment, n * 60_000)),
  addSeconds: adding((moment, n) => shift(moment, n * 1000)),
  getDayOfMonth: getting((moment) => dateOf(moment).day),
  getMonth: getting((moment) => dateOf(moment).month),
  getYear: getting((moment) => dateOf(moment).year),
  getHour: getting((moment) => timeOf(moment).hour),
  getMinute: getting((moment) => timeOf(moment).minute),
  getSecond: getting((moment) => timeOf(moment).second),
  now: impure('text', () => (frame) => {
    // Kept in the frame, so that two calls agree.
    frame.now ??= Date.now();
    return print(shift({ epochMs: Math.trunc(frame.now), nanoOfMs: 0 }, 0));
  }),
  toDateTime: variadic(6, 6, 'text', (args) => (frame) => {
    const [year, month, day, hour, minute, second] = args.map((arg) => arg.integer(frame));
    if (year == null || month == null || day == null || hour == null || minute == null || second == null)
      return null;
    if (Math.abs(year) > 9999) return null;
    return print(makeMoment({ year, month, day }, { hour, minute, second, nano: 0 }));
  }),
  toDate: unary('text', (d) => (frame) => formatted(momentOf(d, frame), utc, 'yyyy-MM-ddX')),
  toTime: unary('text', (d) => (frame) => {
    const moment = momentOf(d, frame);
    if (moment === null) return null;
    const hasMillis = Math.floor(timeOf(moment).nano / 1e6) > 0;
    return formatMoment(moment, utc, hasMillis ? 'HH:mm:ss.SSSX' : 'HH:mm:ssX');
  }),
  format: binary('text', (d, pattern) => (frame) => formatted(momentOf(d, frame), utc, pattern.text(frame))),
  compare: binary('number', (a, b) => (frame) => {
    const left = momentOf(a, frame);
    const right = momentOf(b, frame);
    if (left === null || right === null) return (left === null ? 0 : 1) - (right === null ? 0 : 1);
    return Math.sign(left.epochMs - right.epochMs || left.nanoOfMs - right.nanoOfMs);
  }),
  daysBetween: between('number', daysBetween),
  weeksBetween: between('number', (a, b) => Math.trunc(daysBetween(a, b) / 7) + 0),
  monthsBetween: between('number', monthsBetween),
  yearsBetween: between('number', (a, b) => Math.trunc(monthsBetween(a, b) / 12) + 0),
  periodBetween: between('text', periodBetween),
  toUnixTimestamp: unary('number', (d) => (frame) => {
    const moment = momentOf(d, frame);
    return moment === null ? null : Math.floor(moment.epochMs / 1000);
  }),
  fromUnixTimestamp: unary('text', (seconds) => (frame) => {
    const value = seconds.integer(frame);
    return value === null ? null : print(shift({ epochMs: value * 1000, nanoOfMs: 0 }, 0));
  }),
  parse: ternary('text', (text, pattern, options) => (frame) => {
    const source = text.text(frame);
    const format = pattern.text(frame);
    const zone = zoneOf(options.value(frame), options);
    if (source === null || format === null || zone === null) return null;
    return print(parseMoment(source, format, zone));
  }),
  toDateTimeInTimezone: ternary('text', (d, zone, pattern) => (frame) => {
    const id = zone.text(frame);
    const found = id === null ? null : readZone(id);
    const format = pattern.text(frame) ?? "yyyy-MM-dd'T'HH:mm:ss.SSSZ";
    return found === null ? null : formatted(momentOf(d, frame), found, format);
  }),
};

function momentOf(argument: Argument, frame: Frame): Moment | null {
  return readMoment(argument.text(frame));
}

function print(moment: Moment | null): string | null {
  return moment === null ? null : printMoment(moment);
}

function formatted(moment: Moment | null, zone: Zone, pattern: string | null): string | null {
  return moment === null || pattern === null ? null : formatMoment(moment, zone, pattern);
}

function adding(add: (moment: Moment, n: number) => Moment | null): LibraryFunction {
  return binary('text', (d, n) => (frame) => {
    const moment = momentOf(d, frame);
    if (moment === null) return null;
    return print(add(moment, n.count(frame)));
  });
}

function getting(get: (moment: Moment) => number): LibraryFunction {
  return unary('number', (d) => (frame) => {
    const moment = momentOf(d, frame);
    return moment === null ? -1 : get(moment);
  });
}

// Calendar dates in UTC are compared, so that the time of day has no part in it.
function between(
  resultType: 'number' | 'text',
  measure: (a: CalendarDate, b: CalendarDate) => number | string,
): LibraryFunction {
  return variadic(3, 3, resultType, ([a, b, fallback]) => (frame) => {
    const start = momentOf(present(a), frame);
    const end = momentOf(present(b), frame);
    return start === null || end === null
      ? present(fallback).value(frame)
      : measure(dateOf(start), dateOf(end));
  });
}

function zoneOf(options: ExpressionValue, argument: Argument): Zone | null {
  if (options === null) return utc;
  if (!isMap(options))
    return refuseType(options, argument.node, "null or a map such as {'zoneid': 'Europe/Paris'}");
  const id = options.get('zoneid') ?? null;
  if (id === null) return utc;
  return typeof id === 'string' ? readZone(id) : refuseType(id, argument.node, "a text under 'zoneid'");
}
