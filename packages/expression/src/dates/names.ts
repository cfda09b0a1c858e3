/** English names as java.time prints them. Months and days count from 0, the week starts on Monday. */
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const dayNames = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

export const quarterNames = ['1st quarter', '2nd quarter', '3rd quarter', '4th quarter'] as const;

/** The names for a letter count: 3 short, 4 full, 5 the first letter. */
export function namesFor(names: readonly string[], count: number): readonly string[] {
  if (count === 4) return names;
  return names.map((name) => name.slice(0, count === 5 ? 1 : 3));
}
