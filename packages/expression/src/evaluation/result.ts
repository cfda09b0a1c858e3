import { refuse } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import { type ExpressionValue, isList, isMap } from '../values/value.ts';

const MAX_BYTES = expressionLimits.maxResultBytes;

/** Holds a result against the limits of size; text inside lists and maps counts together. */
export function assertResultSize(value: ExpressionValue): void {
  // A UTF-16 unit needs at most three bytes, which settles nearly every result.
  if (typeof value === 'string' && value.length * 3 <= MAX_BYTES) return;
  if (typeof value !== 'string' && typeof value !== 'object') return;
  const bytes = measure(value, 0);
  if (bytes > MAX_BYTES) refuse('LIMIT', 0, 'a larger result', `a result of at most ${MAX_BYTES} bytes`);
}

function measure(value: ExpressionValue, sum: number): number {
  if (sum > MAX_BYTES) return sum;
  if (typeof value === 'string') return sum + Buffer.byteLength(value);
  let bytes = sum;
  if (isList(value)) {
    for (const item of value) bytes = measure(item, bytes + 1);
  } else if (isMap(value)) {
    for (const [key, item] of value) bytes = measure(item, bytes + Buffer.byteLength(key) + 1);
  }
  return bytes;
}
