import { ExpressionError } from '../errors.ts';
import { readFunction, similarFunction } from '../libraries/catalogue.ts';
import type { CallNode } from '../syntax/ast.ts';

/** A call of a function that does not exist, or with the wrong number of arguments. */
export function readCallProblem(node: CallNode): ExpressionError | undefined {
  const found = readFunction(node.library, node.name);
  const called = `#${node.library}.${node.name}`;
  if (found === undefined) {
    const similar = similarFunction(node.library, node.name);
    return new ExpressionError({
      code: 'UNKNOWN_FUNCTION',
      position: node.at,
      found: `'${called}'`,
      expected: `a function of #${node.library}`,
      hint: similar === undefined ? undefined : `Did you mean ${similar}?`,
    });
  }
  const { minArguments, maxArguments } = found;
  const count = node.args.length;
  if (count >= minArguments && count <= maxArguments) return undefined;
  const range =
    minArguments === maxArguments
      ? String(minArguments)
      : maxArguments === Number.POSITIVE_INFINITY
        ? `at least ${minArguments}`
        : `${minArguments} to ${maxArguments}`;
  return new ExpressionError({
    code: 'ARGUMENT_COUNT',
    position: node.at,
    found: `${count} ${count === 1 ? 'argument' : 'arguments'} for ${called}`,
    expected: `${range} ${range === '1' ? 'argument' : 'arguments'}`,
  });
}
