import type { Selection } from '@sallyport/model';
import { parseScimFilter, ScimFilterError, selectionOf } from '@sallyport/scim';
import { refuseValue } from '../http/refuse.ts';

const PATHS = [
  'id',
  'name',
  'displayName',
  'description',
  'externalId',
  'population.id',
  'sourceType',
  'sourceId',
  'createdAt',
  'updatedAt',
] as const;

/** Reads a `filter` parameter over groups. Refuses with INVALID_FILTER and the place in the text. */
export function groupSelection(text: string | undefined): Selection | undefined {
  if (text === undefined) return undefined;
  const byLowerCase = new Map<string, string>(PATHS.map((path) => [path.toLowerCase(), path]));
  try {
    return selectionOf(parseScimFilter(text), {
      resolve: (attribute) => byLowerCase.get(attribute.toLowerCase()),
    });
  } catch (error) {
    if (error instanceof ScimFilterError) refuseValue('INVALID_FILTER', 'filter', error.message);
    throw error;
  }
}
