import type { AttributeChange, ObjectAttributes } from '../run/attribute-change.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './user.ts';

/** Where a path leads: to a leaf of an object (`name.given`), or without a parent to the profile itself. */
export interface ProfilePlace {
  readonly parent: string | undefined;
  readonly leaf: string;
}

/** The place of a path; undefined = the property of the profile that is called so. */
export type FindPlace = (path: string) => ProfilePlace | undefined;

/** A value as the engine compares it: texts, JSON where one is an object. */
export function textsOf(value: JsonValue): readonly string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A profile of attributes by path: one value becomes a text, several a list. */
export function profileOfFlat(attributes: ObjectAttributes, placeOf: FindPlace): JsonObject {
  const profile: Record<string, JsonValue | undefined> = {};
  for (const path in attributes) {
    const values = attributes[path];
    if (values !== undefined && values.length > 0) setPath(profile, path, placeOf(path), values);
  }
  return profile;
}

/** A copy of the profile with each change's `after`; an empty `after` clears. */
export function changedProfile(
  profile: JsonObject,
  changes: readonly AttributeChange[],
  placeOf: FindPlace,
): JsonObject {
  const changed: Record<string, JsonValue | undefined> = { ...profile };
  for (const { attribute, after } of changes) setPath(changed, attribute, placeOf(attribute), after);
  return changed;
}

function setPath(
  profile: Record<string, JsonValue | undefined>,
  path: string,
  place: ProfilePlace | undefined,
  values: readonly string[],
): void {
  // Where only one text may be, more values than one are for the attribute's rule to refuse, not for us to hide.
  const value = values.length > 1 ? [...values] : values[0];
  if (place?.parent === undefined) {
    if (value === undefined) delete profile[path];
    else profile[path] = value;
    return;
  }
  const before = profile[place.parent];
  const parts: Record<string, JsonValue | undefined> = isJsonObject(before) ? { ...before } : {};
  if (value === undefined) delete parts[place.leaf];
  else parts[place.leaf] = value;
  if (Object.keys(parts).length === 0) delete profile[place.parent];
  else profile[place.parent] = parts;
}
