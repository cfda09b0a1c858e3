import { USER_ATTRIBUTES, type Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';

/** One attribute of the `User` schema. Complex ones have parts; only leaves hold values. */
export interface SchemaAttribute {
  readonly name: string;
  readonly displayName: string;
  readonly type: 'STRING' | 'BOOLEAN' | 'COMPLEX' | 'JSON';
  readonly schemaType: 'CORE' | 'STANDARD' | 'CUSTOM';
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly multiValued?: boolean;
  readonly enabled?: boolean;
  readonly description?: string;
  readonly parts?: readonly { readonly name: string; readonly displayName: string }[];
}

export interface CustomAttribute extends SchemaAttribute {
  readonly id: Uuid;
}

/** `preferredLanguage` as `Preferred language`. */
function displayName(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const OUTSIDE_PROFILE: readonly SchemaAttribute[] = [
  { name: 'enabled', displayName: 'Enabled', type: 'BOOLEAN', schemaType: 'CORE' },
  { name: 'mfaEnabled', displayName: 'MFA enabled', type: 'BOOLEAN', schemaType: 'CORE' },
  {
    name: 'population',
    displayName: 'Population',
    type: 'COMPLEX',
    schemaType: 'CORE',
    parts: [{ name: 'id', displayName: 'Population id' }],
  },
];

/** The attributes every environment has. */
export const BUILT_IN_USER_ATTRIBUTES: readonly SchemaAttribute[] = [
  ...[...Map.groupBy(USER_ATTRIBUTES, ({ parent, leaf }) => parent ?? leaf)].map(
    ([name, attributes]): SchemaAttribute => {
      const isComplex = attributes.some(({ parent }) => parent !== undefined);
      const required = attributes.some((attribute) => attribute.required);
      return {
        name,
        displayName: displayName(name),
        type: isComplex ? 'COMPLEX' : 'STRING',
        schemaType: required ? 'CORE' : 'STANDARD',
        required,
        // The one required attribute is the login name, which nobody shares.
        unique: required,
        ...(isComplex
          ? { parts: attributes.map(({ leaf }) => ({ name: leaf, displayName: displayName(leaf) })) }
          : {}),
      };
    },
  ),
  ...OUTSIDE_PROFILE,
];

/** Paths at which users hold values: `username`, `name.given`, custom names. */
export function leafPaths(attributes: readonly SchemaAttribute[]): readonly string[] {
  return attributes.flatMap(({ name, parts }) => parts?.map((part) => `${name}.${part.name}`) ?? [name]);
}

const SETTING = 'schema.attributes';

/** Custom attributes lie in one setting of the environment: they are few and always read together. */
export async function readCustomAttributes(
  store: Store,
  environmentId: Uuid,
): Promise<readonly CustomAttribute[]> {
  const setting = await store.settings.get(environmentId, SETTING);
  // Written by `writeCustomAttributes` and by nobody else.
  return setting === undefined ? [] : (JSON.parse(setting) as readonly CustomAttribute[]);
}

export async function writeCustomAttributes(
  store: Store,
  environmentId: Uuid,
  attributes: readonly CustomAttribute[],
): Promise<void> {
  await store.settings.put(environmentId, SETTING, JSON.stringify(attributes));
}
