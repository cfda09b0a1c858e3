import type { Argument } from '../evaluation/argument.ts';
import type { Frame } from '../evaluation/frame.ts';
import { looselyEqual } from '../values/equality.ts';
import { isNumeric, toDouble } from '../values/numbers.ts';
import type { ExpressionValue } from '../values/value.ts';
import { type Library, present, variadic } from './library.ts';

/** `#core`. Only the arguments that decide and the one chosen are evaluated. */
export const coreLibrary: Library = {
  ifelse: variadic(2, 23, undefined, (args) => {
    const { pairs, otherwise } = pairUp(args);
    return (frame) => {
      for (const [condition, result] of pairs) {
        if (isTruthy(condition.value(frame))) return result.value(frame);
      }
      return otherwise === undefined ? null : otherwise.value(frame);
    };
  }),
  switchExpr: variadic(3, 22, undefined, ([subject, ...args]) => {
    const { pairs, otherwise } = pairUp(args);
    return (frame: Frame) => {
      const value = present(subject).value(frame);
      for (const [choice, result] of pairs) {
        if (looselyEqual(value, choice.value(frame))) return result.value(frame);
      }
      return otherwise === undefined ? null : otherwise.value(frame);
    };
  }),
};

interface Pairs {
  readonly pairs: readonly (readonly [Argument, Argument])[];
  readonly otherwise: Argument | undefined;
}

function pairUp(args: readonly Argument[]): Pairs {
  const pairs: (readonly [Argument, Argument])[] = [];
  for (let at = 0; at + 1 < args.length; at += 2) pairs.push([present(args[at]), present(args[at + 1])]);
  return { pairs, otherwise: args.length % 2 === 1 ? args.at(-1) : undefined };
}

const TRUE_WORDS = new Set(['true', 'on', 'y', 't', 'yes']);

// Null, lists, maps and other texts are false.
function isTruthy(value: ExpressionValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return TRUE_WORDS.has(value.toLowerCase());
  return isNumeric(value) && toDouble(value) > 0;
}
