import type { Selection } from '@sallyport/model';
import { parseScimFilter, ScimFilterError, selectionOf } from '@sallyport/scim';
import { refuseValue } from '../http/refuse.ts';
import { leafPaths, type SchemaAttribute } from './user-attribute.ts';

/** What can be compared beside the attributes of the schema. */
const SYSTEM_PATHS = ['id', 'createdAt', 'updatedAt', 'memberOfGroups.id'] as const;

/** SCIM's own names (RFC 7643 §4.1) for attributes that are called otherwise here. */
const SCIM_NAMES: Readonly<Record<string, string>> = {
  active: 'enabled',
  'name.givenname': 'name.given',
  'name.familyname': 'name.family',
  'name.middlename': 'name.middle',
};

/** Reads a `filter` parameter over users. Refuses with INVALID_FILTER and the place in the text. */
export function userSelection(
  text: string | undefined,
  attributes: readonly SchemaAttribute[],
  target = 'filter',
): Selection | undefined {
  if (text === undefined) return undefined;
  const paths = [...leafPaths(attributes), ...SYSTEM_PATHS];
  const byLowerCase = new Map(paths.map((path) => [path.toLowerCase(), path]));
  const resolve = (attribute: string): string | undefined => {
    const lower = attribute.toLowerCase();
    return byLowerCase.get(SCIM_NAMES[lower] ?? lower);
  };
  try {
    return selectionOf(parseScimFilter(text), { resolve });
  } catch (error) {
    if (error instanceof ScimFilterError) refuseValue('INVALID_FILTER', target, error.message);
    throw error;
  }
}
