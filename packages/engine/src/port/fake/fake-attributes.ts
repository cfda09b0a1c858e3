import type { ObjectType } from '@sallyport/model';
import type { TargetAttribute, TargetObject } from '../target.ts';

function attribute(name: string, extra: Partial<TargetAttribute> = {}): TargetAttribute {
  return {
    name,
    required: false,
    multiValued: false,
    comparison: 'exact',
    kind: 'plain',
    fault: () => undefined,
    ...extra,
  };
}

/** What the two types of objects have. */
export const ATTRIBUTES: Readonly<Record<ObjectType, ReadonlyMap<string, TargetAttribute>>> = {
  user: byName([
    attribute('username', { required: true, comparison: 'ignoreCase' }),
    attribute('email', {
      fault: (values) =>
        values.every((value) => value.includes('@')) ? undefined : `not an address: ${values[0]}`,
    }),
    attribute('name.family'),
    attribute('phones', { multiValued: true, comparison: 'unordered' }),
    attribute('password'),
    attribute('enabled', { kind: 'active' }),
  ]),
  group: byName([
    attribute('name', { required: true, comparison: 'ignoreCase' }),
    attribute('description'),
    attribute('externalId'),
  ]),
};

function byName(attributes: readonly TargetAttribute[]): ReadonlyMap<string, TargetAttribute> {
  return new Map(attributes.map((one) => [one.name, one]));
}

/** What is unique among objects of one type, and what they are called. */
export const NAMES: Readonly<Record<ObjectType, string>> = { user: 'username', group: 'name' };

export function nameOf(objectType: ObjectType, object: TargetObject | undefined): string {
  return object?.attributes[NAMES[objectType]]?.[0] ?? '';
}
