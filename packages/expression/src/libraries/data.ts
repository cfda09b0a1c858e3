import type { Argument } from '../evaluation/argument.ts';
import { assertListLength, charge, type Frame } from '../evaluation/frame.ts';
import { equalityKey } from '../values/equality.ts';
import { type ExpressionList, isMap } from '../values/value.ts';
import { binary, type Library, unary } from './library.ts';

/** `#data`: elements are compared by type and value, as Java's `equals` does; a missing list counts as empty. */
export const dataLibrary: Library = {
  indexOf: binary('number', (list, element) => (frame) => {
    const items = itemsOf(list, frame);
    const wanted = equalityKey(element.value(frame));
    return items.findIndex((item) => equalityKey(item) === wanted);
  }),
  isNotEmpty: unary('boolean', (list) => (frame) => sizeOf(list, frame) > 0),
  containsAll: binary('boolean', (a, b) => (frame) => {
    const keys = keysOf(itemsOf(a, frame));
    return itemsOf(b, frame).every((item) => keys.has(equalityKey(item)));
  }),
  containsAny: binary('boolean', (a, b) => (frame) => {
    const keys = keysOf(itemsOf(a, frame));
    return itemsOf(b, frame).some((item) => keys.has(equalityKey(item)));
  }),
  removeAll: binary('list', (a, b) => (frame) => {
    const keys = keysOf(itemsOf(b, frame));
    return itemsOf(a, frame).filter((item) => !keys.has(equalityKey(item)));
  }),
  retainAll: binary('list', (a, b) => (frame) => {
    const keys = keysOf(itemsOf(b, frame));
    return itemsOf(a, frame).filter((item) => keys.has(equalityKey(item)));
  }),
  union: binary('list', (a, b, position) => (frame) => {
    const union = [...itemsOf(a, frame), ...itemsOf(b, frame)];
    assertListLength(union.length, position);
    return union;
  }),
  size: unary('number', (list) => (frame) => sizeOf(list, frame)),
  equals: binary('boolean', (a, b) => (frame) => {
    const left = itemsOf(a, frame);
    const right = itemsOf(b, frame);
    return left.length === right.length && equalityKey(left) === equalityKey(right);
  }),
};

function itemsOf(argument: Argument, frame: Frame): ExpressionList {
  const items = argument.list(frame) ?? [];
  charge(frame, 1 + (items.length >> 3), argument.position);
  return items;
}

function sizeOf(argument: Argument, frame: Frame): number {
  const value = argument.value(frame);
  return value !== null && isMap(value) ? value.size : itemsOf(argument, frame).length;
}

function keysOf(items: ExpressionList): ReadonlySet<string> {
  return new Set(items.map(equalityKey));
}
