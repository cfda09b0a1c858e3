import { refuse } from '../errors.ts';
import type { Argument } from '../evaluation/argument.ts';
import { describeAt } from '../evaluation/conversion.ts';
import type { Frame } from '../evaluation/frame.ts';
import { expressionLimits } from '../limits.ts';
import { readBigDecimal } from '../values/big-decimal.ts';
import {
  isNumeric,
  isOversized,
  makeDouble,
  makeFloat,
  makeLong,
  type NumericValue,
} from '../values/numbers.ts';
import type { ExpressionValue } from '../values/value.ts';
import { binary, type Library, type LibraryFunction } from './library.ts';

/** The functions of `#string` that read a number, or give the default when the text is none. */
export const stringNumbers: Library = {
  asInt: reading((text) => inRange(text, 31n, (value) => Number(value))),
  asLong: reading((text) => inRange(text, 63n, makeLong)),
  asBigInt: reading((text, position) =>
    /^[+-]?\d+$/.test(text) ? BigInt(boundedDigits(text, position).replace('+', '')) : undefined,
  ),
  asBigDecimal: reading((text, position) => {
    const decimal = readBigDecimal(text);
    if (decimal === undefined) return undefined;
    boundedDigits(text, position);
    if (isOversized(decimal)) refuseSize(position);
    return decimal;
  }),
  asFloat: reading((text) =>
    finite(text, (value) => (Number.isFinite(Math.fround(value)) ? makeFloat(value) : undefined)),
  ),
  asDouble: reading((text) => finite(text, makeDouble)),
};

type Reader = (text: string, position: number) => NumericValue | undefined;

function reading(read: Reader): LibraryFunction {
  return binary('number', (s, fallback, position) => (frame) => {
    const text = s.text(frame);
    const value = text === null ? undefined : read(text, position);
    return value ?? fallbackOf(fallback, frame);
  });
}

// The default may be null or a number; other values would make the result change its type unnoticed.
function fallbackOf(fallback: Argument, frame: Frame): ExpressionValue {
  const value = fallback.value(frame);
  if (value === null || isNumeric(value)) return value;
  if (typeof value === 'string') return value;
  return refuse(
    'TYPE_MISMATCH',
    fallback.position,
    describeAt(value, fallback.node),
    'a number, text or null as the default',
  );
}

function inRange(
  text: string,
  bits: bigint,
  make: (value: bigint) => NumericValue,
): NumericValue | undefined {
  if (!/^[+-]?\d{1,200}$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return value >= -(2n ** bits) && value < 2n ** bits ? make(value) : undefined;
}

function finite(text: string, make: (value: number) => NumericValue | undefined): NumericValue | undefined {
  // Float.parseFloat takes surrounding white space and a type suffix as well.
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?\s*$/.exec(text);
  const value = match === null ? Number.NaN : Number(match[1]);
  return Number.isFinite(value) ? make(value) : undefined;
}

function boundedDigits(text: string, position: number): string {
  return text.length > expressionLimits.maxNumberDigits ? refuseSize(position) : text;
}

function refuseSize(position: number): never {
  return refuse(
    'LIMIT',
    position,
    'a longer number',
    `a number of at most ${expressionLimits.maxNumberDigits} digits`,
  );
}
