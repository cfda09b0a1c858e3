import { Temporal } from 'temporal-polyfill';

/** A fixed offset or a region with its rules. `id` is how it was named. */
export interface Zone {
  readonly id: string;
  /** Seconds east of Greenwich; undefined for a region. */
  readonly offsetSeconds: number | undefined;
}

export const utc: Zone = { id: 'UTC', offsetSeconds: 0 };

// java.time.ZoneId.SHORT_IDS and the usual abbreviations of standard and summer time.
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['ACT', 'Australia/Darwin'],
  ['AET', 'Australia/Sydney'],
  ['AEST', 'Australia/Sydney'],
  ['AEDT', 'Australia/Sydney'],
  ['AWST', 'Australia/Perth'],
  ['ACST', 'Australia/Adelaide'],
  ['AGT', 'America/Argentina/Buenos_Aires'],
  ['ART', 'Africa/Cairo'],
  ['AST', 'America/Anchorage'],
  ['AKST', 'America/Anchorage'],
  ['AKDT', 'America/Anchorage'],
  ['BET', 'America/Sao_Paulo'],
  ['BRT', 'America/Sao_Paulo'],
  ['BST', 'Europe/London'],
  ['CAT', 'Africa/Harare'],
  ['CNT', 'America/St_Johns'],
  ['CST', 'America/Chicago'],
  ['CDT', 'America/Chicago'],
  ['CTT', 'Asia/Shanghai'],
  ['EAT', 'Africa/Addis_Ababa'],
  ['ECT', 'Europe/Paris'],
  ['CET', 'Europe/Paris'],
  ['CEST', 'Europe/Paris'],
  ['EET', 'Europe/Bucharest'],
  ['EEST', 'Europe/Bucharest'],
  ['WET', 'Europe/Lisbon'],
  ['WEST', 'Europe/Lisbon'],
  ['MSK', 'Europe/Moscow'],
  ['EST', 'America/New_York'],
  ['EDT', 'America/New_York'],
  ['HST', 'Pacific/Honolulu'],
  ['IET', 'America/Indiana/Indianapolis'],
  ['IST', 'Asia/Kolkata'],
  ['JST', 'Asia/Tokyo'],
  ['KST', 'Asia/Seoul'],
  ['MIT', 'Pacific/Apia'],
  ['MST', 'America/Denver'],
  ['MDT', 'America/Denver'],
  ['NET', 'Asia/Yerevan'],
  ['NST', 'Pacific/Auckland'],
  ['NZST', 'Pacific/Auckland'],
  ['NZDT', 'Pacific/Auckland'],
  ['PLT', 'Asia/Karachi'],
  ['PNT', 'America/Phoenix'],
  ['PRT', 'America/Puerto_Rico'],
  ['PST', 'America/Los_Angeles'],
  ['PDT', 'America/Los_Angeles'],
  ['SGT', 'Asia/Singapore'],
  ['SST', 'Pacific/Guadalcanal'],
  ['VST', 'Asia/Ho_Chi_Minh'],
]);

const known = new Map<string, Zone | null>();
const MAX_KNOWN = 1000;

/** A zone by `Z`, `UTC`, `GMT`, `UT`, an offset with or without one of these before it, a region id or an abbreviation. */
export function readZone(id: string): Zone | null {
  const remembered = known.get(id);
  if (remembered !== undefined) return remembered;
  const zone = findZone(id);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(id, zone);
  return zone;
}

function findZone(id: string): Zone | null {
  if (/^(?:Z|UTC|GMT|UT)$/.test(id)) return { id, offsetSeconds: 0 };
  const offset = readOffset(id.replace(/^(?:UTC|GMT|UT)(?=[+-])/, ''));
  if (offset !== null) return { id, offsetSeconds: offset };
  const region = ABBREVIATIONS.get(id) ?? id;
  if (!/^[A-Za-z][A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/.test(region) || region.length > 60) return null;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: region });
    return { id: region, offsetSeconds: undefined };
  } catch (error) {
    // The one way Intl has to say that a zone does not exist.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Seconds of `+1`, `+01`, `+0100`, `+01:00`, `+01:00:00`; null for other texts and beyond 18 hours. */
export function readOffset(text: string): number | null {
  const match = /^([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?$/.exec(text);
  if (match === null) return null;
  const [, sign, hours = 0, minutes = 0, seconds = 0] = match;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (total > 18 * 3600 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  return sign === '-' ? 0 - total : total;
}

/** Seconds east of Greenwich at an instant. */
export function offsetAt(zone: Zone, epochMs: number): number {
  if (zone.offsetSeconds !== undefined) return zone.offsetSeconds;
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone.id).offsetNanoseconds / 1e9;
}

/**
 * The instant of a local time, given as the epoch milliseconds it would be in UTC. As java.time: a time that the
 * change to summer time skips moves on by what was skipped, one that occurs twice is the first.
 */
export function localToEpochMs(zone: Zone, localMs: number): number {
  if (zone.offsetSeconds !== undefined) return localMs - zone.offsetSeconds * 1000;
  const local = Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO('UTC').toPlainDateTime();
  return local.toZonedDateTime(zone.id, { disambiguation: 'compatible' }).epochMilliseconds;
}

// No single locale knows the English abbreviations of all zones; each knows those at home.
const NAMING_LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-CA', 'en-IN', 'en-ZA', 'en-NZ'];

/** The English name: `CEST`, or `Central European Summer Time`. */
export function zoneName(zone: Zone, epochMs: number, style: 'short' | 'long'): string {
  if (zone.offsetSeconds !== undefined) {
    if (style === 'long' && (zone.id === 'UTC' || zone.id === 'Z'))
      return zone.id === 'Z' ? 'Z' : 'Coordinated Universal Time';
    return style === 'long' && zone.id === 'GMT' ? 'Greenwich Mean Time' : zone.id;
  }
  let name = zone.id;
  for (const locale of style === 'long' ? ['en-US'] : NAMING_LOCALES) {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone.id, timeZoneName: style }).formatToParts(
      epochMs,
    );
    name = parts.find((part) => part.type === 'timeZoneName')?.value ?? zone.id;
    if (!/^(?:GMT|UTC)[+-]/.test(name)) return name;
  }
  return name;
}
