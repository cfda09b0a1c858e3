import {
  anyRule,
  countryRule,
  emailRule,
  linesRule,
  localeRule,
  nameRule,
  phoneRule,
  preferredLanguageRule,
  type TextRule,
  textRule,
  timezoneRule,
  urlRule,
} from './attribute-rule.ts';

/** One attribute that every user may have. */
export interface UserAttribute {
  /** `username`, `name.given`, ... */
  readonly path: string;
  /** First and, where nested, second part of the path. */
  readonly parent: string | undefined;
  readonly leaf: string;
  readonly required: boolean;
  readonly rule: TextRule;
  /** How values are compared with each other in searches and when matching. */
  readonly caseSensitive: boolean;
}

function attribute(path: string, rule: TextRule, caseSensitive = false): UserAttribute {
  const dot = path.indexOf('.');
  return {
    path,
    parent: dot < 0 ? undefined : path.slice(0, dot),
    leaf: path.slice(dot + 1),
    required: path === 'username',
    rule,
    caseSensitive,
  };
}

/** The writable attributes that the API defines, with their limits. Custom ones lie beside them. */
export const USER_ATTRIBUTES: readonly UserAttribute[] = [
  attribute('username', textRule(128)),
  attribute('email', emailRule),
  attribute('name.given', textRule(256)),
  attribute('name.family', nameRule(256)),
  attribute('name.middle', textRule(256)),
  attribute('name.formatted', nameRule(256)),
  attribute('name.honorificPrefix', anyRule(256)),
  attribute('name.honorificSuffix', anyRule(256)),
  attribute('nickname', textRule(256)),
  attribute('title', textRule(256)),
  attribute('type', textRule(256)),
  attribute('locale', localeRule),
  attribute('preferredLanguage', preferredLanguageRule),
  attribute('timezone', timezoneRule),
  attribute('primaryPhone', phoneRule),
  attribute('mobilePhone', phoneRule),
  attribute('address.streetAddress', linesRule),
  attribute('address.locality', textRule(256)),
  attribute('address.region', textRule(256)),
  attribute('address.postalCode', textRule(40)),
  attribute('address.countryCode', countryRule),
  attribute('photo.href', urlRule, true),
  attribute('externalId', anyRule(1024), true),
  attribute('accountId', anyRule(1024), true),
];

const BY_PATH: ReadonlyMap<string, UserAttribute> = new Map(USER_ATTRIBUTES.map((one) => [one.path, one]));

export function userAttribute(path: string): UserAttribute | undefined {
  return BY_PATH.get(path);
}

/** Attributes that are objects, by name: their parts by name. */
export const NESTED_USER_ATTRIBUTES: ReadonlyMap<string, ReadonlyMap<string, UserAttribute>> = new Map(
  [...Map.groupBy(USER_ATTRIBUTES, (one) => one.parent)].flatMap(([parent, parts]) =>
    parent === undefined ? [] : [[parent, new Map(parts.map((part) => [part.leaf, part]))] as const],
  ),
);

/**
 * Properties of a user's body that are not its profile: read-only, or written by an operation of their own. A custom
 * attribute cannot have one of these names.
 */
export const RESERVED_USER_PROPERTIES: ReadonlySet<string> = new Set([
  '__proto__',
  '_embedded',
  '_links',
  'account',
  'createdAt',
  'emailVerified',
  'enabled',
  'environment',
  'id',
  'identityProvider',
  'lastSignOn',
  'lifecycle',
  'memberOfExternalGroups',
  'memberOfGroupIDs',
  'memberOfGroupNames',
  'memberOfGroups',
  'mfaEnabled',
  'password',
  'population',
  'updatedAt',
  'userId',
  'verifyStatus',
]);

const CUSTOM_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/;

/** Whether `name` can be a custom attribute at the top level of a user. */
export function isCustomAttributeName(name: string): boolean {
  return (
    CUSTOM_NAME.test(name) &&
    !RESERVED_USER_PROPERTIES.has(name) &&
    !BY_PATH.has(name) &&
    !NESTED_USER_ATTRIBUTES.has(name) &&
    // Names that mean something to the language itself.
    name !== 'constructor' &&
    name !== 'prototype'
  );
}
