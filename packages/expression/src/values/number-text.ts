import { BigDecimal, decimalText, plainDecimalText } from './big-decimal.ts';
import type { NumericValue } from './numbers.ts';

/** Text of a number as Java's toString gives it: `3`, `1.0`, `1.0E10`. Used where text is concatenated. */
export function javaNumberText(value: NumericValue): string {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : javaDoubleText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof BigDecimal) return decimalText(value);
  if (typeof value.value === 'bigint') return value.value.toString();
  if (value.type === 'float') return javaDoubleText(value.value, shortestFloatText(value.value));
  return value.type === 'double' ? javaDoubleText(value.value) : String(value.value);
}

/**
 * Decimal text without exponent, integral numbers without `.0`: what an attribute receives.
 * Undefined for NaN and infinities, which have none.
 */
export function plainNumberText(value: NumericValue): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof BigDecimal) {
    const text = plainDecimalText(value);
    return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  }
  const number = typeof value === 'number' ? value : value.value;
  if (typeof number === 'bigint') return number.toString();
  if (!Number.isFinite(number)) return undefined;
  if (Number.isInteger(number)) return BigInt(number).toString();
  const isFloat = typeof value !== 'number' && value.type === 'float';
  return expand(isFloat ? shortestFloatText(number) : String(number));
}

// java.lang.Double.toString: plain from 10^-3 up to 10^7, else one digit before the point and an exponent.
function javaDoubleText(value: number, shortest = String(value)): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e7) {
    const plain = expand(shortest);
    return plain.includes('.') ? plain : `${plain}.0`;
  }
  const [mantissa = '', exponent = ''] = Number(shortest).toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

function shortestFloatText(value: number): string {
  for (let precision = 1; precision < 9; precision += 1) {
    const text = value.toPrecision(precision);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

// JavaScript writes 1e-7 and 1e+21; this spells the digits out.
function expand(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  return plainDecimalText(
    new BigDecimal(BigInt(`${sign}${whole}${fraction}`), fraction.length - Number(exponent)),
  );
}
