import { ExpressionError } from '../errors.ts';
import { compileNode, evaluateConstant, refersToRoot, type Scope } from '../evaluation/compile.ts';
import { isConstant } from '../evaluation/constant.ts';
import type { ValueType } from '../libraries/library.ts';
import { childrenOf, type Node } from '../syntax/ast.ts';
import type { Expression } from '../syntax/parser.ts';
import { readCallProblem } from './call-problem.ts';
import { readPatternProblem } from './pattern-problem.ts';
import { readPropertyProblem, readTypeProblem, typeOf } from './types.ts';

/** What can be said of an expression before it meets data. */
export interface CheckResult {
  /** The root attributes it needs, each once, in the spelling and order of the text. */
  readonly attributes: readonly string[];
  /** True when `#root` is used other than to name an attribute, so that any attribute may matter. */
  readonly usesWholeRoot: boolean;
  /** The kind of the result, when it does not depend on the data. A result may be null all the same. */
  readonly resultType?: ValueType;
  /** Everything that is wrong whatever the data, in the order of the text. */
  readonly problems: readonly ExpressionError[];
}

interface Findings {
  readonly attributes: Map<string, string>;
  usesWholeRoot: boolean;
  readonly problems: ExpressionError[];
}

/**
 * Looks through a parsed expression without evaluating it on data: needed attributes, unknown functions, argument
 * counts, and what must fail wherever it is evaluated (`5 / 0`, a missing key of a written map). Such a failure in a
 * branch that may not be taken is no problem.
 */
export function checkExpression(expression: Expression): CheckResult {
  const findings: Findings = { attributes: new Map(), usesWholeRoot: false, problems: [] };
  visit(expression.ast, 'root', findings);
  // Constants can be evaluated only when all their calls are sound.
  if (findings.problems.length === 0) findCertainFailures(expression.ast, 'root', findings);
  const resultType = findings.problems.length === 0 ? typeOf(expression.ast) : undefined;
  return {
    attributes: [...findings.attributes.values()],
    usesWholeRoot: findings.usesWholeRoot,
    ...(resultType === undefined ? {} : { resultType }),
    problems: findings.problems.sort((a, b) => a.position - b.position),
  };
}

function visit(node: Node, scope: Scope, findings: Findings): void {
  note(readPatternProblem(node), findings);
  switch (node.kind) {
    case 'name':
      if (scope === 'root') need(node.name, findings);
      return;
    case 'variable':
      if (refersToRoot(node, scope)) findings.usesWholeRoot = true;
      return;
    case 'property':
      if (refersToRoot(node.target, scope)) {
        need(node.name, findings);
        return;
      }
      note(readPropertyProblem(node), findings);
      break;
    case 'index':
      if (
        refersToRoot(node.target, scope) &&
        node.index.kind === 'literal' &&
        typeof node.index.value === 'string'
      ) {
        need(node.index.value, findings);
        return;
      }
      break;
    case 'filter':
      visit(node.target, scope, findings);
      visit(node.condition, 'element', findings);
      return;
    case 'projection':
      visit(node.target, scope, findings);
      visit(node.body, 'element', findings);
      return;
    case 'call':
      note(readCallProblem(node), findings);
      break;
    default:
      break;
  }
  for (const child of childrenOf(node)) visit(child, scope, findings);
}

function need(name: string, findings: Findings): void {
  const key = name.toLowerCase();
  if (!findings.attributes.has(key)) findings.attributes.set(key, name);
}

// Descends only where evaluation surely goes.
function findCertainFailures(node: Node, scope: Scope, findings: Findings): void {
  if (scope === 'root' && node.kind !== 'literal' && node.kind !== 'number' && isConstant(node, scope)) {
    const { error } = evaluateConstant(compileNode(node, scope));
    if (error instanceof ExpressionError) findings.problems.push(error);
    else if (error !== undefined) throw error;
    return;
  }
  const before = findings.problems.length;
  for (const child of certainChildren(node)) findCertainFailures(child, scope, findings);
  if (findings.problems.length > before) return;
  note(readTypeProblem(node), findings);
}

function note(problem: ExpressionError | undefined, findings: Findings): void {
  if (problem !== undefined) findings.problems.push(problem);
}

function certainChildren(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'binary':
      return node.operator === 'and' || node.operator === 'or' ? [node.left] : [node.left, node.right];
    case 'ternary':
      return [node.condition];
    case 'elvis':
      return [node.value];
    case 'filter':
    case 'projection':
      return [node.target];
    case 'call':
      // Functions evaluate an argument when they need it.
      return node.library === 'core' ? node.args.slice(0, 1) : [];
    default:
      return childrenOf(node);
  }
}
