import type { Moment } from './moment.ts';
import { dayNames, monthNames, namesFor, quarterNames } from './names.ts';
import { type PatternItem, readDatePattern } from './pattern.ts';
import { type Field, type Fields, resolveFields } from './resolution.ts';
import { readOffset, readZone, type Zone } from './zone.ts';

/**
 * Reads a text with a java.time pattern, the whole of it. The zone of the text wins over the one given.
 * Null when text and pattern do not fit, when they contradict themselves, or when day, month or year is missing;
 * a missing time is midnight. As java.time's smart style: 30 February is the last day of the month, 24:00 the next day.
 */
export function parseMoment(text: string, pattern: string, zone: Zone): Moment | null {
  const items = readDatePattern(pattern);
  if (items === null) return null;
  const state: State = { text, at: 0, fields: new Map(), zone: undefined };
  const end = readItems(items, state);
  return end?.at === text.length ? resolveFields(end.fields, end.zone ?? zone) : null;
}

interface State {
  readonly text: string;
  readonly at: number;
  readonly fields: Fields;
  readonly zone: Zone | undefined;
}

function readItems(items: readonly PatternItem[], start: State): State | null {
  let state: State | null = start;
  for (const [index, item] of items.entries()) {
    if (state === null) return null;
    if (item.kind === 'optional') {
      state = readItems(item.items, state) ?? state;
    } else if (item.kind === 'text') {
      state = state.text.startsWith(item.text, state.at)
        ? { ...state, at: state.at + item.text.length }
        : null;
    } else {
      state = readField(item.letter, item.count, reservedDigits(items, index + 1), state);
    }
  }
  return state;
}

// Numbers of fixed width right behind a number of open width keep their digits: `dMMyyyy` reads 1012024.
function reservedDigits(items: readonly PatternItem[], from: number): number {
  let digits = 0;
  for (const item of items.slice(from)) {
    if (item.kind !== 'field' || !isFixedNumber(item.letter, item.count)) break;
    digits += item.count;
  }
  return digits;
}

function isFixedNumber(letter: string, count: number): boolean {
  if ('yuY'.includes(letter)) return count === 2;
  return count === 2 ? 'MLdHhKkmsqQDew'.includes(letter) : letter === 'D' && count === 3;
}

function readField(letter: string, count: number, reserved: number, state: State): State | null {
  switch (letter) {
    case 'y':
    case 'u':
      return readYear(count, reserved, state);
    case 'M':
    case 'L':
      return count < 3
        ? readNumber('month', count, 1, 12, reserved, state)
        : readName('month', namesFor(monthNames, count), 1, state);
    case 'd':
      return readNumber('day', count, 1, 31, reserved, state);
    case 'D':
      return readNumber('dayOfYear', count, 1, 366, reserved, state);
    case 'q':
    case 'Q':
      if (count === 3) return readName('quarter', ['Q1', 'Q2', 'Q3', 'Q4'], 1, state);
      return count === 4
        ? readName('quarter', quarterNames, 1, state)
        : readNumber('quarter', count === 5 ? 1 : count, 1, 4, reserved, state);
    case 'E':
      return readName('weekday', namesFor(dayNames, Math.max(3, count)), 1, state);
    case 'e':
    case 'c': {
      if (count >= 3) return readName('weekday', namesFor(dayNames, count), 1, state);
      const read = readNumber('weekday', count, 1, 7, reserved, state);
      // Sunday is day 1 of the English week and day 7 of ISO 8601.
      return read === null
        ? null
        : put(read, read.at, 'weekday', (((read.fields.get('weekday') ?? 1) + 5) % 7) + 1, state.fields);
    }
    case 'G':
      return readName(
        'era',
        count === 4 ? ['Before Christ', 'Anno Domini'] : count === 5 ? ['B', 'A'] : ['BC', 'AD'],
        0,
        state,
      );
    case 'a':
      return readName('half', ['AM', 'PM'], 0, state);
    case 'h': {
      const read = readNumber('hour12', count, 1, 12, reserved, state);
      return read === null
        ? null
        : put(read, read.at, 'hour12', (read.fields.get('hour12') ?? 0) % 12, state.fields);
    }
    case 'K':
      return readNumber('hour12', count, 0, 11, reserved, state);
    case 'k': {
      const read = readNumber('hour', count, 1, 24, reserved, state);
      return read === null
        ? null
        : put(read, read.at, 'hour', (read.fields.get('hour') ?? 0) % 24, state.fields);
    }
    case 'H':
      return readNumber('hour', count, 0, 24, reserved, state);
    case 'm':
      return readNumber('minute', count, 0, 59, reserved, state);
    case 's':
      return readNumber('second', count, 0, 59, reserved, state);
    case 'S': {
      const digits = digitsAt(state, count);
      return digits.length < count
        ? null
        : put(state, state.at + count, 'nano', Number(digits.padEnd(9, '0')));
    }
    case 'n':
      return readNumber('nano', count, 0, 999_999_999, reserved, state, 19);
    case 'A':
      return readNumber('milliOfDay', count, 0, 86_399_999, reserved, state, 19);
    case 'N':
      return readNumber('nanoOfDay', count, 0, 86_399_999_999_999, reserved, state, 19);
    case 'Y':
    case 'w':
    case 'W':
      // Weeks are read over: a date needs its day, month and year all the same.
      return skipNumber(count, reserved, state);
    default:
      return readZoneField(letter, count, state);
  }
}

function readYear(count: number, reserved: number, state: State): State | null {
  if (count === 2) {
    const digits = digitsAt(state, 2);
    return digits.length < 2 ? null : put(state, state.at + 2, 'year', 2000 + Number(digits));
  }
  const sign = /^[+-]/.exec(state.text.slice(state.at, state.at + 1))?.[0] ?? '';
  const from = { ...state, at: state.at + sign.length };
  const available = digitsAt(from, 19).length;
  // Four digits and more: exactly as many, unless a plus announces that there are more.
  const length = count >= 4 && sign !== '+' ? Math.min(count, available) : Math.max(0, available - reserved);
  if (length < count || length > 9) return null;
  const year = Number(digitsAt(from, length));
  return put(state, from.at + length, 'year', sign === '-' ? -year : year);
}

function readNumber(
  field: Field,
  count: number,
  min: number,
  max: number,
  reserved: number,
  state: State,
  open = 19,
): State | null {
  const length = numberLength(count, reserved, state, open);
  const value = Number(digitsAt(state, length));
  if (length < count || value < min || value > max) return null;
  return put(state, state.at + length, field, value);
}

function skipNumber(count: number, reserved: number, state: State): State | null {
  const length = numberLength(count, reserved, state, 19);
  return length < count ? null : { ...state, at: state.at + length };
}

function numberLength(count: number, reserved: number, state: State, open: number): number {
  const available = digitsAt(state, open).length;
  return count === 1 || count > 3 ? Math.max(0, available - reserved) : Math.min(count, available);
}

function digitsAt(state: State, max: number): string {
  return /^\d*/.exec(state.text.slice(state.at, state.at + max))?.[0] ?? '';
}

function readName(field: Field, names: readonly string[], first: number, state: State): State | null {
  const index = names.findIndex((name) => state.text.startsWith(name, state.at));
  return index < 0 ? null : put(state, state.at + (names[index]?.length ?? 0), field, index + first);
}

// Two values for one field must agree.
function put(state: State, at: number, field: Field, value: number, known = state.fields): State | null {
  const previous = known.get(field);
  if (previous !== undefined && previous !== value) return null;
  return { ...state, at, fields: new Map(known).set(field, value) };
}

const OFFSET_FORMS: Readonly<Record<string, RegExp>> = {
  X1: /^(?:Z|[+-]\d{4}|[+-]\d{2})/,
  X2: /^(?:Z|[+-]\d{4})/,
  X3: /^(?:Z|[+-]\d{2}:\d{2})/,
  X4: /^(?:Z|[+-]\d{4}(?:\d{2})?)/,
  X5: /^(?:Z|[+-]\d{2}:\d{2}(?::\d{2})?)/,
  x1: /^[+-]\d{2}(?:\d{2})?/,
  x2: /^[+-]\d{4}/,
  x3: /^[+-]\d{2}:\d{2}/,
  x4: /^[+-]\d{4}(?:\d{2})?/,
  x5: /^[+-]\d{2}:\d{2}(?::\d{2})?/,
  Z1: /^[+-]\d{4}/,
  Z2: /^[+-]\d{4}/,
  Z3: /^[+-]\d{4}/,
  Z4: /^GMT(?:[+-]\d{2}:\d{2}(?::\d{2})?)?/,
  Z5: /^(?:Z|[+-]\d{2}:\d{2}(?::\d{2})?)/,
  O1: /^GMT(?:[+-]\d{1,2}(?::\d{2})?)?/,
  O4: /^GMT(?:[+-]\d{2}:\d{2}(?::\d{2})?)?/,
};

function readZoneField(letter: string, count: number, state: State): State | null {
  const rest = state.text.slice(state.at, state.at + 60);
  const form = OFFSET_FORMS[`${letter}${count}`];
  if (form !== undefined) {
    const found = form.exec(rest)?.[0];
    if (found === undefined) return null;
    const offset = found === 'Z' || found === 'GMT' ? 0 : readOffset(found.replace('GMT', ''));
    return offset === null
      ? null
      : { ...state, at: state.at + found.length, zone: { id: found, offsetSeconds: offset } };
  }
  // Zone ids and names run into what follows, so the longest that exists is taken.
  for (let id = /^[A-Za-z0-9_/:+-]*/.exec(rest)?.[0] ?? ''; id !== ''; id = id.slice(0, -1)) {
    const zone = readZone(id);
    if (zone !== null) return { ...state, at: state.at + id.length, zone };
  }
  return null;
}
