import { refuse } from '../errors.ts';
import type { IndexNode, Node, PropertyNode } from '../syntax/ast.ts';
import {
  describeValue,
  type ExpressionMap,
  type ExpressionValue,
  isList,
  isMap,
  LiteralMap,
} from '../values/value.ts';
import { integerOf, refuseNull, sourceOf, textOf } from './conversion.ts';

/**
 * `target.name`: null where the target or the property is null. Data maps are searched without case when the exact
 * name is not there; a map written in the expression must have the key.
 */
export function readProperty(target: ExpressionValue, node: PropertyNode): ExpressionValue {
  if (target === null) return null;
  if (isMap(target)) return readKey(target, node.name, node);
  if (!isList(target)) return null;
  if (target.length <= 1) return readProperty(target[0] ?? null, node);
  return refuse(
    'TOO_MANY_VALUES',
    node.at,
    `${target.length} values in ${sourceOf(node.target)}`,
    `one value with a property '${node.name}'`,
    `Write ${sourceOf(node.target)}.![${node.name}] for the property of each.`,
  );
}

/** A bare name inside a selection or projection, which belongs to the element. */
export function readElementName(element: ExpressionValue, name: string): ExpressionValue {
  return isMap(element) ? (readData(element, name) ?? null) : null;
}

/** `target[index]`: the element of a list (a scalar is a list of one) or the value of a key. */
export function readIndex(target: ExpressionValue, index: ExpressionValue, node: IndexNode): ExpressionValue {
  if (target === null) return null;
  if (isMap(target)) {
    const key = textOf(index, node.index);
    return key === null ? null : (readData(target, key) ?? null);
  }
  if (typeof index === 'string' && !isList(target)) return null;
  const position = integerOf(index, node.index);
  if (position === null) return refuseNull(node.index, 'an index');
  const list = isList(target) ? target : [target];
  if (position < 0)
    return refuse('INDEX_OUT_OF_RANGE', node.index.at, `the index ${position}`, 'an index from 0');
  const item = list[position];
  if (item !== undefined) return item;
  if (!isWritten(node.target)) return null;
  return refuse(
    'INDEX_OUT_OF_RANGE',
    node.index.at,
    `the index ${position} into ${describeValue(list)}`,
    `an index below ${list.length}`,
  );
}

function readKey(map: ExpressionMap, name: string, node: PropertyNode): ExpressionValue {
  const value = readData(map, name);
  if (value !== undefined) return value;
  if (!(map instanceof LiteralMap)) return null;
  const keys = [...map.keys()].slice(0, 10).join(', ');
  return refuse(
    'MISSING_PROPERTY',
    node.at,
    `no key '${name}' in ${sourceOf(node.target)}`,
    keys === '' ? 'a map with keys' : `one of ${keys}`,
    `Write ['${name}'] to get null instead.`,
  );
}

function readData(map: ExpressionMap, name: string): ExpressionValue | undefined {
  const exact = map.get(name);
  if (exact !== undefined || map instanceof LiteralMap) return exact;
  return lowerCasedKeys(map).get(name.toLowerCase());
}

const lowerCased = new WeakMap<ExpressionMap, ExpressionMap>();

// Remembered per map, because inside a loop the same one may be asked again and again for what it does not have.
function lowerCasedKeys(map: ExpressionMap): ExpressionMap {
  const known = lowerCased.get(map);
  if (known !== undefined) return known;
  const made = new Map<string, ExpressionValue>();
  for (const [key, value] of map) {
    const folded = key.toLowerCase();
    if (!made.has(folded)) made.set(folded, value);
  }
  lowerCased.set(map, made);
  return made;
}

// Whether the list is spelled out in the expression, so that its length is known to who wrote it.
function isWritten(node: Node): boolean {
  switch (node.kind) {
    case 'list':
    case 'array':
      return true;
    case 'filter':
    case 'projection':
      return isWritten(node.target);
    default:
      return node.kind === 'literal';
  }
}
