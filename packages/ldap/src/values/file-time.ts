import { valueFault, valueRangeFault } from './value-fault.ts';

/** Ticks of 100 ns from 1601-01-01 to 1970-01-01. */
const EPOCH_TICKS = 116_444_736_000_000_000n;
const TICKS_PER_MS = 10_000n;
const MAX_INT64 = 9_223_372_036_854_775_807n;
const MIN_INT64 = -9_223_372_036_854_775_808n;
/** Milliseconds a JavaScript Date can hold. */
const MAX_EPOCH_MS = 8_640_000_000_000_000;
const DECIMAL = /^-?\d{1,19}$/;

/** `accountExpires` of an account that never expires; 0 means the same. */
export const FILE_TIME_NEVER: bigint = MAX_INT64;

/**
 * Reads an Integer8 (LargeInteger) value, which exceeds what a number holds exactly.
 * @throws LdapTextError `VALUE_SYNTAX`, `VALUE_RANGE` beyond 64 bits
 */
export function parseInteger8(text: string): bigint {
  if (!DECIMAL.test(text)) throw valueFault('Integer8', text, 'a decimal integer of up to 64 bits');
  const value = BigInt(text);
  if (value > MAX_INT64 || value < MIN_INT64) throw valueRangeFault('Integer8', text, 'at most 64 bits');
  return value;
}

/** Whether the ticks say "never" or "not set": 0 and the largest 64-bit integer. */
export function isNever(ticks: bigint): boolean {
  return ticks === 0n || ticks === FILE_TIME_NEVER;
}

/**
 * Milliseconds since 1970 of a FILETIME (100 ns since 1601-01-01 UTC), rounded down; undefined for "never".
 * @throws LdapTextError `VALUE_RANGE` beyond what a Date holds
 */
export function readFileTime(ticks: bigint): number | undefined {
  if (isNever(ticks)) return undefined;
  const sinceEpoch = ticks - EPOCH_TICKS;
  const whole = sinceEpoch / TICKS_PER_MS;
  // BigInt division rounds towards zero, times before 1970 must round down too.
  const epochMs = Number(sinceEpoch < 0n && sinceEpoch % TICKS_PER_MS !== 0n ? whole - 1n : whole);
  if (Math.abs(epochMs) > MAX_EPOCH_MS)
    throw valueRangeFault('FILETIME', String(ticks), 'a time before the year 275760');
  return epochMs;
}

/** FILETIME of milliseconds since 1970. @throws LdapTextError `VALUE_RANGE` for no valid time or one before 1601 */
export function makeFileTime(epochMs: number): bigint {
  if (!Number.isFinite(epochMs)) throw valueRangeFault('FILETIME', String(epochMs), 'a time in milliseconds');
  const ticks = BigInt(Math.floor(epochMs)) * TICKS_PER_MS + EPOCH_TICKS;
  if (ticks < 0n || ticks > MAX_INT64)
    throw valueRangeFault('FILETIME', String(epochMs), 'a time since 1601');
  return ticks;
}
