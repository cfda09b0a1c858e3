import type { AttributeChange, ObjectAttributes } from '../run/attribute-change.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../user/user.ts';
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

function textsOf(value: JsonValue): readonly string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The way back: one value a text, several a list. The result may be faulty: see `groupFaults`. */
export function unflattenGroup(attributes: ObjectAttributes): JsonObject {
  const profile: Record<string, JsonValue | undefined> = {};
  for (const path in attributes) {
    const values = attributes[path];
    if (values !== undefined && values.length > 0) setPath(profile, path, values);
  }
  return profile;
}

/** A copy of the profile with each change's `after`; an empty `after` clears. The result may be faulty: see `groupFaults`. */
export function changeGroup(profile: GroupProfile, changes: readonly AttributeChange[]): JsonObject {
  const changed: Record<string, JsonValue | undefined> = { ...profile };
  for (const { attribute, after } of changes) setPath(changed, attribute, after);
  return changed;
}

function setPath(
  profile: Record<string, JsonValue | undefined>,
  path: string,
  values: readonly string[],
): void {
  const value = values.length > 1 ? [...values] : values[0];
  const name = groupCustomName(path);
  if (name === undefined) {
    if (value === undefined) delete profile[path];
    else profile[path] = value;
    return;
  }
  const before = profile.customData;
  const data: Record<string, JsonValue | undefined> = isJsonObject(before) ? { ...before } : {};
  if (value === undefined) delete data[name];
  else data[name] = value;
  if (Object.keys(data).length === 0) delete profile.customData;
  else profile.customData = data;
}
