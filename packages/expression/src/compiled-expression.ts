import { checkExpression } from './checking/check.ts';
import { refuseAll } from './errors.ts';
import { compileNode } from './evaluation/compile.ts';
import type { ExpressionWarning, Frame } from './evaluation/frame.ts';
import { assertResultSize } from './evaluation/result.ts';
import type { ExpressionRoot } from './root.ts';
import { parseExpression } from './syntax/parser.ts';
import type { ExpressionValue } from './values/value.ts';

export interface EvaluationOptions {
  /** What `#datetime.now()` gives, in epoch milliseconds; one instant per run. The clock, when missing. */
  readonly now?: number | undefined;
  /** Told of what worked but is hardly ever meant. */
  readonly warn?: ((warning: ExpressionWarning) => void) | undefined;
}

/** An expression ready to be evaluated over any number of objects. It holds no state between evaluations. */
export interface CompiledExpression {
  readonly text: string;
  /** The root attributes it needs, in the spelling of the text. */
  readonly attributes: readonly string[];
  /** As `attributes`, with the part that is read of one where the text names it: `name.given`. */
  readonly paths: readonly string[];
  /** Whether it may look at any attribute, because it uses `#root` as a whole. */
  readonly usesWholeRoot: boolean;
  /** @throws ExpressionError for values that do not fit, and `LIMIT` for too much work or too large a result. */
  evaluate(root: ExpressionRoot, options?: EvaluationOptions): ExpressionValue;
}

/**
 * Parses, checks and compiles an expression.
 * @throws ExpressionError the first problem, with all of them in `problems`.
 */
export function compileExpression(source: string): CompiledExpression {
  const expression = parseExpression(source);
  const { attributes, paths, usesWholeRoot, problems } = checkExpression(expression);
  refuseAll(problems);
  const thunk = compileNode(expression.ast, 'root');
  return {
    text: expression.text,
    attributes,
    paths,
    usesWholeRoot,
    evaluate: (root, options) => {
      const frame: Frame = { root, now: options?.now, steps: 0, self: null, warn: options?.warn };
      const value = thunk(frame);
      assertResultSize(value);
      return value;
    },
  };
}
