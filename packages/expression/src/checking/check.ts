import { ExpressionError } from '../errors.ts';
import { compileNode, evaluateConstant, refersToRoot, type Scope } from '../evaluation/compile.ts';
import { isConstant } from '../evaluation/constant.ts';
import type { ValueType } from '../libraries/library.ts';
import { childrenOf, type IndexNode, type Node, type PropertyNode } from '../syntax/ast.ts';
import type { Expression } from '../syntax/parser.ts';
import { readCallProblem } from './call-problem.ts';
import { readPatternProblem } from './pattern-problem.ts';
import { readPropertyProblem, readTypeProblem, typeOf } from './types.ts';

/** What can be said of an expression before it meets data. */
export interface CheckResult {
  /** The root attributes it needs, each once, in the spelling and order of the text. */
  readonly attributes: readonly string[];
  /** As `attributes`, with the part that is read of one where the text names it: `name.given`. */
  readonly paths: readonly string[];
  /** True when `#root` is used other than to name an attribute, so that any attribute may matter. */
  readonly usesWholeRoot: boolean;
  /** The kind of the result, when it does not depend on the data. A result may be null all the same. */
  readonly resultType?: ValueType;
  /** Everything that is wrong whatever the data, in the order of the text. */
  readonly problems: readonly ExpressionError[];
}

interface Findings {
  readonly attributes: Map<string, string>;
  readonly paths: Map<string, string>;
  usesWholeRoot: boolean;
  readonly problems: ExpressionError[];
}

/**
 * Looks through a parsed expression without evaluating it on data: needed attributes, unknown functions, argument
 * counts, and what must fail wherever it is evaluated (`5 / 0`, a missing key of a written map). Such a failure in a
 * branch that may not be taken is no problem.
 */
export function checkExpression(expression: Expression): CheckResult {
  const findings: Findings = { attributes: new Map(), paths: new Map(), usesWholeRoot: false, problems: [] };
  visit(expression.ast, 'root', findings);
  // Constants can be evaluated only when all their calls are sound.
  if (findings.problems.length === 0) findCertainFailures(expression.ast, 'root', findings);
  const resultType = findings.problems.length === 0 ? typeOf(expression.ast) : undefined;
  return {
    attributes: [...findings.attributes.values()],
    paths: [...findings.paths.values()],
    usesWholeRoot: findings.usesWholeRoot,
    ...(resultType === undefined ? {} : { resultType }),
    problems: findings.problems.sort((a, b) => a.position - b.position),
  };
}

function visit(node: Node, scope: Scope, findings: Findings): void {
  note(readPatternProblem(node), findings);
  switch (node.kind) {
    case 'name':
      if (scope === 'root') need(node.name, undefined, findings);
      return;
    case 'variable':
      if (refersToRoot(node, scope)) findings.usesWholeRoot = true;
      return;
    case 'property':
    case 'index': {
      const attribute = readRootAttribute(node, scope);
      const whole = attribute === undefined ? readRootAttribute(node.target, scope) : undefined;
      const part = readKey(node);
      if (attribute !== undefined) need(attribute, undefined, findings);
      else if (whole !== undefined && part !== undefined) need(whole, part, findings);
      else {
        if (node.kind === 'property') note(readPropertyProblem(node), findings);
        break;
      }
      return;
    }
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

/** The attribute that a name, `#root.name` or `#root['name']` stands for. */
function readRootAttribute(node: Node, scope: Scope): string | undefined {
  if (node.kind === 'name') return scope === 'root' ? node.name : undefined;
  if (node.kind !== 'property' && node.kind !== 'index') return undefined;
  return refersToRoot(node.target, scope) ? readKey(node) : undefined;
}

/** The written key of `target.key` or `target['key']`. */
function readKey(node: PropertyNode | IndexNode): string | undefined {
  if (node.kind === 'property') return node.name;
  return node.index.kind === 'literal' && typeof node.index.value === 'string' ? node.index.value : undefined;
}

function need(name: string, part: string | undefined, findings: Findings): void {
  const path = part === undefined ? name : `${name}.${part}`;
  for (const [found, text] of [
    [findings.attributes, name],
    [findings.paths, path],
  ] as const) {
    const key = text.toLowerCase();
    if (!found.has(key)) found.set(key, text);
  }
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
