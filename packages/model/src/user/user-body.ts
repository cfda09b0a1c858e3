import { CodedError } from '../error/coded-error.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type UserProfile,
  type UserProfilePatch,
} from './user.ts';
import { NESTED_USER_ATTRIBUTES, RESERVED_USER_PROPERTIES } from './user-attribute.ts';
import { userFaults } from './user-faults.ts';

/**
 * The profile in a body that a client sent: properties that are not the profile's (read-only ones that clients send
 * back, ones with operations of their own) and nulls are left out, nothing else is judged: see `userFaults`.
 */
export function profileOfBody(body: JsonObject): JsonObject {
  return mergeProfile({}, body);
}

/**
 * A PATCH: absent keeps, `null` clears, the nested objects of the API (name, address, photo) are merged and vanish with
 * their last part; anything else replaces. The result may be faulty: see `userFaults`.
 */
export function mergeProfile(profile: JsonObject, patch: UserProfilePatch): JsonObject {
  const merged: Record<string, JsonValue | undefined> = { ...profile };
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || RESERVED_USER_PROPERTIES.has(name)) continue;
    if (value === null) delete merged[name];
    else if (NESTED_USER_ATTRIBUTES.has(name) && isJsonObject(value)) {
      const nested = mergeNested(merged[name], value);
      if (nested === undefined) delete merged[name];
      else merged[name] = nested;
    } else merged[name] = value;
  }
  return merged;
}

function mergeNested(before: JsonValue | undefined, patch: JsonObject): JsonObject | undefined {
  const parts: Record<string, JsonValue | undefined> = isJsonObject(before) ? { ...before } : {};
  for (const [leaf, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete parts[leaf];
    else parts[leaf] = value;
  }
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/** Narrows what `userFaults` found nothing wrong with. */
export function isUserProfile(
  profile: JsonObject,
  faults: readonly unknown[],
): profile is JsonObject & UserProfile {
  return faults.length === 0 && typeof profile.username === 'string';
}

/** The candidate as a profile. Throws INVALID_DATA with every fault in `details`. */
export function parseProfile(candidate: JsonObject): UserProfile {
  const faults = userFaults(candidate);
  if (isUserProfile(candidate, faults)) return candidate;
  const properties =
    faults.length === 1 ? '1 property is invalid' : `${faults.length} properties are invalid`;
  throw new CodedError('INVALID_DATA', `The request could not be completed. ${properties}.`, {
    details: faults,
  });
}
