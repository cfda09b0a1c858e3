import { compareNumbers } from './arithmetic.ts';
import { BigDecimal } from './big-decimal.ts';
import { javaNumberText } from './number-text.ts';
import { isNumeric, numericType } from './numbers.ts';
import { type ExpressionValue, isList, isMap } from './value.ts';

/** `==`: numbers by value, text exactly, null equals null, lists and maps by their content. `'5' == 5` is false. */
export function looselyEqual(a: ExpressionValue, b: ExpressionValue): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return false;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b) === 0;
  if ((isList(a) && isList(b)) || (isMap(a) && isMap(b))) return equalityKey(a) === equalityKey(b);
  return false;
}

/**
 * A text that two values share if and only if Java's `equals` holds them equal: same type and same value, so that
 * int 2, long 2, double 2.0 and text '2' all differ. Makes set operations linear.
 */
export function equalityKey(value: ExpressionValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `s${value.length}:${value}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isList(value)) return `[${value.map(equalityKey).join()}]`;
  if (isMap(value)) {
    const entries = [...value].map(([key, entry]) => `${key.length}:${key}=${equalityKey(entry)}`);
    return `{${entries.sort().join()}}`;
  }
  if (value instanceof BigDecimal) return `bigDecimal:${value.unscaled}e${value.scale}`;
  return `${numericType(value)}:${javaNumberText(value)}`;
}
