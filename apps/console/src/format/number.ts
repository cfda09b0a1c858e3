const whole = new Intl.NumberFormat('en');
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `12,345`. */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** `1 removal`, `2,000 removals`. */
export function countOf(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/** `8.3/s`, `1,250/s`. */
export function formatRate(perSecond: number): string {
  return `${perSecond < 100 ? oneDecimal.format(perSecond) : formatCount(Math.round(perSecond))}/s`;
}
