import { attributeTypeKey } from '../dn/attribute-type.ts';
import type { Schema } from '../schema/schema.ts';
import type { FilterEntry } from './filter-entry.ts';

/** Descriptions such as `member;range=0-1499` come without end: forget rather than grow. */
const MAX_REMEMBERED = 1_000;

/** Attributes that hold the entry's own name, known even when they were not asked for. */
const NAME_ATTRIBUTES: ReadonlySet<string> = new Set(['distinguishedname', 'entrydn']);

/**
 * How to find the values a filter means by an attribute description: those of the attribute under any of its names,
 * of its subtypes, and with further options (RFC 4512 §2.5).
 */
export function makeValueReader(
  attribute: string,
  schema: Schema,
): (entry: FilterEntry) => readonly Buffer[] {
  const [base = '', ...options] = attribute.split(';');
  const names = namesOf(base, schema);
  const wantedOptions = options.map((option) => option.toLowerCase());
  const remembered = new Map<string, boolean>();

  function isMeant(description: string): boolean {
    const known = remembered.get(description);
    if (known !== undefined) return known;
    const [type = '', ...found] = description.toLowerCase().split(';');
    const answer = names.has(type) && wantedOptions.every((option) => found.includes(option));
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(description, answer);
    return answer;
  }

  function ownName(entry: FilterEntry): readonly Buffer[] {
    const isNameMeant = NAME_ATTRIBUTES.has(base.toLowerCase());
    return isNameMeant && entry.dn !== undefined ? [Buffer.from(entry.dn, 'utf8')] : [];
  }

  const suffix = wantedOptions.map((option) => `;${option}`).join('');
  const fixed = [...names].map((name) => `${name}${suffix}`);
  return (entry) => {
    let found: readonly Buffer[] = [];
    for (const description of entry.attributes ?? fixed) {
      if (entry.attributes !== undefined && !isMeant(description)) continue;
      const values = entry.values(description);
      if (values.length > 0) found = found.length === 0 ? values : [...found, ...values];
    }
    return found.length === 0 ? ownName(entry) : found;
  };
}

/** Every name, lower case, under which values of the attribute or a subtype of it may stand. */
export function namesOf(attribute: string, schema: Schema): ReadonlySet<string> {
  const names = new Set([attribute.toLowerCase()]);
  for (const type of schema.subtypes(attribute)) {
    for (const name of [type.oid, ...type.names]) names.add(name.toLowerCase());
  }
  return names;
}

/** Whether an attribute type of an RDN is one of these names. */
export function isNamed(type: string, names: ReadonlySet<string>): boolean {
  return names.has(type.toLowerCase()) || names.has(attributeTypeKey(type));
}
