import { readFunction } from '../libraries/catalogue.ts';
import { expressionLimits } from '../limits.ts';
import { emptyRoot } from '../root.ts';
import { type CallNode, childrenOf, type IndexNode, type Node, type PropertyNode } from '../syntax/ast.ts';
import type { ExpressionValue } from '../values/value.ts';
import { readElementName, readIndex, readProperty } from './access.ts';
import { makeArgument } from './argument.ts';
import { bindFilter, bindProjection } from './collections.ts';
import { isConstant } from './constant.ts';
import { booleanOf } from './conversion.ts';
import { assertListLength, charge, type Frame, type Thunk } from './frame.ts';
import { bindArray, bindMap, numberValue } from './literals.ts';
import { bindBinary, bindUnary } from './operators.ts';

/** Where bare names are looked up: in the root, or in the element of a selection or projection. */
export type Scope = 'root' | 'element';

/**
 * Turns a checked tree into closures, once. Constant parts are evaluated here and now; one that fails stays as it is,
 * because a branch that is never taken may hold it.
 */
export function compileNode(node: Node, scope: Scope): Thunk {
  const thunk = bindNode(node, scope);
  // What is constant seen from the root is so inside a loop as well: it looks at no name and no #this.
  if (node.kind === 'literal' || node.kind === 'number' || !isConstant(node, 'root')) return thunk;
  const outcome = evaluateConstant(thunk);
  return outcome.error === undefined ? () => outcome.value : thunk;
}

/** Evaluates what needs no data. */
export function evaluateConstant(thunk: Thunk): {
  readonly value: ExpressionValue;
  readonly error?: unknown;
} {
  try {
    return { value: thunk(makeFrame(emptyRootFrame)) };
  } catch (error) {
    return { value: null, error };
  }
}

const emptyRootFrame: Frame = { root: emptyRoot, now: undefined, steps: 0, self: null, warn: undefined };

function makeFrame(frame: Frame): Frame {
  return { ...frame };
}

function bindNode(node: Node, scope: Scope): Thunk {
  const compile = (child: Node): Thunk => compileNode(child, scope);
  switch (node.kind) {
    case 'literal': {
      const value = node.value;
      return () => value;
    }
    case 'number': {
      const value = numberValue(node);
      return () => value;
    }
    case 'name': {
      const name = node.name;
      return scope === 'root'
        ? (frame) => frame.root.get(name)
        : (frame) => readElementName(frame.self, name);
    }
    case 'variable':
      return refersToRoot(node, scope) ? rootMap : (frame) => frame.self;
    case 'call':
      return bindCall(node, compile);
    case 'property':
      return bindProperty(node, scope, compile);
    case 'index':
      return bindIndex(node, scope, compile);
    case 'filter':
      return bindFilter(
        node,
        compile(node.target),
        compileNode(node.condition, 'element'),
        weigh(node.condition),
      );
    case 'projection':
      return bindProjection(node, compile(node.target), compileNode(node.body, 'element'), weigh(node.body));
    case 'list': {
      const items = node.items.map(compile);
      return (frame) => items.map((item) => item(frame));
    }
    case 'map':
      return bindMap(node, compile);
    case 'array':
      return bindArray(node, compile);
    case 'unary':
      return bindUnary(node.operator, compile(node.operand), node.operand);
    case 'binary':
      return bindBinary(node, compile(node.left), compile(node.right));
    case 'ternary': {
      const condition = compile(node.condition);
      const then = compile(node.then);
      const otherwise = compile(node.otherwise);
      return (frame) => (booleanOf(condition(frame), node.condition) ? then(frame) : otherwise(frame));
    }
    case 'elvis': {
      const value = compile(node.value);
      const otherwise = compile(node.otherwise);
      // As SpEL implements it: an empty text counts as none.
      return (frame) => {
        const result = value(frame);
        return result === null || result === '' ? otherwise(frame) : result;
      };
    }
  }
}

/** Whether the node is the root itself: `#root` anywhere, `#this` outside selections and projections. */
export function refersToRoot(node: Node, scope: Scope): boolean {
  return node.kind === 'variable' && (node.name === 'root' || scope === 'root');
}

function bindCall(node: CallNode, compile: (node: Node) => Thunk): Thunk {
  const found = readFunction(node.library, node.name);
  if (found === undefined) throw new Error(`unchecked call of #${node.library}.${node.name}`);
  return found.bind(
    node.args.map((arg) => makeArgument(arg, compile(arg))),
    node.at,
  );
}

// `#root.name` and `#root['name']` ask for one attribute and spare making a map of them all.
function bindProperty(node: PropertyNode, scope: Scope, compile: (node: Node) => Thunk): Thunk {
  const name = node.name;
  if (refersToRoot(node.target, scope)) return (frame) => frame.root.get(name);
  const target = compile(node.target);
  return (frame) => readProperty(target(frame), node);
}

function bindIndex(node: IndexNode, scope: Scope, compile: (node: Node) => Thunk): Thunk {
  if (
    refersToRoot(node.target, scope) &&
    node.index.kind === 'literal' &&
    typeof node.index.value === 'string'
  ) {
    const name = node.index.value;
    return (frame) => frame.root.get(name);
  }
  const target = compile(node.target);
  const index = compile(node.index);
  return (frame) => readIndex(target(frame), index(frame), node);
}

function rootMap(frame: Frame): ExpressionValue {
  const names = frame.root.names();
  assertListLength(names.length, 0);
  charge(frame, names.length >> 2, 0);
  return new Map(names.map((name) => [name, frame.root.get(name)]));
}

// The steps one element costs: every node of the body, taken or not, so that no counting is needed while it runs.
function weigh(body: Node): number {
  let nodes = 0;
  const pending: Node[] = [body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes += 1;
    pending.push(...childrenOf(node));
  }
  return Math.min(nodes, expressionLimits.maxSteps);
}
