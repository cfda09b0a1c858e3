import { valueFault } from './value-fault.ts';

/** RFC 4517 §3.3.13: hour required; minute, second and a decimal fraction of the last of them optional. */
const GENERALIZED =
  /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:(\d\d))?)?(?:[.,](\d{1,12}))?(?:Z|([+-])(\d\d)(\d\d)?)$/;
/** RFC 4517 §3.3.34. */
const UTC = /^(\d\d)(\d\d\d\d\d\d\d\d)(\d\d)?(?:(Z)|([+-]\d{4}))?$/;

const SUBJECT = 'Generalized time';
const EXPECTED = 'YYYYMMDDHHMMSS with an optional fraction and Z or an offset';

/**
 * Milliseconds since 1970 of a generalized time (RFC 4517 §3.3.13), fraction cut to milliseconds. A leap second is
 * read as the first instant after it.
 * @throws LdapTextError `VALUE_SYNTAX`
 */
export function parseGeneralizedTime(text: string): number {
  const parts = GENERALIZED.exec(text);
  if (parts === null) throw valueFault(SUBJECT, text, EXPECTED);
  const [year, month, day, hour] = [parts[1], parts[2], parts[3], parts[4]].map(Number);
  const minute = Number(parts[5] ?? 0);
  const second = Number(parts[6] ?? 0);
  const offsetMinutes = Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0);
  const unitMs = parts[6] !== undefined ? 1000n : parts[5] !== undefined ? 60_000n : 3_600_000n;
  if (year === undefined || month === undefined || day === undefined || hour === undefined) {
    throw valueFault(SUBJECT, text, EXPECTED);
  }
  if (hour > 23 || minute > 59 || second > 60 || offsetMinutes > 24 * 60 || Number(parts[10] ?? 0) > 59) {
    throw valueFault(SUBJECT, text, EXPECTED);
  }
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    throw valueFault(SUBJECT, text, 'a day that exists');
  date.setUTCHours(hour, minute, second, 0);
  const offsetMs = (parts[8] === '-' ? -1 : 1) * offsetMinutes * 60_000;
  return date.getTime() + fractionMs(parts[7], unitMs) - offsetMs;
}

/** Milliseconds of a decimal fraction of a second, minute or hour, cut. Exact: floats would round .999999 up. */
function fractionMs(digits: string | undefined, unitMs: bigint): number {
  return digits === undefined ? 0 : Number((BigInt(digits) * unitMs) / 10n ** BigInt(digits.length));
}

/**
 * Milliseconds since 1970 of a UTC time (RFC 4517 §3.3.34), two-digit years 50 to 99 meaning the 20th century.
 * @throws LdapTextError `VALUE_SYNTAX`
 */
export function parseUtcTime(text: string): number {
  const parts = UTC.exec(text);
  const year = parts?.[1];
  if (parts === null || year === undefined)
    throw valueFault('UTC time', text, 'YYMMDDHHMM[SS] and Z or an offset');
  const century = Number(year) >= 50 ? '19' : '20';
  return parseGeneralizedTime(`${century}${year}${parts[2]}${parts[3] ?? '00'}${parts[5] ?? 'Z'}`);
}

export interface GeneralizedTimeStyle {
  /** Digits behind the point; 0 leaves the point out. Active Directory wants one. Default 0. */
  readonly fractionDigits?: 0 | 1 | 3;
}

/**
 * A generalized time in UTC, rounded down to the digits shown: `20200101000000Z`, for Active Directory
 * `20200101000000.0Z`.
 * @throws LdapTextError `VALUE_SYNTAX` for no valid time, or a year without four digits
 */
export function printGeneralizedTime(epochMs: number, style: GeneralizedTimeStyle = {}): string {
  const date = new Date(epochMs);
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 0 || year > 9999) {
    throw valueFault(SUBJECT, String(epochMs), 'milliseconds of a time between the years 0 and 9999');
  }
  const digits = date.toISOString().replace(/[-:TZ]/g, '');
  const [seconds = '', fraction = ''] = digits.split('.');
  const shownFraction = fraction.slice(0, style.fractionDigits ?? 0);
  return `${seconds}${shownFraction === '' ? '' : `.${shownFraction}`}Z`;
}
