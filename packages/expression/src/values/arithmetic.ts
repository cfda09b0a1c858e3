import { refuse } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import {
  addDecimals,
  BigDecimal,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  readBigDecimal,
  remainderOfDecimals,
  subtractDecimals,
} from './big-decimal.ts';
import {
  isOversized,
  makeDouble,
  makeFloat,
  makeInt,
  makeLong,
  type NumericType,
  type NumericValue,
  numericType,
  toBigInt,
  toDouble,
} from './numbers.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';

/**
 * Java arithmetic with promotion; an int that overflows becomes a long, a long a BigInteger.
 * @throws ExpressionError `DIVISION_BY_ZERO` unless a float or double takes part; `LIMIT` for numbers that grow too long.
 */
export function calculate(
  operator: ArithmeticOperator,
  a: NumericValue,
  b: NumericValue,
  position: number,
): NumericValue {
  const type = promotedType(a, b);
  if (operator === '^') return raise(type, a, b, position);
  switch (type) {
    case 'bigDecimal':
      return bounded(
        onDecimals(operator, toDecimal(a, position), toDecimal(b, position), position),
        position,
      );
    case 'double':
      return makeDouble(onDoubles(operator, toDouble(a), toDouble(b)));
    case 'float':
      return makeFloat(onDoubles(operator, toDouble(a), toDouble(b)));
    case 'bigInteger':
      return bounded(onIntegers(operator, toBigInt(a), toBigInt(b), position), position);
    case 'long':
      return makeLong(onIntegers(operator, toBigInt(a), toBigInt(b), position));
    default:
      return onInts(operator, toDouble(a), toDouble(b), position);
  }
}

export function negate(value: NumericValue): NumericValue {
  if (value instanceof BigDecimal) return new BigDecimal(-value.unscaled, value.scale);
  switch (numericType(value)) {
    case 'bigInteger':
      return -toBigInt(value);
    case 'long':
      return makeLong(-toBigInt(value));
    case 'double':
      return makeDouble(-toDouble(value));
    case 'float':
      return makeFloat(-toDouble(value));
    default:
      return makeInt(0 - toDouble(value));
  }
}

/** -1, 0 or 1 by value, whatever the types; NaN when one side is not a number. */
export function compareNumbers(a: NumericValue, b: NumericValue): number {
  const type = promotedType(a, b);
  if (type === 'double' || type === 'float') {
    const x = toDouble(a);
    const y = toDouble(b);
    return x === y ? 0 : x < y ? -1 : x > y ? 1 : Number.NaN;
  }
  if (type === 'bigDecimal') {
    const x = decimalOf(a);
    const y = decimalOf(b);
    if (x === undefined || y === undefined) return Math.sign(toDouble(a) - toDouble(b));
    return compareDecimals(x, y);
  }
  const x = toBigInt(a);
  const y = toBigInt(b);
  return x === y ? 0 : x < y ? -1 : 1;
}

function promotedType(a: NumericValue, b: NumericValue): NumericType {
  const x = numericType(a);
  const y = numericType(b);
  for (const type of ['bigDecimal', 'double', 'float', 'bigInteger', 'long'] as const) {
    if (x === type || y === type) return type;
  }
  return 'int';
}

function onInts(operator: ArithmeticOperator, a: number, b: number, position: number): NumericValue {
  switch (operator) {
    case '+':
      return makeInt(a + b);
    case '-':
      return makeInt(a - b);
    case '*': {
      const product = a * b;
      // + 0 turns the -0 that JavaScript makes of 0 * -1 into 0.
      return Number.isSafeInteger(product) ? makeInt(product + 0) : makeLong(BigInt(a) * BigInt(b));
    }
    case '/':
      return makeInt(Math.trunc(a / nonZero(b, position)) + 0);
    default:
      return makeInt((a % nonZero(b, position)) + 0);
  }
}

function onIntegers(operator: ArithmeticOperator, a: bigint, b: bigint, position: number): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / nonZero(b, position);
    default:
      return a % nonZero(b, position);
  }
}

function onDoubles(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return a % b;
  }
}

function onDecimals(
  operator: ArithmeticOperator,
  a: BigDecimal,
  b: BigDecimal,
  position: number,
): BigDecimal {
  switch (operator) {
    case '+':
      return addDecimals(a, b);
    case '-':
      return subtractDecimals(a, b);
    case '*':
      return multiplyDecimals(a, b);
    case '/':
      nonZero(b.unscaled, position);
      return divideDecimals(a, b);
    default:
      nonZero(b.unscaled, position);
      return remainderOfDecimals(a, b);
  }
}

// Integers raised to integers stay integers, and a negative exponent leaves the integer part only (2 ^ -1 is 0), as in SpEL.
function raise(type: NumericType, a: NumericValue, b: NumericValue, position: number): NumericValue {
  if (type === 'double') return makeDouble(toDouble(a) ** toDouble(b));
  if (type === 'float') return makeFloat(toDouble(a) ** toDouble(b));
  const exponent = toBigInt(b);
  if (a instanceof BigDecimal || type === 'bigDecimal') {
    const base = toDecimal(a, position);
    if (exponent < 0n)
      refuse('TYPE_MISMATCH', position, 'a negative exponent', 'an exponent from 0 for a BigDecimal');
    const power = boundedPower(base.unscaled, exponent, position);
    return bounded(new BigDecimal(power, base.scale * Number(exponent)), position);
  }
  const base = toBigInt(a);
  if (exponent < 0n) {
    const inverse = base === 1n ? 1n : base === -1n ? (exponent % 2n === 0n ? 1n : -1n) : 0n;
    if (base === 0n)
      return refuse(
        'DIVISION_BY_ZERO',
        position,
        'zero raised to a negative number',
        'a base other than zero',
      );
    return type === 'int' ? makeInt(Number(inverse)) : makeLong(inverse);
  }
  const power = boundedPower(base, exponent, position);
  if (type === 'bigInteger') return power;
  const small = Number(power);
  return type === 'int' && Number.isSafeInteger(small) ? makeInt(small) : makeLong(power);
}

function boundedPower(base: bigint, exponent: bigint, position: number): bigint {
  const isFlat = base === 0n || base === 1n || base === -1n;
  if (isFlat) return base === -1n && exponent % 2n === 0n ? 1n : exponent === 0n ? 1n : base;
  const digits = BigInt(base.toString().length) * exponent;
  // One digit of the base may stand for as little as 0.3 of the result, hence the generous first test.
  if (digits > BigInt(expressionLimits.maxNumberDigits) * 4n) refuseSize(position);
  const power = base ** exponent;
  return isOversized(power) ? refuseSize(position) : power;
}

function bounded<T extends bigint | BigDecimal>(value: T, position: number): T {
  return isOversized(value) ? refuseSize(position) : value;
}

function refuseSize(position: number): never {
  return refuse(
    'LIMIT',
    position,
    'a longer number',
    `a number of at most ${expressionLimits.maxNumberDigits} digits`,
  );
}

function nonZero<T extends number | bigint>(divisor: T, position: number): T {
  return divisor === 0 || divisor === 0n
    ? refuse('DIVISION_BY_ZERO', position, 'a division by zero', 'a divisor other than zero')
    : divisor;
}

function toDecimal(value: NumericValue, position: number): BigDecimal {
  return decimalOf(value) ?? refuse('TYPE_MISMATCH', position, 'NaN or Infinity', 'a finite number');
}

function decimalOf(value: NumericValue): BigDecimal | undefined {
  if (value instanceof BigDecimal) return value;
  const type = numericType(value);
  return type === 'double' || type === 'float'
    ? readBigDecimal(String(toDouble(value)))
    : new BigDecimal(toBigInt(value), 0);
}
