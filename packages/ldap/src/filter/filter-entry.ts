/** What a filter is evaluated against. */
export interface FilterEntry {
  /** The entry's name; without it, what looks at the name is undefined. */
  readonly dn?: string;
  /** The descriptions the entry carries, options included. Without it, options and types unknown to us go unseen. */
  readonly attributes?: Iterable<string>;
  /** The values under exactly this description, its case aside; empty when there are none. */
  values(attribute: string): readonly Buffer[];
}

/** An entry for filters out of the attributes of a search result. Values stay the bytes they are, nothing is copied. */
export function makeFilterEntry(
  dn: string,
  attributes: Iterable<{ readonly type: string; readonly values: readonly Buffer[] }>,
): FilterEntry {
  const byKey = new Map<string, readonly Buffer[]>();
  const descriptions: string[] = [];
  for (const { type, values } of attributes) {
    const key = type.toLowerCase();
    const earlier = byKey.get(key);
    if (earlier === undefined) descriptions.push(type);
    byKey.set(key, earlier === undefined ? values : [...earlier, ...values]);
  }
  return { dn, attributes: descriptions, values: (attribute) => byKey.get(attribute.toLowerCase()) ?? [] };
}
