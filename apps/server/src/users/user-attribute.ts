import type { Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';

/** One attribute of the `User` schema. Complex ones have parts; only leaves hold values. */
export interface UserAttribute {
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

function text(name: string, displayName: string): UserAttribute {
  return { name, displayName, type: 'STRING', schemaType: 'STANDARD' };
}

/** The attributes every environment has. */
export const BUILT_IN_USER_ATTRIBUTES: readonly UserAttribute[] = [
  {
    name: 'username',
    displayName: 'Username',
    type: 'STRING',
    schemaType: 'CORE',
    required: true,
    unique: true,
  },
  {
    name: 'population',
    displayName: 'Population',
    type: 'COMPLEX',
    schemaType: 'CORE',
    parts: [{ name: 'id', displayName: 'Population ID' }],
  },
  { name: 'enabled', displayName: 'Enabled', type: 'BOOLEAN', schemaType: 'CORE' },
  { name: 'mfaEnabled', displayName: 'MFA enabled', type: 'BOOLEAN', schemaType: 'CORE' },
  text('email', 'E-mail'),
  {
    name: 'name',
    displayName: 'Name',
    type: 'COMPLEX',
    schemaType: 'STANDARD',
    parts: [
      { name: 'given', displayName: 'Given name' },
      { name: 'middle', displayName: 'Middle name' },
      { name: 'family', displayName: 'Family name' },
      { name: 'formatted', displayName: 'Formatted name' },
      { name: 'honorificPrefix', displayName: 'Honorific prefix' },
      { name: 'honorificSuffix', displayName: 'Honorific suffix' },
    ],
  },
  text('nickname', 'Nickname'),
  text('title', 'Title'),
  text('type', 'Type'),
  text('locale', 'Locale'),
  text('preferredLanguage', 'Preferred language'),
  text('timezone', 'Time zone'),
  text('primaryPhone', 'Primary phone'),
  text('mobilePhone', 'Mobile phone'),
  {
    name: 'address',
    displayName: 'Address',
    type: 'COMPLEX',
    schemaType: 'STANDARD',
    parts: [
      { name: 'streetAddress', displayName: 'Street address' },
      { name: 'locality', displayName: 'City' },
      { name: 'region', displayName: 'Region' },
      { name: 'postalCode', displayName: 'Postal code' },
      { name: 'countryCode', displayName: 'Country code' },
    ],
  },
  {
    name: 'photo',
    displayName: 'Photo',
    type: 'COMPLEX',
    schemaType: 'STANDARD',
    parts: [{ name: 'href', displayName: 'Photo URL' }],
  },
  text('externalId', 'External ID'),
  text('accountId', 'Account ID'),
];

export const SCHEMA_SETTING = 'schema.attributes';

/** Custom attributes lie in one setting of the environment: they are few and always read together. */
export async function readCustomAttributes(
  store: Store,
  environmentId: Uuid,
): Promise<readonly StoredAttribute[]> {
  const setting = await store.settings.get(environmentId, SCHEMA_SETTING);
  // Written by `writeCustomAttributes` and by nobody else.
  return setting === undefined ? [] : (JSON.parse(setting) as readonly StoredAttribute[]);
}

export interface StoredAttribute extends UserAttribute {
  readonly id: Uuid;
}

export async function writeCustomAttributes(
  store: Store,
  environmentId: Uuid,
  attributes: readonly StoredAttribute[],
): Promise<void> {
  await store.settings.put(environmentId, SCHEMA_SETTING, JSON.stringify(attributes));
}

/** Paths at which users hold values: `username`, `name.given`, custom names. */
export function leafPaths(attributes: readonly UserAttribute[]): readonly string[] {
  return attributes.flatMap(({ name, parts }) => parts?.map((part) => `${name}.${part.name}`) ?? [name]);
}
