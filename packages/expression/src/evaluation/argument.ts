import type { Node } from '../syntax/ast.ts';
import type { ExpressionList, ExpressionValue } from '../values/value.ts';
import { booleanOf, integerOf, listOf, refuseNull, sourceOf, textOf } from './conversion.ts';
import { charge, type Frame, type Thunk } from './frame.ts';

/** An argument of a library function: evaluated when asked for, as the type asked for. */
export interface Argument {
  readonly node: Node;
  readonly position: number;
  value(frame: Frame): ExpressionValue;
  text(frame: Frame): string | null;
  integer(frame: Frame): number | null;
  /** As `integer`, but null is a fault. */
  count(frame: Frame): number;
  boolean(frame: Frame): boolean;
  list(frame: Frame): ExpressionList | null;
}

export function makeArgument(node: Node, value: Thunk): Argument {
  return {
    node,
    position: node.at,
    value,
    text: (frame) => {
      const result = value(frame);
      const text = typeof result === 'string' ? result : textOf(result, node);
      // Work on long texts is not done in one step.
      if (text !== null && text.length > 1024) charge(frame, text.length >> 10, node.at);
      return text;
    },
    integer: (frame) => integerOf(value(frame), node),
    count: (frame) => integerOf(value(frame), node) ?? refuseNull(node, 'a number'),
    boolean: (frame) => booleanOf(value(frame), node),
    list: (frame) => listOf(value(frame)),
  };
}

/** The argument as written, for messages. */
export function sourceOfArgument(argument: Argument): string {
  return sourceOf(argument.node);
}
