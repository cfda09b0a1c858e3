import { ExpressionError } from '../errors.ts';
import { assertPatternUse, compilePattern, type PatternUse } from '../patterns/pattern.ts';
import type { Node } from '../syntax/ast.ts';

/** A regular expression written in the expression that can never work, whatever branch it stands in. */
export function readPatternProblem(node: Node): ExpressionError | undefined {
  const use: PatternUse = isWholeMatch(node) ? 'whole' : 'search';
  for (const written of patternsOf(node)) {
    if (written.kind !== 'literal' || typeof written.value !== 'string') continue;
    try {
      assertPatternUse(compilePattern(written.value, written.at), use, written.at);
    } catch (error) {
      if (error instanceof ExpressionError) return error;
      throw error;
    }
  }
  return undefined;
}

function isWholeMatch(node: Node): boolean {
  return node.kind === 'binary' || (node.kind === 'call' && node.name === 'matches');
}

// Patterns stand behind the text; replaceAll takes them in turn with their replacements.
function patternsOf(node: Node): readonly Node[] {
  if (node.kind === 'binary') return node.operator === 'matches' ? [node.right] : [];
  if (node.kind !== 'call' || node.library !== 'regex') return [];
  return node.args.filter((_, index) => (node.name === 'replaceAll' ? index % 2 === 1 : index === 1));
}
