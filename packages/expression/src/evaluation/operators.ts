import { refuse } from '../errors.ts';
import { compilePattern, matchesWhole } from '../patterns/pattern.ts';
import type { BinaryNode, Node } from '../syntax/ast.ts';
import { type ArithmeticOperator, calculate, compareNumbers, negate } from '../values/arithmetic.ts';
import { looselyEqual } from '../values/equality.ts';
import { isNumeric } from '../values/numbers.ts';
import { describeValue, type ExpressionValue, isMap } from '../values/value.ts';
import {
  booleanOf,
  describeAt,
  operandOf,
  refuseNull,
  refuseType,
  singleValue,
  sourceOf,
  textOf,
} from './conversion.ts';
import { assertTextLength, charge, type Frame, type Thunk } from './frame.ts';

/** Compiles a binary operator over its compiled operands. */
export function bindBinary(node: BinaryNode, left: Thunk, right: Thunk): Thunk {
  switch (node.operator) {
    case 'and':
      return (frame) => booleanOf(left(frame), node.left) && booleanOf(right(frame), node.right);
    case 'or':
      return (frame) => booleanOf(left(frame), node.left) || booleanOf(right(frame), node.right);
    case '==':
      return (frame) => looselyEqual(left(frame), right(frame));
    case '!=':
      return (frame) => !looselyEqual(left(frame), right(frame));
    case '<':
      return (frame) => compareOrdered(left(frame), right(frame), node) < 0;
    case '<=':
      return (frame) => compareOrdered(left(frame), right(frame), node) <= 0;
    case '>':
      return (frame) => compareOrdered(left(frame), right(frame), node) > 0;
    case '>=':
      return (frame) => compareOrdered(left(frame), right(frame), node) >= 0;
    case 'matches':
      return bindMatches(node, left, right);
    case '+':
      return bindPlus(node, left, right);
    default:
      return bindArithmetic(node, node.operator, left, right);
  }
}

export function bindUnary(operator: '!' | '-' | '+', operand: Thunk, node: Node): Thunk {
  if (operator === '!') return (frame) => !booleanOf(operand(frame), node);
  if (operator === '-') return (frame) => negate(operandOf(operand(frame), node, '-'));
  return (frame) => operandOf(operand(frame), node, '+');
}

function bindPlus(node: BinaryNode, left: Thunk, right: Thunk): Thunk {
  const position = node.at;
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'string' && typeof b === 'string') {
      const text = a + b;
      if (text.length > 1024) {
        assertTextLength(text.length, position);
        charge(frame, text.length >> 10, position);
      }
      return text;
    }
    return addOrJoin(a, b, node, frame);
  };
}

function addOrJoin(a: ExpressionValue, b: ExpressionValue, node: BinaryNode, frame: Frame): ExpressionValue {
  if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) return a + b;
  const x = singleValue(a, node.left);
  const y = singleValue(b, node.right);
  if (typeof x !== 'string' && typeof y !== 'string') {
    const first = isNumeric(x) ? x : operandOf(x, node.left, '+');
    return calculate('+', first, operandOf(y, node.right, '+'), node.at);
  }
  const text = joinable(x, node.left, frame) + joinable(y, node.right, frame);
  assertTextLength(text.length, node.at);
  return text;
}

// Java prints null as 'null'; compatible, though hardly ever meant, hence the warning.
function joinable(value: ExpressionValue, node: Node, frame: Frame): string {
  const text = textOf(value, node);
  if (text !== null) return text;
  frame.warn?.({ code: 'NULL_IN_CONCATENATION', position: node.at, found: sourceOf(node) });
  return 'null';
}

function bindArithmetic(node: BinaryNode, operator: ArithmeticOperator, left: Thunk, right: Thunk): Thunk {
  return (frame) => {
    const a = operandOf(left(frame), node.left, operator);
    const b = operandOf(right(frame), node.right, operator);
    return calculate(operator, a, b, node.at);
  };
}

// Null comes before everything; numbers compare by value, text by UTF-16 unit, false before true.
function compareOrdered(left: ExpressionValue, right: ExpressionValue, node: BinaryNode): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const a = singleValue(left, node.left);
  const b = singleValue(right, node.right);
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (isMap(a)) return refuseType(a, node.left, `a number, text or boolean for '${node.operator}'`);
  const text = typeof a === 'string' ? node.left : node.right;
  const hint =
    typeof a === 'string' || typeof b === 'string'
      ? `Write #string.asInt(${sourceOf(text)}, 0) to compare numbers.`
      : undefined;
  return refuse(
    'TYPE_MISMATCH',
    node.at,
    `${describeAt(a, node.left)} against ${describeValue(b)}`,
    `values of one type for '${node.operator}'`,
    hint,
  );
}

function bindMatches(node: BinaryNode, left: Thunk, right: Thunk): Thunk {
  return (frame) => {
    const text = textOf(left(frame), node.left);
    const source = textOf(right(frame), node.right);
    if (source === null) return refuseNull(node.right, "a regular expression for 'matches'");
    const pattern = compilePattern(source, node.right.at);
    if (text === null) return false;
    charge(frame, text.length >> 6, node.at);
    return matchesWhole(pattern, text, node.left.at);
  };
}
