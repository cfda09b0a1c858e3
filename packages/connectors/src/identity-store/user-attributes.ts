import type { TargetAttribute } from '@sallyport/engine';
import { isCustomAttributeName, USER_ATTRIBUTES, userFaults } from '@sallyport/model';
import { ruledAttribute } from './ruled-attribute.ts';

/**
 * The identity store's attributes as the engine compares and checks them. All compare exactly: usernames and e-mail addresses
 * are *found* without case (`match` does that), but a changed case is a change that is written, as in the API.
 */
const KNOWN: ReadonlyMap<string, TargetAttribute> = new Map<string, TargetAttribute>([
  ...USER_ATTRIBUTES.map((attribute) => [attribute.path, ruledAttribute(attribute)] as const),
  [
    'enabled',
    {
      name: 'enabled',
      required: false,
      multiValued: false,
      comparison: 'exact',
      kind: 'active',
      fault: (values) =>
        values.every((value) => value === 'true' || value === 'false')
          ? undefined
          : `enabled must be true or false, found ${JSON.stringify(values[0])}`,
    },
  ],
]);

function customAttribute(name: string): TargetAttribute {
  return {
    name,
    required: false,
    multiValued: true,
    comparison: 'unordered',
    kind: 'plain',
    fault: (values) => {
      const value = values.length === 1 ? values[0] : values;
      return userFaults({ username: 'u', [name]: value })[0]?.message;
    },
  };
}

const custom = new Map<string, TargetAttribute>();
/** Names come from mappings, which people write: a few, but nothing here may grow with what they try. */
const MAX_REMEMBERED = 1000;

/** `name` is a path: `name.given`, or a custom attribute. Undefined if users cannot have it. */
export function userTargetAttribute(name: string): TargetAttribute | undefined {
  const known = KNOWN.get(name) ?? custom.get(name);
  if (known !== undefined || !isCustomAttributeName(name)) return known;
  const made = customAttribute(name);
  if (custom.size < MAX_REMEMBERED) custom.set(name, made);
  return made;
}

/** The names that every identity store has; custom ones come beside them. */
export function userTargetAttributeNames(): readonly string[] {
  return [...KNOWN.keys()];
}
