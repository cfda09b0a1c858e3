import { chargeSearch } from '../evaluation/frame.ts';
import { binary, type Library, ternary, unary } from './library.ts';

/** The functions of `#string` that compare and search, by UTF-16 units as Java does. */
export const stringSearch: Library = {
  startsWith: binary('boolean', (s, prefix) => (frame) => {
    const text = s.text(frame);
    const wanted = prefix.text(frame);
    return text === null || wanted === null ? text === wanted : text.startsWith(wanted);
  }),
  endsWith: binary('boolean', (s, suffix) => (frame) => {
    const text = s.text(frame);
    const wanted = suffix.text(frame);
    return text === null || wanted === null ? text === wanted : text.endsWith(wanted);
  }),
  // Null on either side is found nowhere.
  indexOf: ternary('number', (s, target, from) => (frame) => {
    const text = s.text(frame);
    const wanted = target.text(frame);
    if (text === null || wanted === null) return -1;
    chargeSearch(frame, text, wanted, s.position);
    return indexOf(text, wanted, Math.max(0, from.integer(frame) ?? 0));
  }),
  lastIndexOf: ternary('number', (s, target, from) => (frame) => {
    const text = s.text(frame);
    const wanted = target.text(frame);
    if (text === null || wanted === null) return -1;
    chargeSearch(frame, text, wanted, s.position);
    return text.lastIndexOf(wanted, Math.max(0, from.integer(frame) ?? text.length));
  }),
  length: unary('number', (s) => (frame) => s.text(frame)?.length ?? 0),
  compare: ternary('number', (a, b, ignoreCase) => (frame) => {
    const left = a.text(frame);
    const right = b.text(frame);
    if (left === null || right === null) return (left === null ? 0 : 1) - (right === null ? 0 : 1);
    return ignoreCase.boolean(frame) ? compare(fold(left), fold(right)) : compare(left, right);
  }),
};

function indexOf(text: string, wanted: string, from: number): number {
  if (from > text.length) return wanted === '' ? text.length : -1;
  return text.indexOf(wanted, from);
}

// Both directions, as String.compareToIgnoreCase: some letters share an upper case only.
function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
