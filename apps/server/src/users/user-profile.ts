import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseProfile,
  profileOfBody,
  USER_ATTRIBUTES,
  type UserProfile,
  type UserProfilePatch,
} from '@sallyport/model';
import type { SchemaAttribute } from './user-attribute.ts';

/** Top-level names of the profile, each with its known parts; an empty list where it has none. */
const PARTS: ReadonlyMap<string, readonly string[]> = new Map(
  [...Map.groupBy(USER_ATTRIBUTES, ({ parent, leaf }) => parent ?? leaf)].map(([name, attributes]) => [
    name,
    attributes.flatMap(({ parent, leaf }) => (parent === undefined ? [] : [leaf])),
  ]),
);

/**
 * Of a body: the attributes a client may write, custom ones by their definition. Read-only properties and unknown ones are
 * left out, so that clients may PUT back what they read and newer clients keep working.
 */
function writableOf(body: Readonly<Record<string, unknown>>, custom: readonly SchemaAttribute[]): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [name, parts] of PARTS) {
    const value = json(body[name]);
    if (value === undefined) continue;
    kept[name] =
      parts.length > 0 && isJsonObject(value)
        ? Object.fromEntries(Object.entries(value).filter(([part]) => parts.includes(part)))
        : value;
  }
  for (const { name, enabled } of custom) {
    const value = json(body[name]);
    if (value !== undefined && enabled !== false) kept[name] = value;
  }
  return kept;
}

/** For POST and PUT: `null` means the same as absent. Throws INVALID_DATA with every fault. */
export function profileOf(
  body: Readonly<Record<string, unknown>>,
  custom: readonly SchemaAttribute[],
): UserProfile {
  return parseProfile(profileOfBody(writableOf(body, custom)));
}

/** For PATCH: absent keeps, `null` clears. The store judges the result. */
export function patchOf(
  body: Readonly<Record<string, unknown>>,
  custom: readonly SchemaAttribute[],
): UserProfilePatch {
  return writableOf(body, custom);
}

function json(value: unknown): JsonValue | undefined {
  // The body came out of JSON, so every value in it is one.
  return value as JsonValue | undefined;
}
