import type { ObjectType } from '@sallyport/model';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { SourceObject } from '../port/source.ts';
import type { Link, PendingMember } from '../port/sync-state.ts';
import { chunks, KEYS_AT_ONCE } from '../run/chunks.ts';
import type { Belonging, PlannedObject } from '../run/planned-object.ts';

const NONE: readonly string[] = [];

/**
 * Copies what an object has to do with memberships, while it is alive. A large group is a large list here; batches of the
 * source are bounded in bytes, and so is this.
 */
export function belongingOf(object: SourceObject, members: boolean): Belonging {
  const [reference, ...others] = object.references;
  const wanted = members && object.objectType === 'group' && object.members !== undefined;
  return {
    reference,
    otherReferences: others,
    members: wanted ? [...new Set(object.members)] : undefined,
    memberOf: members ? (object.memberOf ?? NONE) : NONE,
  };
}

function leavesScope({ plan }: PlannedObject): boolean {
  return plan.write?.kind === 'delete' && plan.presence === 'outOfScope';
}

/**
 * Who is deleted for having left the scope may come back without any group changing: its memberships are left waiting under
 * its new place. Who was deleted at the source has none to come back to.
 */
export async function groupsLeftWaiting(
  planned: readonly PlannedObject[],
  objectType: ObjectType,
  target: ReadableTarget,
  state: ReadableState,
): Promise<readonly PlannedObject[]> {
  const { memberships } = target;
  const leaving = planned.filter(leavesScope);
  if (leaving.length === 0 || memberships === undefined) return planned;
  const ids = leaving.flatMap(({ plan }) => (plan.targetId === undefined ? [] : [plan.targetId]));
  const groupsOf = await memberships.groupsOf(objectType, ids);
  const groups = new Map<string, Link>();
  for (const chunk of chunks([...new Set([...groupsOf.values()].flat())], KEYS_AT_ONCE))
    for (const [id, link] of await state.linksByTargets('group', chunk)) groups.set(id, link);
  return planned.map((object) => {
    const reference = object.belonging?.reference;
    const { targetId } = object.plan;
    if (reference === undefined || targetId === undefined || !leavesScope(object)) return object;
    const waits = (groupsOf.get(targetId) ?? NONE).flatMap((groupId): PendingMember[] => {
      const group = groups.get(groupId);
      return group?.presence === 'inScope' ? [{ groupLink: group.number, reference }] : [];
    });
    return waits.length === 0 ? object : { ...object, waits };
  });
}
