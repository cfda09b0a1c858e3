import { ExpressionError, refuse, refuseAll } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import type { Node } from './ast.ts';
import { readTokens } from './lexer.ts';
import { failBehindExpression, readExpression } from './operator-parser.ts';
import { TokenCursor } from './token-cursor.ts';

/** A parsed expression: `text` is the text as stored (line breaks are blanks), `ast` its tree. */
export interface Expression {
  readonly text: string;
  readonly ast: Node;
}

/**
 * Parses one expression.
 * @throws ExpressionError with every fault found in `problems`: `SYNTAX`, `OPERATOR_SPACING`, `FEATURE_DISABLED`,
 * `UNKNOWN_VARIABLE`, or `LIMIT` for a text that is too long or nested too deep.
 */
export function parseExpression(source: string): Expression {
  const bytes = Buffer.byteLength(source);
  if (bytes > expressionLimits.maxExpressionBytes) {
    refuse('LIMIT', 0, `${bytes} bytes`, `at most ${expressionLimits.maxExpressionBytes} bytes`);
  }
  const text = source.replace(/\r\n|[\r\n\u2028\u2029]/g, ' ');
  const cursor = new TokenCursor(readTokens(text), readExpression);
  try {
    const ast = cursor.readExpression();
    if (cursor.peek().kind !== 'end') failBehindExpression(cursor);
    refuseAll(cursor.faults);
    return { text, ast };
  } catch (error) {
    if (
      error instanceof ExpressionError &&
      cursor.faults.length > 0 &&
      !error.problems.includes(cursor.faults[0] ?? error)
    ) {
      refuseAll([...cursor.faults, error]);
    }
    throw error;
  }
}
