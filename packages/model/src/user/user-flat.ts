import type { AttributeChange, ObjectAttributes } from '../run/attribute-change.ts';
import { isJsonObject, type JsonObject, type JsonValue, type UserProfile } from './user.ts';
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

function textsOf(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return value.map(textOf);
  return [textOf(value)];
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The way back. Paths that the API does not define become custom attributes: one value a text, several a list. */
export function unflattenProfile(attributes: ObjectAttributes): JsonObject {
  const profile: Record<string, JsonValue | undefined> = {};
  for (const path in attributes) {
    const values = attributes[path];
    if (values !== undefined && values.length > 0) setPath(profile, path, values);
  }
  return profile;
}

/** A copy of the profile with each change's `after`; an empty `after` clears. The result may be faulty: see `userFaults`. */
export function changeProfile(profile: UserProfile, changes: readonly AttributeChange[]): JsonObject {
  const changed: Record<string, JsonValue | undefined> = { ...profile };
  for (const { attribute, after } of changes) setPath(changed, attribute, after);
  return changed;
}

function setPath(
  profile: Record<string, JsonValue | undefined>,
  path: string,
  values: readonly string[],
): void {
  const known = userAttribute(path);
  // Every attribute of the API holds one text; more values than one are for its rule to refuse, not for us to hide.
  const value = values.length > 1 ? [...values] : values[0];
  if (known?.parent === undefined) {
    if (value === undefined) delete profile[path];
    else profile[path] = value;
    return;
  }
  const before = profile[known.parent];
  const parts: Record<string, JsonValue | undefined> = isJsonObject(before) ? { ...before } : {};
  if (value === undefined) delete parts[known.leaf];
  else parts[known.leaf] = value;
  if (Object.keys(parts).length === 0) delete profile[known.parent];
  else profile[known.parent] = parts;
}
