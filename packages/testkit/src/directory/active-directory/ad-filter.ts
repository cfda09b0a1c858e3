import { type Filter, parseGeneralizedTime, readDn } from '@sallyport/ldap';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { CandidateSet } from '../core/directory-manner.ts';
import type { AdDomain } from './ad-domain.ts';
import { readNamedEntry } from './ad-links.ts';
import { closure, linked } from './ad-values.ts';

const inChain = '1.2.840.113556.1.4.1941';
/** aNR: the attributes that ambiguous name resolution looks at ([MS-ADTS] 3.1.1.3.1.3.3). */
const ambiguousNames = [
  'displayName',
  'givenName',
  'physicalDeliveryOfficeName',
  'proxyAddresses',
  'name',
  'sAMAccountName',
  'sn',
];

/** Entries found through an index of the domain controller; undefined when none helps. */
export function adCandidates(domain: AdDomain, filter: Filter): CandidateSet | undefined {
  const { store, schema } = domain;
  if (filter.kind === 'greaterOrEqual')
    return changedSince(domain, filter.attribute.toLowerCase(), filter.value.toString());
  if (filter.kind === 'extensible' && filter.matchingRule === inChain)
    return sized([...chain(domain, filter)]);
  if (filter.kind !== 'equality') return undefined;
  const rule = schema.attribute(filter.attribute);
  if (rule === undefined) return undefined;
  if (rule.linkId !== undefined) {
    const target = readNamedEntry(domain, filter.value.toString());
    if (target === undefined) return sized([]);
    // Those that have the target as a value are found on the other side of the link.
    const other = rule.linkId % 2 === 0 ? rule.linkId + 1 : rule.linkId - 1;
    return sized([...otherSide(domain, target, rule.key, other)]);
  }
  if (rule.key === 'distinguishedname') {
    const dn = readDn(filter.value.toString());
    const entry = dn === undefined ? undefined : store.resolve(dn);
    return sized(entry === undefined ? [] : [entry]);
  }
  return store.isIndexed(rule.key) ? sized(store.find(rule.key, filter.value)) : undefined;
}

/** Membership and in-chain comparisons, answered from the links. */
export function adLinkTest(
  domain: AdDomain,
  filter: Filter,
): ((entry: DirectoryEntry) => boolean) | undefined {
  if (filter.kind === 'extensible' && filter.matchingRule === inChain) {
    const found = chain(domain, filter);
    return (entry) => found.has(entry);
  }
  if (filter.kind !== 'equality') return undefined;
  const rule = domain.schema.attribute(filter.attribute);
  if (rule?.linkId === undefined) return undefined;
  const target = readNamedEntry(domain, filter.value.toString());
  if (target === undefined) return () => false;
  const { key, linkId } = rule;
  if (linkId % 2 === 0) return (entry) => entry.links.get(key)?.get(target)?.present === true;
  const holders = new Set(linkedBack(domain, target, linkId));
  return (entry) => holders.has(entry);
}

export function rewriteAdFilter(filter: Filter): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, filters: filter.filters.map(rewriteAdFilter) };
    case 'not':
      return { kind: 'not', filter: rewriteAdFilter(filter.filter) };
    case 'equality':
      if (filter.attribute.toLowerCase() !== 'anr') return filter;
      return {
        kind: 'or',
        filters: ambiguousNames.map((attribute) => ({
          kind: 'substrings',
          attribute,
          initial: filter.value,
          any: [],
        })),
      };
    default:
      return filter;
  }
}

function changedSince(domain: AdDomain, key: string, value: string): CandidateSet | undefined {
  const { store } = domain;
  if (key === 'usnchanged' && /^\d+$/.test(value)) {
    const sequence = Number(value);
    return { size: store.countChangedSince(sequence), entries: store.changedSince(sequence) };
  }
  if (key === 'whenchanged' && /^\d{14}(?:\.\d+)?Z$/.test(value)) {
    const atMs = parseGeneralizedTime(value);
    return { size: store.countChangedSinceTime(atMs), entries: store.changedSinceTime(atMs) };
  }
  return undefined;
}

/** All entries for which `attribute:in-chain:=DN` is true: those from which the links lead to the DN, over any distance. */
function chain(
  domain: AdDomain,
  filter: Extract<Filter, { kind: 'extensible' }>,
): ReadonlySet<DirectoryEntry> {
  const rule = filter.attribute === undefined ? undefined : domain.schema.attribute(filter.attribute);
  const target = readNamedEntry(domain, filter.value.toString());
  if (rule?.linkId === undefined || target === undefined) return new Set();
  const { key, linkId } = rule;
  // From the target backwards: for a forward link over its back link, and the other way round.
  if (linkId % 2 === 0) return closure(target, (entry) => entry.backLinks.get(key) ?? []);
  return closure(target, (entry) => linkedBack(domain, entry, linkId));
}

/** Entries whose back-link attribute holds `entry`: its forward link targets. */
function linkedBack(domain: AdDomain, entry: DirectoryEntry, backLinkId: number): Iterable<DirectoryEntry> {
  for (const rule of domain.schema.attributes) {
    if (rule.linkId === backLinkId - 1) return linked(domain, entry, rule.key, backLinkId - 1);
  }
  return [];
}

function otherSide(
  domain: AdDomain,
  target: DirectoryEntry,
  key: string,
  otherLinkId: number,
): Iterable<DirectoryEntry> {
  return otherLinkId % 2 === 1
    ? (target.backLinks.get(key) ?? [])
    : linkedBack(domain, target, otherLinkId + 1);
}

function sized(entries: readonly DirectoryEntry[]): CandidateSet {
  return { size: entries.length, entries };
}
