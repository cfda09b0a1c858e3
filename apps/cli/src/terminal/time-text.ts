const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `420 ms`, `3.4 s`, `2 min 5 s`, `1 h 12 min`, `3 d 4 h`. */
export function durationText(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < SECOND) return `${Math.round(whole)} ms`;
  if (whole < 10 * SECOND) return `${(whole / SECOND).toFixed(1)} s`;
  if (whole < MINUTE) return `${Math.round(whole / SECOND)} s`;
  if (whole < HOUR) return two(Math.round(whole / SECOND), 60, 'min', 's');
  if (whole < DAY) return two(Math.round(whole / MINUTE), 60, 'h', 'min');
  return two(Math.round(whole / HOUR), 24, 'd', 'h');
}

/** `12 s ago`, `in 25 s`, `–` if there is no time. */
export function relativeText(timestamp: string | undefined, now: number): string {
  if (timestamp === undefined) return '–';
  const at = Date.parse(timestamp);
  if (Number.isNaN(at)) return timestamp;
  const distance = Math.abs(now - at);
  if (distance < SECOND) return 'now';
  const text = distance < MINUTE ? `${Math.round(distance / SECOND)} s` : durationText(distance);
  return at > now ? `in ${text}` : `${text} ago`;
}

/** In the time zone of the operator, to the second. */
export function clockText(timestamp: string | undefined): string {
  if (timestamp === undefined) return '–';
  const at = new Date(timestamp);
  if (Number.isNaN(at.getTime())) return timestamp;
  // Swedish writes dates the way ISO 8601 does.
  return at.toLocaleString('sv-SE');
}

function two(total: number, base: number, big: string, small: string): string {
  const rest = total % base;
  return rest === 0 ? `${total / base} ${big}` : `${Math.floor(total / base)} ${big} ${rest} ${small}`;
}
