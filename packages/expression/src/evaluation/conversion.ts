import { refuse } from '../errors.ts';
import type { Node } from '../syntax/ast.ts';
import { printExpression } from '../syntax/printer.ts';
import { javaNumberText } from '../values/number-text.ts';
import { isIntegral, isNumeric, type NumericValue, toBigInt } from '../values/numbers.ts';
import { describeValue, type ExpressionList, type ExpressionValue, isList, isMap } from '../values/value.ts';

/** A list of one stands for its element and an empty one for null, since directories hold every attribute as a set. */
export function singleValue(value: ExpressionValue, node: Node): Exclude<ExpressionValue, ExpressionList> {
  let current = value;
  while (isList(current)) {
    if (current.length > 1) {
      return refuse(
        'TOO_MANY_VALUES',
        node.at,
        `${current.length} values in ${sourceOf(node)}`,
        'one value',
        `Take one with ${sourceOf(node)}[0], or all with #string.join(${sourceOf(node)}, ', ').`,
      );
    }
    current = current[0] ?? null;
  }
  return current;
}

/** Text, with numbers and booleans spelled out. */
export function textOf(value: ExpressionValue, node: Node): string | null {
  if (typeof value === 'string' || value === null) return value;
  const single = singleValue(value, node);
  if (single === null || typeof single === 'string') return single;
  if (typeof single === 'boolean') return String(single);
  return isMap(single) ? refuseType(single, node, 'a text') : javaNumberText(single);
}

/** A number; decimal text counts, because directories hold numbers as text. */
export function integerOf(value: ExpressionValue, node: Node): number | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  const single = singleValue(value, node);
  if (single === null) return null;
  if (typeof single === 'string' && /^[+-]?\d{1,15}$/.test(single)) return Number(single);
  if (typeof single === 'object' || typeof single === 'number' || typeof single === 'bigint') {
    if (isNumeric(single) && isIntegral(single)) {
      const exact = Number(toBigInt(single));
      if (Number.isSafeInteger(exact)) return exact;
    }
  }
  return refuseType(single, node, 'a whole number');
}

/** An operand of arithmetic: text is refused, since `+` would join it and nobody would notice. */
export function operandOf(value: ExpressionValue, node: Node, operator: string): NumericValue {
  const single = singleValue(value, node);
  if (isNumeric(single)) return single;
  if (single === null) return refuseNull(node, `a number for '${operator}'`);
  const hint = typeof single === 'string' ? `Write #string.asInt(${sourceOf(node)}, 0).` : undefined;
  return refuse('TYPE_MISMATCH', node.at, describeAt(single, node), `a number for '${operator}'`, hint);
}

/** A condition. The texts true and false count in any case, because directories hold booleans as text. */
export function booleanOf(value: ExpressionValue, node: Node): boolean {
  if (typeof value === 'boolean') return value;
  const single = singleValue(value, node);
  if (typeof single === 'boolean') return single;
  if (typeof single === 'string') {
    const word = single.toLowerCase();
    if (word === 'true') return true;
    if (word === 'false') return false;
  }
  if (single === null) {
    return refuseNull(
      node,
      'a boolean',
      `Give a default: (${sourceOf(node)} ?: false), or compare: ${sourceOf(node)} != null.`,
    );
  }
  return refuseType(single, node, 'a boolean');
}

/** A list; any other value counts as a list of one. */
export function listOf(value: ExpressionValue): ExpressionList | null {
  if (value === null || isList(value)) return value;
  return [value];
}

export function refuseType(value: ExpressionValue, node: Node, expected: string): never {
  return refuse('TYPE_MISMATCH', node.at, describeAt(value, node), expected);
}

export function refuseNull(node: Node, expected: string, hint?: string): never {
  return refuse('NULL_OPERAND', node.at, `null in ${sourceOf(node)}`, expected, hint);
}

/** The value and the part of the expression it comes from. */
export function describeAt(value: ExpressionValue, node: Node): string {
  return node.kind === 'literal' || node.kind === 'number'
    ? describeValue(value)
    : `${describeValue(value)} in ${sourceOf(node)}`;
}

/** The part of the expression as written, shortened. */
export function sourceOf(node: Node): string {
  const text = printExpression(node);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
