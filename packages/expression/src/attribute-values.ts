import { refuse } from './errors.ts';
import { plainNumberText } from './values/number-text.ts';
import { isNumeric, type NumericValue, numericType } from './values/numbers.ts';
import { type ExpressionValue, isList, isMap } from './values/value.ts';

/** JSON data, as `toJsonValue` gives it. */
export type JsonValue =
  | null
  | string
  | number
  | boolean
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/**
 * What a target attribute receives: its values as text, nulls and empty texts dropped, duplicates removed. No value
 * means that the attribute is absent. Numbers are plain decimal text, booleans `true` and `false`.
 * @throws ExpressionError `TYPE_MISMATCH` for a map, a list within a list, NaN and infinities.
 */
export function toAttributeValues(value: ExpressionValue): readonly string[] {
  if (value === null || value === '') return [];
  if (!isList(value)) return [attributeText(value)];
  const values = new Set<string>();
  for (const item of value) {
    if (item !== null && item !== '') values.add(attributeText(item));
  }
  return [...values];
}

/**
 * A result as JSON data. Numbers that JSON's readers would round become text.
 * @throws ExpressionError `TYPE_MISMATCH` for NaN and infinities.
 */
export function toJsonValue(value: ExpressionValue): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (isList(value)) return value.map(toJsonValue);
  if (isMap(value)) return Object.fromEntries([...value].map(([key, item]) => [key, toJsonValue(item)]));
  const text = plainText(value);
  const number = Number(text);
  const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : plainNumberText(number) === text;
  return isExact || numericType(value) === 'double' ? number : text;
}

function attributeText(value: ExpressionValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isNumeric(value)) return plainText(value);
  return refuse(
    'TYPE_MISMATCH',
    0,
    isMap(value) ? 'a map' : 'a list within a list',
    'a text, number, boolean or a list of them',
  );
}

function plainText(value: NumericValue): string {
  return plainNumberText(value) ?? refuse('TYPE_MISMATCH', 0, 'NaN or Infinity', 'a finite number');
}
