import type { AttributeChange, ObjectAttributes } from '../run/attribute-change.ts';
import { changedProfile, type ProfilePlace, profileOfFlat, textsOf } from '../user/flat-profile.ts';
import type { JsonObject } from '../user/user.ts';
import type { GroupProfile } from './group.ts';
import { groupCustomName, groupCustomPath } from './group-attribute.ts';

/** The profile as the engine compares it: by path (`customData.owner`), every value a text, JSON where it is an object. */
export function flattenGroup({ customData, ...texts }: GroupProfile): ObjectAttributes {
  const flat: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(texts)) if (value !== undefined) flat[name] = [value];
  for (const [name, value] of Object.entries(customData ?? {}))
    if (value !== undefined && value !== null) flat[groupCustomPath(name)] = textsOf(value);
  return flat;
}

/** The way back: one value a text, several a list. The result may be faulty: see `groupFaults`. */
export function unflattenGroup(attributes: ObjectAttributes): JsonObject {
  return profileOfFlat(attributes, placeOf);
}

/** A copy of the profile with each change's `after`; an empty `after` clears. The result may be faulty: see `groupFaults`. */
export function changeGroup(profile: GroupProfile, changes: readonly AttributeChange[]): JsonObject {
  return changedProfile(profile, changes, placeOf);
}

function placeOf(path: string): ProfilePlace | undefined {
  const leaf = groupCustomName(path);
  return leaf === undefined ? undefined : { parent: 'customData', leaf };
}
