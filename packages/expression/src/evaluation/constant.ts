import { readFunction } from '../libraries/catalogue.ts';
import { childrenOf, type Node } from '../syntax/ast.ts';
import type { Scope } from './compile.ts';

const known = new WeakMap<Node, Readonly<Record<Scope, boolean>>>();

/** Whether a node gives the same value on every root. In an element's scope, the element counts as given. */
export function isConstant(node: Node, scope: Scope): boolean {
  const remembered = known.get(node);
  if (remembered !== undefined) return remembered[scope];
  const verdict = { root: judge(node, 'root'), element: judge(node, 'element') };
  known.set(node, verdict);
  return verdict[scope];
}

function judge(node: Node, scope: Scope): boolean {
  switch (node.kind) {
    case 'name':
      return scope === 'element';
    case 'variable':
      return scope === 'element' && node.name === 'this';
    case 'call':
      return (
        readFunction(node.library, node.name)?.isPure === true &&
        node.args.every((arg) => isConstant(arg, scope))
      );
    case 'filter':
      return isConstant(node.target, scope) && isConstant(node.condition, 'element');
    case 'projection':
      return isConstant(node.target, scope) && isConstant(node.body, 'element');
    default:
      return childrenOf(node).every((child) => isConstant(child, scope));
  }
}
