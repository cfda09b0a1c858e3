import { type CalendarDate, daysInMonth, epochDay, plusMonths } from './moment.ts';

/** Complete days from `a` to `b`, negative when `b` is earlier. */
export function daysBetween(a: CalendarDate, b: CalendarDate): number {
  return epochDay(b) - epochDay(a);
}

/** Complete months, as java.time counts them: the day of the month must have been reached. */
export function monthsBetween(a: CalendarDate, b: CalendarDate): number {
  const packed = (date: CalendarDate): number => (date.year * 12 + date.month - 1) * 32 + date.day;
  return Math.trunc((packed(b) - packed(a)) / 32) + 0;
}

/** The period as java.time.Period prints it: `P1Y1M10D`, `P0D`, `P-2D`. */
export function periodBetween(a: CalendarDate, b: CalendarDate): string {
  let months = b.year * 12 + b.month - (a.year * 12 + a.month);
  let days = b.day - a.day;
  if (months > 0 && days < 0) {
    months -= 1;
    const reached = plusMonths(a, months) ?? a;
    days = epochDay(b) - epochDay(reached);
  } else if (months < 0 && days > 0) {
    months += 1;
    days -= daysInMonth(b.year, b.month);
  }
  const years = Math.trunc(months / 12);
  const part = (value: number, unit: string): string => (value === 0 ? '' : `${value}${unit}`);
  const text = part(years, 'Y') + part(months % 12, 'M') + part(days, 'D');
  return `P${text === '' ? '0D' : text}`;
}
