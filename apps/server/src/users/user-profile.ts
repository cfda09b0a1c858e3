import { USER_WRITABLE_NAMES, type UserWritable } from '@sallyport/contract';
import type { JsonValue, UserProfile, UserProfilePatch } from '@sallyport/model';
import type { UserAttribute } from './user-attribute.ts';

/**
 * Of a body that passed its schema: the attributes a client may write, custom ones by their definition. Everything else,
 * read-only properties and unknown ones, is left out, so that clients may PUT back what they read.
 */
function writableOf(
  body: Readonly<Record<string, unknown>>,
  custom: readonly UserAttribute[],
): Record<string, JsonValue> {
  const names = [
    ...USER_WRITABLE_NAMES,
    ...custom.filter(({ enabled }) => enabled !== false).map(({ name }) => name),
  ];
  const kept: Record<string, JsonValue> = {};
  for (const name of names) {
    const value = body[name];
    // The body came out of JSON, so every value in it is one.
    if (value !== undefined) kept[name] = value as JsonValue;
  }
  return kept;
}

/** For POST and PUT: `null` means the same as absent. */
export function profileOf(
  body: UserWritable & { readonly username: string },
  custom: readonly UserAttribute[],
): UserProfile {
  const { username } = body;
  return { ...withoutNulls(writableOf(body, custom)), username };
}

/** For PATCH: absent keeps, `null` clears. */
export function patchOf(body: UserWritable, custom: readonly UserAttribute[]): UserProfilePatch {
  return writableOf(body, custom);
}

function withoutNulls(values: Readonly<Record<string, JsonValue | undefined>>): Record<string, JsonValue> {
  const kept: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    if (typeof value !== 'object' || isList(value)) {
      kept[name] = value;
      continue;
    }
    const inner = withoutNulls(value);
    // A complex attribute without any part is no attribute.
    if (Object.keys(inner).length > 0) kept[name] = inner;
  }
  return kept;
}

// Array.isArray does not narrow away a readonly array.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
