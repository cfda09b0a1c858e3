import type { AttributeChange, ObjectAttributes } from '@sallyport/model';
import type { CompiledMapping } from '../mapping/compiled-mappings.ts';
import type { Comparison } from '../port/target.ts';

const ABSENT: readonly string[] = [];

function sameSet(before: readonly string[], after: readonly string[]): boolean {
  const set = new Set(before);
  if (set.size !== new Set(after).size) return false;
  return after.every((value) => set.has(value));
}

/** Equality of two lists of values under the target's own rule; an empty text counts as no value. */
export function sameValues(
  comparison: Comparison,
  before: readonly string[],
  after: readonly string[],
): boolean {
  if (before.length === 1 && after.length === 1 && before[0] === after[0]) return true;
  const old = before.includes('') ? before.filter((value) => value !== '') : before;
  const made = after.includes('') ? after.filter((value) => value !== '') : after;
  if (comparison === 'unordered') return sameSet(old, made);
  if (old.length !== made.length) return false;
  for (let at = 0; at < old.length; at += 1) {
    const left = old[at] ?? '';
    const right = made[at] ?? '';
    if (left === right) continue;
    if (comparison !== 'ignoreCase' || left.toLowerCase() !== right.toLowerCase()) return false;
  }
  return true;
}

/**
 * Only what differs, with the values of both sides. Attributes outside the mapping are not looked at, and those written
 * at creation alone are left as they are.
 */
export function compareAttributes(
  mappings: readonly CompiledMapping[],
  wanted: ObjectAttributes,
  present: ObjectAttributes,
): readonly AttributeChange[] {
  let changes: AttributeChange[] | undefined;
  for (const { target, createOnly } of mappings) {
    if (createOnly) continue;
    const before = present[target.name] ?? ABSENT;
    const after = wanted[target.name] ?? ABSENT;
    if (sameValues(target.comparison, before, after)) continue;
    changes ??= [];
    changes.push({ attribute: target.name, before, after });
  }
  return changes ?? [];
}
