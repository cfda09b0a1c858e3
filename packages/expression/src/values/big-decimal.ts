/** `unscaled` × 10^-`scale`, as java.math.BigDecimal: 2.50 and 2.5 are equal numbers of different scale. */
export class BigDecimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }
}

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/** Reads `12`, `-1.50`, `.5`, `1e-3`; undefined for anything else. */
export function readBigDecimal(text: string): BigDecimal | undefined {
  const match = FORM.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (match === null || whole.length + fraction.length === 0) return undefined;
  return new BigDecimal(
    BigInt(sign === '-' ? `-${whole}${fraction}` : `${whole}${fraction}`),
    fraction.length - Number(exponent),
  );
}

export function addDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  const scale = Math.max(a.scale, b.scale);
  return new BigDecimal(unscaledAt(a, scale) + unscaledAt(b, scale), scale);
}

export function subtractDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  return addDecimals(a, new BigDecimal(-b.unscaled, b.scale));
}

export function multiplyDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  return new BigDecimal(a.unscaled * b.unscaled, a.scale + b.scale);
}

/** Divides to the larger of both scales, halves rounded to the even neighbour. The divisor must not be zero. */
export function divideDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  const scale = Math.max(a.scale, b.scale);
  const shift = scale - a.scale + b.scale;
  const dividend = shift >= 0 ? a.unscaled * 10n ** BigInt(shift) : a.unscaled;
  const divisor = shift >= 0 ? b.unscaled : b.unscaled * 10n ** BigInt(-shift);
  const quotient = dividend / divisor;
  const twice = 2n * absolute(dividend % divisor);
  const limit = absolute(divisor);
  if (twice < limit || (twice === limit && quotient % 2n === 0n)) return new BigDecimal(quotient, scale);
  const isNegative = dividend < 0n !== divisor < 0n;
  return new BigDecimal(quotient + (isNegative ? -1n : 1n), scale);
}

export function remainderOfDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  const scale = Math.max(a.scale, b.scale);
  return new BigDecimal(unscaledAt(a, scale) % unscaledAt(b, scale), scale);
}

export function compareDecimals(a: BigDecimal, b: BigDecimal): number {
  const difference = subtractDecimals(a, b).unscaled;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Decimal text without exponent. */
export function plainDecimalText(value: BigDecimal): string {
  const sign = value.unscaled < 0n ? '-' : '';
  const digits = absolute(value.unscaled).toString();
  if (value.scale <= 0) return `${sign}${digits}${digits === '0' ? '' : '0'.repeat(-value.scale)}`;
  const padded = digits.padStart(value.scale + 1, '0');
  return `${sign}${padded.slice(0, -value.scale)}.${padded.slice(-value.scale)}`;
}

/** Text as BigDecimal.toString: with exponent when the scale is negative or the number very small. */
export function decimalText(value: BigDecimal): string {
  const digits = absolute(value.unscaled).toString();
  const exponent = digits.length - 1 - value.scale;
  if (value.scale >= 0 && exponent >= -6) return plainDecimalText(value);
  const sign = value.unscaled < 0n ? '-' : '';
  const mantissa = digits.length === 1 ? digits : `${digits.charAt(0)}.${digits.slice(1)}`;
  return `${sign}${mantissa}E${exponent >= 0 ? '+' : ''}${exponent}`;
}

function unscaledAt(value: BigDecimal, scale: number): bigint {
  return value.unscaled * 10n ** BigInt(scale - value.scale);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
