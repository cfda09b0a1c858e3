import { readDn } from '../dn/dn.ts';

const MAX_REMEMBERED = 1_000;

/**
 * Class names whose default category is not the class itself (Active Directory's defaultObjectCategory), without
 * hyphens, lower case.
 */
const CATEGORY_OF_CLASS: ReadonlyMap<string, string> = new Map([
  ['user', 'person'],
  ['inetorgperson', 'person'],
  ['contact', 'person'],
  ['organizationalperson', 'person'],
]);

/**
 * Active Directory lets `(objectCategory=person)` name a class instead of the class's category, a name in the schema
 * partition such as `CN=Person,CN=Schema,CN=Configuration,…`. The test for that; undefined when a whole name is sought.
 */
export function readsAsCategory(asserted: string): ((value: string) => boolean) | undefined {
  if (asserted.includes('=')) return undefined;
  const name = asserted.trim().toLowerCase().replaceAll('-', '');
  const wanted = CATEGORY_OF_CLASS.get(name) ?? name;
  // A directory has few categories and many entries.
  const remembered = new Map<string, boolean>();
  return (value) => {
    const known = remembered.get(value);
    if (known !== undefined) return known;
    const answer = readDn(value)?.rdn?.value.toLowerCase().replaceAll('-', '') === wanted;
    if (remembered.size < MAX_REMEMBERED) remembered.set(value, answer);
    return answer;
  };
}
