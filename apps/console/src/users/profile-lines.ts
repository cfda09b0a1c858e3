import type { User } from '../api/shapes.ts';

export interface ProfileLine {
  /** `name.given`. */
  readonly attribute: string;
  readonly values: readonly string[];
}

/** Shown in other places of the page, or of no use to a person. */
const LEFT_OUT = new Set([
  '_links',
  '_embedded',
  'id',
  'environment',
  'username',
  'enabled',
  'population',
  'account',
  'lifecycle',
  'createdAt',
  'updatedAt',
]);

/** Every attribute of a profile by its path, custom ones too, in the order of the answer. */
export function profileLines(user: User): readonly ProfileLine[] {
  return Object.entries(user)
    .filter(([name]) => !LEFT_OUT.has(name))
    .flatMap(([name, value]) => linesOf(name, value));
}

function linesOf(path: string, value: unknown): readonly ProfileLine[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    const values = value.map((member: unknown) =>
      typeof member === 'object' ? JSON.stringify(member) : String(member),
    );
    return values.length === 0 ? [] : [{ attribute: path, values }];
  }
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
      linesOf(`${path}.${name}`, inner),
    );
  return [{ attribute: path, values: [String(value)] }];
}

/** How a person is called on a page: by full name if there is one. */
export function displayName(user: User): string {
  const { formatted, given, family } = user.name ?? {};
  const full = formatted ?? [given, family].filter((part) => part !== undefined).join(' ');
  return full === '' ? user.username : full;
}
