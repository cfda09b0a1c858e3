import type { BigDecimal } from './big-decimal.ts';

/**
 * A value of the language, and what each Java type is represented by:
 *
 * - null, boolean, string: themselves (`char` is a string of one unit)
 * - int: a JavaScript number, integral and within 32 bits
 * - long: a JavaScript number, integral, beyond 32 bits and exact (within 2^53); else a `TypedNumber`
 * - double: a JavaScript number that is not an exact integer (2.5, 1e300, NaN); else (`2.0`) a `TypedNumber`
 * - byte, short, float: a `TypedNumber`
 * - BigInteger: a `bigint`
 * - BigDecimal: a `BigDecimal`
 * - list and array: an array
 * - map: a `Map` with text keys
 *
 * So text and everyday numbers cost nothing, and each typed value has exactly one representation.
 */
export type ExpressionValue =
  | null
  | string
  | number
  | boolean
  | bigint
  | TypedNumber
  | BigDecimal
  | ExpressionList
  | ExpressionMap;

export interface ExpressionList extends ReadonlyArray<ExpressionValue> {}
export interface ExpressionMap extends ReadonlyMap<string, ExpressionValue> {}

/** A number whose Java type cannot be seen from its value: `2.0`, `5L`, `2.1f`. */
export class TypedNumber {
  readonly type: 'byte' | 'short' | 'long' | 'float' | 'double';
  /** A `long` holds a bigint, all others a number. */
  readonly value: number | bigint;

  constructor(type: TypedNumber['type'], value: number | bigint) {
    this.type = type;
    this.value = value;
  }
}

/** A map written in the expression: a key that is not there is a mistake, whereas in data it is null. */
export class LiteralMap extends Map<string, ExpressionValue> {}

export function isList(value: unknown): value is ExpressionList {
  return Array.isArray(value);
}

export function isMap(value: unknown): value is ExpressionMap {
  return value instanceof Map;
}

/** A value as an error message shows it: its kind and, for short scalars, the value itself. */
export function describeValue(value: ExpressionValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text '${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (typeof value === 'boolean') return `the boolean ${value}`;
  if (isList(value)) return value.length === 1 ? 'a list of one value' : `a list of ${value.length} values`;
  if (isMap(value)) return 'a map';
  return 'a number';
}
