import { expressionLimits } from '../limits.ts';
import { BigDecimal, plainDecimalText } from '../values/big-decimal.ts';
import { javaNumberText } from '../values/number-text.ts';
import {
  isIntegral,
  isNumeric,
  type NumericValue,
  numericType,
  toBigInt,
  toDouble,
} from '../values/numbers.ts';
import { type ExpressionValue, isList, isMap } from '../values/value.ts';

/**
 * java.util.Formatter for `%s %S %b %B %c %C %d %o %x %X %e %E %f %g %G %n %%` with flags, width, precision and
 * positions. Null for anything Java would throw on, date conversions, and texts beyond the limit.
 */
export function formatText(format: string, args: readonly ExpressionValue[]): string | null {
  const matcher = /%(?:(\d+)\$|(<))?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])|%/g;
  let text = '';
  let from = 0;
  let ordinary = 0;
  let previous = -1;
  for (const match of format.matchAll(matcher)) {
    const [whole, position, same, flags = '', width = '', precision = '', conversion] = match;
    if (conversion === undefined) return null;
    text += format.slice(from, match.index);
    from = match.index + whole.length;
    const spec: Spec = {
      conversion,
      flags,
      width: Number(width),
      hasWidth: width !== '',
      precision: precision === '' ? undefined : Number(precision),
    };
    if (!isSound(spec)) return null;
    if (conversion === '%' || conversion === 'n') {
      text += conversion === 'n' ? '\n' : pad('%', spec);
      continue;
    }
    const index = position !== undefined ? Number(position) - 1 : same !== undefined ? previous : ordinary;
    if (position === undefined && same === undefined) ordinary += 1;
    const arg = args[index];
    if (arg === undefined) return null;
    previous = index;
    const piece = convert(spec, arg);
    if (piece === null) return null;
    text += piece;
    if (text.length > expressionLimits.maxTextLength) return null;
  }
  return text + format.slice(from);
}

interface Spec {
  readonly conversion: string;
  readonly flags: string;
  readonly width: number;
  readonly hasWidth: boolean;
  readonly precision: number | undefined;
}

// The combinations Java refuses by exception.
function isSound(spec: Spec): boolean {
  const { conversion, flags, width, hasWidth, precision } = spec;
  if (width > expressionLimits.maxTextLength || (precision ?? 0) > 1000) return false;
  if (new Set(flags).size !== flags.length) return false;
  if ((flags.includes('-') || flags.includes('0')) && !hasWidth) return false;
  if (flags.includes('-') && flags.includes('0')) return false;
  if (flags.includes('+') && flags.includes(' ')) return false;
  if (conversion === 'n') return flags === '' && !hasWidth && precision === undefined;
  if ('sSbB'.includes(conversion)) return /^-?$/.test(flags);
  if ('cC%'.includes(conversion)) return /^-?$/.test(flags) && precision === undefined;
  if (conversion === 'd') return precision === undefined && !flags.includes('#');
  if ('oxX'.includes(conversion)) return precision === undefined && !flags.includes(',');
  if ('eE'.includes(conversion)) return !flags.includes(',');
  return 'fgG'.includes(conversion);
}

function convert(spec: Spec, arg: ExpressionValue): string | null {
  switch (spec.conversion) {
    case 's':
    case 'S':
    case 'b':
    case 'B': {
      const isBoolean = spec.conversion.toLowerCase() === 'b';
      const full = isBoolean ? String(arg !== null && arg !== false) : displayText(arg);
      const cut = spec.precision === undefined ? full : full.slice(0, spec.precision);
      return pad(/[SB]/.test(spec.conversion) ? cut.toUpperCase() : cut, spec);
    }
    case 'c':
    case 'C': {
      const character = characterOf(arg);
      return character === null
        ? null
        : pad(spec.conversion === 'C' ? character.toUpperCase() : character, spec);
    }
    case 'd':
    case 'o':
    case 'x':
    case 'X':
      return formatInteger(spec, arg);
    default:
      return formatReal(spec, arg);
  }
}

function displayText(value: ExpressionValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value;
  if (isList(value)) return `[${value.map(displayText).join(', ')}]`;
  if (isMap(value)) return `{${[...value].map(([key, item]) => `${key}=${displayText(item)}`).join(', ')}}`;
  return javaNumberText(value);
}

function characterOf(arg: ExpressionValue): string | null {
  if (arg === null) return 'null';
  if (typeof arg === 'string') return [...arg].length === 1 ? arg : null;
  if (!isNumeric(arg) || numericType(arg) !== 'int') return null;
  const code = toDouble(arg);
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
}

function formatInteger(spec: Spec, arg: ExpressionValue): string | null {
  if (arg === null) return pad('null', { ...spec, flags: spec.flags.replace('0', '') });
  if (!isNumeric(arg) || !isIntegral(arg)) return null;
  const value = toBigInt(arg);
  if (spec.conversion === 'd') return withSign(value < 0n, group(magnitude(value).toString(), spec), spec);
  const type = numericType(arg);
  if (type !== 'bigInteger' && /[+ (]/.test(spec.flags)) return null;
  const radix = spec.conversion === 'o' ? 8 : 16;
  // Java shows negative ints and longs in two's complement, a BigInteger with its sign.
  const bits = type === 'long' ? 64 : type === 'byte' ? 8 : type === 'short' ? 16 : 32;
  const unsigned = type === 'bigInteger' ? magnitude(value) : BigInt.asUintN(bits, value);
  const prefix = spec.flags.includes('#') ? (radix === 8 ? '0' : '0x') : '';
  const text = withSign(type === 'bigInteger' && value < 0n, unsigned.toString(radix), spec, prefix);
  return spec.conversion === 'X' ? text.toUpperCase() : text;
}

function formatReal(spec: Spec, arg: ExpressionValue): string | null {
  if (arg === null) return pad('null', { ...spec, flags: spec.flags.replace('0', '') });
  if (!isNumeric(arg)) return null;
  const type = numericType(arg);
  if (type !== 'double' && type !== 'float' && type !== 'bigDecimal') return null;
  const value = toDouble(arg);
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : 'Infinity';
    return withSign(value < 0, name, { ...spec, flags: spec.flags.replace('0', '') });
  }
  const precision = Math.min(spec.precision ?? 6, 100);
  const text = withSign(isNegative(arg), realDigits(spec, arg, precision), spec);
  return /[EG]/.test(spec.conversion) ? text.toUpperCase() : text;
}

function realDigits(spec: Spec, arg: NumericValue, precision: number): string {
  const value = Math.abs(toDouble(arg));
  switch (spec.conversion) {
    case 'e':
    case 'E':
      return exponential(value, precision);
    case 'f':
      return group(fixed(arg, precision), spec);
    default: {
      const digits = precision === 0 ? 1 : precision;
      // As Formatter decides: after rounding, from 10^-4 up to 10^precision the plain form.
      const rounded = Number(value.toPrecision(digits));
      if (rounded !== 0 && (rounded < 1e-4 || rounded >= 10 ** digits)) return exponential(value, digits - 1);
      const whole = rounded === 0 ? 1 : Math.floor(Math.log10(rounded)) + 1;
      return group(fixed(arg, Math.min(100, Math.max(0, digits - whole))), spec);
    }
  }
}

function exponential(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');
}

// Halves are rounded up on the decimal text of the number, as Java does; toFixed would round the binary value.
function fixed(arg: NumericValue, precision: number): string {
  const exact = arg instanceof BigDecimal ? plainDecimalText(arg) : expandDouble(Math.abs(toDouble(arg)));
  const [whole = '0', fraction = ''] = exact.replace('-', '').split('.');
  const digits = BigInt(whole + fraction.slice(0, precision).padEnd(precision, '0'));
  const rounded = (digits + (Number(fraction.charAt(precision)) >= 5 ? 1n : 0n))
    .toString()
    .padStart(precision + 1, '0');
  return precision === 0 ? rounded : `${rounded.slice(0, -precision)}.${rounded.slice(-precision)}`;
}

function expandDouble(value: number): string {
  const match = /^(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (match === null) return String(value);
  const [, whole = '', fraction = '', exponent = '0'] = match;
  return plainDecimalText(new BigDecimal(BigInt(whole + fraction), fraction.length - Number(exponent)));
}

function group(digits: string, spec: Spec): string {
  if (!spec.flags.includes(',')) return digits;
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function withSign(negative: boolean, digits: string, spec: Spec, prefix = ''): string {
  const inBrackets = negative && spec.flags.includes('(');
  const sign = inBrackets
    ? '('
    : negative
      ? '-'
      : spec.flags.includes('+')
        ? '+'
        : spec.flags.includes(' ')
          ? ' '
          : '';
  const closing = inBrackets ? ')' : '';
  const zeros = spec.flags.includes('0')
    ? Math.max(0, spec.width - sign.length - prefix.length - digits.length - closing.length)
    : 0;
  return pad(`${sign}${prefix}${'0'.repeat(zeros)}${digits}${closing}`, spec);
}

function pad(text: string, spec: Spec): string {
  return spec.flags.includes('-') ? text.padEnd(spec.width) : text.padStart(spec.width);
}

function isNegative(value: NumericValue): boolean {
  if (value instanceof BigDecimal) return value.unscaled < 0n;
  const number = toDouble(value);
  return number < 0 || Object.is(number, -0);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
