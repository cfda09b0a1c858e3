import type { FoundEntry } from '../ldap-tools.ts';
import type { StoryHouse } from '../story-house.ts';
import { canonicalDn } from './distinguished-name.ts';

/** What `ldapsearch` prints of a part of a directory, sorted into people, groups and the places that hold them. */
export interface DirectoryContent {
  readonly people: readonly FoundPerson[];
  readonly groups: readonly FoundGroup[];
  /** DNs as printed, in order; the bases themselves are not among them. */
  readonly units: readonly string[];
}

interface Found {
  /** As printed. */
  readonly dn: string;
  readonly canonical: string;
  readonly values: FoundEntry['attributes'];
}

export interface FoundPerson extends Found {
  readonly login: string;
  readonly disabled: boolean;
}

export interface FoundGroup extends Found {
  readonly name: string;
  /** As printed. */
  readonly members: readonly string[];
}

const ATTRIBUTES = ['objectClass', 'cn', 'sn', 'givenName', 'mail', 'title', 'description', 'member'];
const DISABLED_BIT = 2;

export async function readContent(house: StoryHouse, bases: readonly string[]): Promise<DirectoryContent> {
  const { spelling, tools } = house;
  const attributes = [...ATTRIBUTES, spelling.loginAttribute, spelling.account.attribute];
  const read = await Promise.all(bases.map((base) => tools.search(base, '(objectClass=*)', attributes)));
  const top = new Set(bases.map(canonicalDn));
  const content = { people: [] as FoundPerson[], groups: [] as FoundGroup[], units: [] as string[] };
  for (const { dn, attributes: values } of read.flat()) {
    const canonical = canonicalDn(dn);
    const classes = (values.objectclass ?? []).map((name) => name.toLowerCase());
    const login = values[spelling.loginAttribute.toLowerCase()]?.[0] ?? '';
    if (classes.includes(spelling.personClass.toLowerCase()))
      content.people.push({ dn, canonical, values, login, disabled: isDisabled(house, values) });
    else if (classes.includes(spelling.groupClass.toLowerCase()))
      content.groups.push({
        dn,
        canonical,
        values,
        name: values.cn?.[0] ?? '',
        members: values.member ?? [],
      });
    else if (!top.has(canonical)) content.units.push(dn);
  }
  // The order of an answer is the server's affair, and a history is to be the same each time.
  content.people.sort((one, other) => (one.login < other.login ? -1 : 1));
  content.groups.sort((one, other) => (one.name < other.name ? -1 : 1));
  content.units.sort();
  return content;
}

function isDisabled({ spelling }: StoryHouse, values: FoundEntry['attributes']): boolean {
  const { attribute, disabled } = spelling.account;
  const value = values[attribute.toLowerCase()]?.[0];
  if (spelling.isActiveDirectory) return (Number(value) & DISABLED_BIT) !== 0;
  return value?.toLowerCase() === disabled;
}
