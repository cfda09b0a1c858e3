import { refuse } from './errors.ts';
import { makeNumber } from './values/numbers.ts';
import type { ExpressionMap, ExpressionValue } from './values/value.ts';

/**
 * The data an expression sees. `get` finds an attribute whatever the case of its name: one value gives a scalar,
 * several give a list, none gives null. `names` lists all attributes, for expressions that use `#root` as a map.
 */
export interface ExpressionRoot {
  get(name: string): ExpressionValue;
  names(): readonly string[];
}

/** The root of an expression that looks at nothing. */
export const emptyRoot: ExpressionRoot = { get: () => null, names: () => [] };

/**
 * Makes a root of JSON data; lists stay lists, whatever their length. Anything but an object has no attributes.
 * @throws ExpressionError `TYPE_MISMATCH` for what JSON cannot hold (functions, symbols).
 */
export function rootFromObject(data: unknown): ExpressionRoot {
  const value = valueFromJson(data ?? null);
  if (!(value instanceof Map)) return emptyRoot;
  const attributes: ExpressionMap = value;
  const lowerCased = new Map<string, ExpressionValue>();
  for (const [name, attribute] of attributes) {
    const key = name.toLowerCase();
    if (!lowerCased.has(key)) lowerCased.set(key, attribute);
  }
  const names = [...attributes.keys()];
  return {
    get: (name) => attributes.get(name) ?? lowerCased.get(name.toLowerCase()) ?? null,
    names: () => names,
  };
}

// Deeper data than any directory or REST body has would only serve to overflow the stack.
const MAX_DATA_DEPTH = 200;

/** JSON data as a value of the language: objects become maps, `undefined` becomes null. */
export function valueFromJson(data: unknown, depth = 0): ExpressionValue {
  if (depth > MAX_DATA_DEPTH)
    return refuse('LIMIT', 0, 'data nested too deep', `at most ${MAX_DATA_DEPTH} levels`);
  if (data === null || data === undefined) return null;
  if (typeof data === 'string' || typeof data === 'boolean' || typeof data === 'bigint') return data;
  if (typeof data === 'number') return makeNumber(data);
  if (Array.isArray(data)) return data.map((item: unknown) => valueFromJson(item, depth + 1));
  if (typeof data !== 'object') return refuse('TYPE_MISMATCH', 0, `a ${typeof data}`, 'JSON data');
  return new Map(Object.entries(data).map(([key, item]) => [key, valueFromJson(item, depth + 1)]));
}
