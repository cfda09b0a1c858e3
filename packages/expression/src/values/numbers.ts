import { expressionLimits } from '../limits.ts';
import { BigDecimal } from './big-decimal.ts';
import { type ExpressionValue, TypedNumber } from './value.ts';

/** Every representation a number of the language can have. */
export type NumericValue = number | bigint | TypedNumber | BigDecimal;

/** Java's numeric types, with the order in which arithmetic promotes them (SpEL: a double wins over a BigInteger). */
export type NumericType =
  | 'byte'
  | 'short'
  | 'int'
  | 'long'
  | 'bigInteger'
  | 'float'
  | 'double'
  | 'bigDecimal';

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

export function isNumeric(value: ExpressionValue): value is NumericValue {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof TypedNumber ||
    value instanceof BigDecimal
  );
}

export function numericType(value: NumericValue): NumericType {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) return 'double';
    return value >= INT_MIN && value <= INT_MAX ? 'int' : 'long';
  }
  if (typeof value === 'bigint') return 'bigInteger';
  return value instanceof BigDecimal ? 'bigDecimal' : value.type;
}

/** An int, widened to long outside 32 bits. The argument must be an exact integer. */
export function makeInt(value: number): NumericValue {
  return value;
}

/** A long, widened to BigInteger outside 64 bits. */
export function makeLong(value: bigint): NumericValue {
  if (value < LONG_MIN || value > LONG_MAX) return value;
  const small = Number(value);
  const isInt = small >= INT_MIN && small <= INT_MAX;
  return !isInt && Number.isSafeInteger(small) ? small : new TypedNumber('long', value);
}

export function makeDouble(value: number): NumericValue {
  return Number.isSafeInteger(value) ? new TypedNumber('double', value) : value;
}

export function makeFloat(value: number): NumericValue {
  return new TypedNumber('float', Math.fround(value));
}

/** A JavaScript number from outside: integral ones are int or long, others double. */
export function makeNumber(value: number): NumericValue {
  return Object.is(value, -0) ? 0 : value;
}

export function isIntegral(value: NumericValue): boolean {
  const type = numericType(value);
  return type !== 'float' && type !== 'double' && type !== 'bigDecimal';
}

/** The nearest double. */
export function toDouble(value: NumericValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof BigDecimal) return Number(`${value.unscaled}e${-value.scale}`);
  return Number(value.value);
}

/** The integer part. Not for NaN and infinities. */
export function toBigInt(value: NumericValue): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof BigDecimal) {
    return value.scale > 0
      ? value.unscaled / 10n ** BigInt(value.scale)
      : value.unscaled * 10n ** BigInt(-value.scale);
  }
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  return typeof value.value === 'bigint' ? value.value : BigInt(Math.trunc(value.value));
}

/** Whether a BigInteger or BigDecimal has outgrown the limit. */
export function isOversized(value: NumericValue): boolean {
  if (typeof value === 'bigint') return bitLength(value) > MAX_BITS;
  if (!(value instanceof BigDecimal)) return false;
  return Math.abs(value.scale) > expressionLimits.maxNumberDigits || bitLength(value.unscaled) > MAX_BITS;
}

// log2(10) bits hold one decimal digit.
const MAX_BITS = Math.ceil(expressionLimits.maxNumberDigits * Math.log2(10));

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}
