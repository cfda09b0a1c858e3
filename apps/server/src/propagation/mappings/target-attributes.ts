import { GROUP_ATTRIBUTES, groupCustomName, USER_ATTRIBUTES, type Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import { readCustomAttributes } from '../../users/user-attribute.ts';

/** Attributes of the identity store's users that a mapping may write; `enabled` is the account state. */
export async function userTargetAttributes(store: Store, environmentId: Uuid): Promise<readonly string[]> {
  const custom = await readCustomAttributes(store, environmentId);
  return [
    ...USER_ATTRIBUTES.map(({ path }) => path),
    'enabled',
    ...custom.filter(({ enabled }) => enabled !== false).map(({ name }) => name),
  ];
}

/** Those of groups; any property of `customData` is one too, and so the wanted one where it is such a property. */
export function groupTargetNames(wanted: string): readonly string[] {
  const known = GROUP_ATTRIBUTES.map(({ path }) => path);
  return groupCustomName(wanted) === undefined ? known : [...known, wanted];
}

/** In the attribute's own spelling; names are compared without case. */
export function findTargetAttribute(names: readonly string[], wanted: string): string | undefined {
  const lower = wanted.toLowerCase();
  return names.find((name) => name.toLowerCase() === lower);
}
