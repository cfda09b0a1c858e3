import type { ObjectType } from '@sallyport/model';
import { sameValues } from '../compare/compare-attributes.ts';
import type { TargetObject, TargetPort, TargetWrite, TargetWriteResult } from '../port/target.ts';

function happened(
  target: Pick<TargetPort, 'attribute'>,
  objectType: ObjectType,
  write: TargetWrite,
  found: TargetObject | undefined,
): boolean {
  if (write.kind === 'delete') return found === undefined;
  if (found === undefined) return false;
  if (write.kind === 'create') return true;
  if (write.active !== undefined && write.active !== found.active) return false;
  return write.changes.every((change) =>
    sameValues(
      target.attribute(objectType, change.attribute)?.comparison ?? 'exact',
      found.attributes[change.attribute] ?? [],
      change.after,
    ),
  );
}

/**
 * Replaces every *unknown* answer by what a reading of the target shows: a write that timed out is neither repeated
 * blindly nor called failed. One that did not happen stays refused, and its object is tried again at its next change or
 * full run.
 */
export async function settleUnknown(
  target: Pick<TargetPort, 'attribute' | 'readMany'>,
  objectType: ObjectType,
  writes: readonly TargetWrite[],
  results: readonly TargetWriteResult[],
): Promise<readonly TargetWriteResult[]> {
  const ids: string[] = [];
  for (const [at, result] of results.entries()) {
    const write = writes[at];
    if (!result.ok && result.unknown === true && write !== undefined) ids.push(write.id);
  }
  if (ids.length === 0) return results;
  const found = await target.readMany(objectType, ids);
  return results.map((result, at) => {
    const write = writes[at];
    if (result.ok || result.unknown !== true || write === undefined) return result;
    const object = found.get(write.id);
    if (!happened(target, objectType, write, object)) return result;
    return { ok: true, version: object?.version ?? 0 };
  });
}
