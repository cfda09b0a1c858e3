import type { SourceValues } from '@sallyport/engine';
import { isJsonObject, type JsonObject, type JsonValue, type User } from '@sallyport/model';

/** A user as the source of a rule: the profile, and what the store knows beside it. */
export type SourceUser = Pick<User, 'id' | 'enabled' | 'profile'> & {
  readonly population: { readonly id: string; readonly name: string | undefined };
};

/** Paths that every user has beside the profile. */
export const USER_SYSTEM_PATHS = ['id', 'enabled', 'population.id', 'population.name'] as const;

/**
 * A user as mappings and expressions see them: `username`, `name.given` and custom attributes by their own names, `enabled`,
 * `population.id` and `population.name`. Names are found in any case. A custom attribute's JSON is data to an expression and
 * text to a mapping.
 */
export function makeUserValues(user: SourceUser): SourceValues {
  const { id, enabled, population, profile } = user;
  const name: JsonObject = population.name === undefined ? {} : { name: population.name };
  const root: JsonObject = { ...profile, id, enabled, population: { id: population.id, ...name } };
  const data = (path: string): JsonValue | undefined => {
    const own = readKey(root, path);
    const dot = path.indexOf('.');
    if (own !== undefined || dot < 0) return own;
    const parent = readKey(root, path.slice(0, dot));
    return isJsonObject(parent) ? readKey(parent, path.slice(dot + 1)) : undefined;
  };
  return {
    active: enabled,
    data,
    values: (path) => {
      const found = data(path);
      if (found === undefined || found === null) return [];
      return Array.isArray(found) ? found.map(textOf) : [textOf(found)];
    },
    attributeNames: () => Object.keys(root),
  };
}

function readKey(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const lower = name.toLowerCase();
  for (const key of Object.keys(object)) if (key.toLowerCase() === lower) return object[key];
  return undefined;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
