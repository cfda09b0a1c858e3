import type { AttributeChange, ObjectAttributes } from '../run/attribute-change.ts';
import { changedProfile, profileOfFlat, textsOf } from './flat-profile.ts';
import { isJsonObject, type JsonObject, type UserProfile } from './user.ts';
import { NESTED_USER_ATTRIBUTES, userAttribute } from './user-attribute.ts';

/** The profile as the engine compares it: by path (`name.given`), every value a text, JSON where it is an object. */
export function flattenProfile(profile: UserProfile): ObjectAttributes {
  const flat: Record<string, readonly string[]> = {};
  for (const name in profile) {
    const value = profile[name];
    if (value === undefined || value === null) continue;
    if (typeof value === 'string') flat[name] = [value];
    else if (NESTED_USER_ATTRIBUTES.has(name) && isJsonObject(value)) {
      for (const [leaf, part] of Object.entries(value))
        if (part !== undefined && part !== null) flat[`${name}.${leaf}`] = textsOf(part);
    } else flat[name] = textsOf(value);
  }
  return flat;
}

/** The way back. Paths that the API does not define become custom attributes: one value a text, several a list. */
export function unflattenProfile(attributes: ObjectAttributes): JsonObject {
  return profileOfFlat(attributes, userAttribute);
}

/** A copy of the profile with each change's `after`; an empty `after` clears. The result may be faulty: see `userFaults`. */
export function changeProfile(profile: UserProfile, changes: readonly AttributeChange[]): JsonObject {
  return changedProfile(profile, changes, userAttribute);
}
