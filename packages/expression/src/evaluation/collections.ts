import { refuse } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import type { FilterNode, Node, ProjectionNode } from '../syntax/ast.ts';
import { type ExpressionList, type ExpressionMap, type ExpressionValue, isMap } from '../values/value.ts';
import { booleanOf, listOf } from './conversion.ts';
import { charge, type Frame, type Thunk } from './frame.ts';

/** `.?[…]`, `.^[…]` and `.$[…]` over a list, a map or a scalar, which counts as a list of one. `cost` is the steps per element. */
export function bindFilter(node: FilterNode, target: Thunk, condition: Thunk, cost: number): Thunk {
  return (frame) => {
    const value = target(frame);
    if (value === null) return null;
    if (isMap(value)) return filterMap(value, node, condition, cost, frame);
    const items = listOf(value) ?? [];
    assertIterable(items.length, node);
    if (node.mode !== 'all') return findOne(items, node, condition, cost, frame);
    return within(frame, () => items.filter((item) => holds(item, node, condition, cost, frame)));
  };
}

/** `.![…]`: the list of what the body makes of each element; of a map, of each entry with `key` and `value`. */
export function bindProjection(node: ProjectionNode, target: Thunk, body: Thunk, cost: number): Thunk {
  return (frame) => {
    const value = target(frame);
    if (value === null) return null;
    const items: ExpressionList = isMap(value)
      ? entriesOf(value).map(([, element]) => element)
      : (listOf(value) ?? []);
    assertIterable(items.length, node);
    return within(frame, () =>
      items.map((item) => {
        charge(frame, cost, node.at);
        frame.self = item;
        return body(frame);
      }),
    );
  };
}

function findOne(
  items: ExpressionList,
  node: FilterNode,
  condition: Thunk,
  cost: number,
  frame: Frame,
): ExpressionValue {
  return within(frame, () => {
    const test = (item: ExpressionValue): boolean => holds(item, node, condition, cost, frame);
    return (node.mode === 'first' ? items.find(test) : items.findLast(test)) ?? null;
  });
}

function filterMap(
  map: ExpressionMap,
  node: FilterNode,
  condition: Thunk,
  cost: number,
  frame: Frame,
): ExpressionValue {
  const entries = entriesOf(map);
  assertIterable(entries.length, node);
  return within(frame, () => {
    const kept = entries
      .filter(([, element]) => holds(element, node, condition, cost, frame))
      .map(([key]) => key);
    const chosen = node.mode === 'all' ? kept : node.mode === 'first' ? kept.slice(0, 1) : kept.slice(-1);
    if (node.mode !== 'all' && chosen.length === 0) return null;
    return new Map(chosen.map((key) => [key, map.get(key) ?? null]));
  });
}

// An element for which the condition is null is not selected: data with gaps is the rule in directories.
function holds(
  item: ExpressionValue,
  node: FilterNode,
  condition: Thunk,
  cost: number,
  frame: Frame,
): boolean {
  charge(frame, cost, node.at);
  frame.self = item;
  const verdict = condition(frame);
  return verdict !== null && booleanOf(verdict, node.condition);
}

function entriesOf(map: ExpressionMap): readonly (readonly [string, ExpressionMap])[] {
  return [...map].map(([key, value]) => [
    key,
    new Map<string, ExpressionValue>([
      ['key', key],
      ['value', value],
    ]),
  ]);
}

// The element of the outer loop is put back whatever happens: a caught error must not leave a stranger as #this.
function within<T>(frame: Frame, run: () => T): T {
  const outer = frame.self;
  try {
    return run();
  } finally {
    frame.self = outer;
  }
}

function assertIterable(length: number, node: Node): void {
  if (length > expressionLimits.maxListItems) {
    refuse('LIMIT', node.at, `a list of ${length} elements`, `at most ${expressionLimits.maxListItems}`);
  }
}
