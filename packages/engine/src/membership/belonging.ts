import type { ObjectType } from '@sallyport/model';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { SourceObject } from '../port/source.ts';
import type { Link, PendingMember } from '../port/sync-state.ts';
import { KEYS_AT_ONCE } from '../run/chunks.ts';
import { inTurns } from '../run/give-way.ts';
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

/** The groups of this rule and in scope that each of these target objects is a direct member of, by numbers of their links. */
export async function groupLinksOf(
  target: ReadableTarget,
  state: Pick<ReadableState, 'linksByTargets'>,
  objectType: ObjectType,
  ids: readonly string[],
): Promise<(targetId: string) => readonly number[]> {
  const { memberships } = target;
  if (ids.length === 0 || memberships === undefined) return () => [];
  const groupsOf = await memberships.groupsOf(objectType, ids);
  const groups = new Map<string, Link>();
  for await (const chunk of inTurns([...new Set([...groupsOf.values()].flat())], KEYS_AT_ONCE))
    for (const [id, link] of await state.linksByTargets('group', chunk)) groups.set(id, link);
  return (targetId) =>
    (groupsOf.get(targetId) ?? NONE).flatMap((groupId) => {
      const group = groups.get(groupId);
      return group?.presence === 'inScope' ? [group.number] : [];
    });
}

/**
 * What objects that are gone leave behind in groups. Who is deleted for having left the scope may come back without any group
 * changing: its memberships wait under its new place. Who was deleted at the source has none to come back to. Either leaves a
 * place, which somebody else may have taken in the same run; `references` names it for each.
 */
export async function withGroupsLeft(
  planned: readonly PlannedObject[],
  references: readonly string[],
  objectType: ObjectType,
  target: ReadableTarget,
  state: ReadableState,
): Promise<readonly PlannedObject[]> {
  const ids = planned.flatMap(({ link }) => (link?.targetId === undefined ? [] : [link.targetId]));
  const groupsOf = await groupLinksOf(target, state, objectType, ids);
  return planned.map((object, at) => {
    const targetId = object.link?.targetId;
    const reference = references[at];
    if (targetId === undefined || reference === undefined) return object;
    const groupLinks = groupsOf(targetId);
    if (groupLinks.length === 0) return object;
    const now = object.belonging?.reference;
    const waits =
      now !== undefined && leavesScope(object)
        ? groupLinks.map((groupLink): PendingMember => ({ groupLink, reference: now }))
        : [];
    return { ...object, waits, vacates: { reference, groupLinks } };
  });
}
