import { type CompiledExpression, compileExpression, ExpressionError } from '@sallyport/expression';
import type { Faults } from '../http/refuse.ts';

/** A readable expression; undefined after its faults were collected with their places. */
export function readExpression(text: string, target: string, faults: Faults): CompiledExpression | undefined {
  try {
    return compileExpression(text);
  } catch (error) {
    addExpressionFaults(error, target, faults);
    return undefined;
  }
}

/**
 * Every problem of an expression as a fault: a sentence for people, and code, position, found, expected and hint as data.
 * @throws what is no fault of an expression
 */
export function addExpressionFaults(error: unknown, target: string, faults: Faults): void {
  if (!(error instanceof ExpressionError)) throw error;
  for (const { code, message, position, found, expected, hint } of error.problems)
    faults.add('INVALID_EXPRESSION', target, message, {
      code,
      position,
      found,
      expected,
      ...(hint === undefined ? {} : { hint }),
    });
}
