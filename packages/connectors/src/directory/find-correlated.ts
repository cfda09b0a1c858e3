import {
  type DirectoryLink,
  EntryBatch,
  eq,
  type Filter,
  LdapError,
  parseObjectGuid,
  RESULT_CODE,
  type SearchRequest,
  type SearchScope,
} from '@sallyport/ldap';

export interface CorrelatedSearch {
  readonly baseDn: string;
  /** Attributes to try, each alone, first to last; those without a value are passed over. */
  readonly orderedAttributes: readonly string[];
  /** What is known of the object, by attribute: `objectGUID`, `entryUUID`, ... as text. */
  readonly values: Readonly<Record<string, string>>;
}

export type Correlated =
  | { readonly found: 'one'; readonly dn: string }
  | { readonly found: 'none' }
  /** An attribute that does not identify: taking the first would check the wrong person's password. */
  | { readonly found: 'several'; readonly attribute: string };

const SUBTREE: SearchScope = 'sub';

/**
 * Where an object is now. Attributes of the list come first, then whatever else is known, such as the key that a rule has
 * linked by. @throws LdapError as the search does
 */
export async function findCorrelated(
  link: DirectoryLink,
  { baseDn, orderedAttributes, values }: CorrelatedSearch,
  signal: AbortSignal,
): Promise<Correlated> {
  const byName = new Map(
    Object.entries(values).map(([name, value]) => [name.toLowerCase(), { name, value }]),
  );
  const order = new Set([...orderedAttributes.map((name) => name.toLowerCase()), ...byName.keys()]);
  for (const key of order) {
    const known = byName.get(key);
    if (known === undefined || known.value === '') continue;
    const request = {
      base: baseDn,
      scope: SUBTREE,
      filter: valueFilter(known.name, known.value),
      // No attributes at all (RFC 4511 §4.5.1.8): the name is what is wanted.
      attributes: ['1.1'],
      sizeLimit: 2,
    };
    const dns = await namesOf(link, request, signal);
    const [dn] = dns;
    if (dn !== undefined)
      return dns.length === 1 ? { found: 'one', dn } : { found: 'several', attribute: known.name };
  }
  return { found: 'none' };
}

async function namesOf(
  link: DirectoryLink,
  request: SearchRequest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const dns: string[] = [];
  try {
    for await (const bytes of link.search(request, { signal }))
      for (const entry of new EntryBatch(bytes).entries()) dns.push(entry.dn);
  } catch (error) {
    // More than two: two are enough to know. No such base: nobody is below it.
    if (!(error instanceof LdapError)) throw error;
    const { sizeLimitExceeded, noSuchObject } = RESULT_CODE;
    if (error.resultCode !== sizeLimitExceeded && error.resultCode !== noSuchObject) throw error;
  }
  return dns;
}

const GUID_TEXT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** objectGUID is sixteen bytes in Active Directory's own order; everything else is compared as it is written. */
function valueFilter(name: string, value: string): Filter {
  if (name.toLowerCase() === 'objectguid' && GUID_TEXT.test(value)) return eq(name, parseObjectGuid(value));
  return eq(name, value);
}
