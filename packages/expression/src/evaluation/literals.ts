import { refuse } from '../errors.ts';
import type { ArrayNode, ArrayType, MapNode, Node, NumberNode } from '../syntax/ast.ts';
import {
  isNumeric,
  makeDouble,
  makeFloat,
  makeLong,
  type NumericValue,
  toBigInt,
  toDouble,
} from '../values/numbers.ts';
import { type ExpressionList, type ExpressionValue, LiteralMap, TypedNumber } from '../values/value.ts';
import { booleanOf, integerOf, refuseNull, refuseType, singleValue, textOf } from './conversion.ts';
import { assertListLength, type Thunk } from './frame.ts';

/** The value of a number literal. */
export function numberValue(node: NumberNode): NumericValue {
  const digits = node.text.replace(/[lL]$/, '');
  switch (node.type) {
    case 'int':
      return Number(digits);
    case 'long':
      return makeLong(BigInt(digits));
    case 'float':
      return makeFloat(Number.parseFloat(digits));
    case 'double':
      return makeDouble(Number.parseFloat(digits));
  }
}

/** `{k: v}`: keys become text, an entry whose key is null is dropped. */
export function bindMap(node: MapNode, compile: (node: Node) => Thunk): Thunk {
  const entries = node.entries.map(({ key, value }) => ({
    key: compile(key),
    keyNode: key,
    value: compile(value),
  }));
  return (frame) => {
    const map = new LiteralMap();
    for (const { key, keyNode, value } of entries) {
      const name = textOf(key(frame), keyNode);
      if (name !== null) map.set(name, value(frame));
    }
    return map;
  };
}

/** `new int[] {1, 2}`, whose elements are converted to the type, or `new int[3]`, `new int[2][3]` of zeros. */
export function bindArray(node: ArrayNode, compile: (node: Node) => Thunk): Thunk {
  if (node.items !== null) {
    const items = node.items.map((item) => ({ item, thunk: compile(item) }));
    return (frame) => items.map(({ item, thunk }) => elementOf(node.type, thunk(frame), item));
  }
  const sizes = node.sizes.map((size) => ({ size, thunk: compile(size) }));
  return (frame) => {
    const lengths = sizes.map(({ size, thunk }) => {
      const length = integerOf(thunk(frame), size) ?? refuseNull(size, 'the size of an array');
      return length < 0 ? refuse('TYPE_MISMATCH', size.at, `the size ${length}`, 'a size from 0') : length;
    });
    assertListLength(
      lengths.reduce((product, length) => product * length, 1),
      node.at,
    );
    for (const length of lengths) assertListLength(length, node.at);
    return zeros(node.type, lengths);
  };
}

function zeros(type: ArrayType, lengths: readonly number[]): ExpressionList {
  const [length = 0, ...inner] = lengths;
  return Array.from({ length }, () => (inner.length > 0 ? zeros(type, inner) : zeroOf(type)));
}

function zeroOf(type: ArrayType): ExpressionValue {
  if (type === 'boolean') return false;
  return type === 'char' ? '\u0000' : numberOfType(type, 0);
}

function elementOf(type: ArrayType, value: ExpressionValue, node: Node): ExpressionValue {
  const single = singleValue(value, node);
  if (single === null) return refuseNull(node, `an element of ${type}[]`);
  if (type === 'boolean') return booleanOf(single, node);
  if (type === 'char') {
    return typeof single === 'string' && single.length === 1
      ? single
      : refuseType(single, node, 'a text of one character');
  }
  if (!isNumeric(single)) return refuseType(single, node, `a number for ${type}[]`);
  return numberOfType(type, single) ?? refuseType(single, node, `a number within the range of ${type}`);
}

const BITS: Readonly<Record<'byte' | 'short' | 'int' | 'long', bigint>> = {
  byte: 8n,
  short: 16n,
  int: 32n,
  long: 64n,
};

function numberOfType(
  type: Exclude<ArrayType, 'boolean' | 'char'>,
  value: NumericValue,
): NumericValue | null {
  if (type === 'double') return makeDouble(toDouble(value));
  if (type === 'float') return makeFloat(toDouble(value));
  if (!Number.isFinite(toDouble(value))) return null;
  const integer = toBigInt(value);
  if (BigInt.asIntN(Number(BITS[type]), integer) !== integer) return null;
  if (type === 'long') return makeLong(integer);
  return type === 'int' ? Number(integer) : new TypedNumber(type, Number(integer));
}
