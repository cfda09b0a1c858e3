import { CodedError } from '../error/coded-error.ts';
import type { JsonObject, JsonValue } from '../user/user.ts';
import type { GroupProfile } from './group.ts';
import { groupFaults } from './group-faults.ts';

/** What a client may write in a group's body. Everything else is read-only, or not a group's. */
const WRITABLE: ReadonlySet<string> = new Set([
  'name',
  'description',
  'externalId',
  'customData',
  'userFilter',
]);

/**
 * The profile in a body that a client sent. Properties it cannot write (those it was answered, `displayName` among them)
 * and nulls are left out, nothing else is judged: see `groupFaults`.
 */
export function groupProfileOfBody(body: JsonObject): JsonObject {
  const profile: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(body))
    if (value !== undefined && value !== null && WRITABLE.has(name)) profile[name] = value;
  return profile;
}

/** Narrows what `groupFaults` found nothing wrong with. */
export function isGroupProfile(
  profile: JsonObject,
  faults: readonly unknown[],
): profile is JsonObject & GroupProfile {
  return faults.length === 0 && typeof profile.name === 'string';
}

/** The candidate as a profile. Throws INVALID_DATA with every fault in `details`. */
export function parseGroupProfile(candidate: JsonObject): GroupProfile {
  const faults = groupFaults(candidate);
  if (isGroupProfile(candidate, faults)) return candidate;
  const properties =
    faults.length === 1 ? '1 property is invalid' : `${faults.length} properties are invalid`;
  throw new CodedError('INVALID_DATA', `The request could not be completed. ${properties}.`, {
    details: faults,
  });
}
