import { and, eq, type Filter, makeMatchedValuesControl, or, type SearchRequest } from '@sallyport/ldap';
import {
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  streamEntries,
} from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { supportsControl } from '../root-dse.ts';
import { dnOfMember, dnReference } from './reference.ts';

/** DNs are longer than keys. */
const DNS_PER_SEARCH = 50;

/** Somebody who changed: where groups name them. */
export interface NamedPerson {
  readonly key: string;
  readonly place: string;
}

/** References of people by the key of the group, in the rule's scope, that names them as direct members now. */
export type NamesByGroup = ReadonlyMap<string, readonly string[]>;

/**
 * Which groups name these people. Asked because a person who is moved takes their memberships along and no group says so:
 * Active Directory keeps links, not names, and OpenLDAP's refint writes past the change number. One or two searches for a
 * hundred people, whatever the size of the groups; one for each person where a server can answer neither way.
 */
export async function readNamingGroups(
  context: DirectoryContext,
  people: readonly NamedPerson[],
  signal: AbortSignal,
): Promise<NamesByGroup> {
  const names = new Map<string, string[]>();
  const name = (group: string, place: string): void => {
    const known = names.get(group);
    if (known === undefined) names.set(group, [dnReference(place)]);
    else known.push(dnReference(place));
  };
  if (context.dialect.name === 'activeDirectory') await byBackLinks(context, people, name, signal);
  else if (supportsControl(context.rootDse, 'matchedValues'))
    await byMatchedValues(context, people, name, signal);
  else await oneByOne(context, people, name, signal);
  return names;
}

type Name = (groupKey: string, place: string) => void;

/** `memberOf` is the back link of `member` ([MS-ADTS] 3.1.1.1.6): computed, and right at once after a move. */
async function byBackLinks(
  context: DirectoryContext,
  people: readonly NamedPerson[],
  name: Name,
  signal: AbortSignal,
): Promise<void> {
  const { dialect, groupScope, link, namingContext } = context;
  for (const chunk of chunksOf(people, KEYS_PER_SEARCH)) {
    const groups = new Map<string, { readonly dn: string; readonly places: string[] }>();
    const request: SearchRequest = {
      base: namingContext.toString(),
      scope: 'sub',
      filter: keysFilter(
        dialect,
        chunk.map(({ key }) => key),
      ),
      attributes: ['memberOf'],
    };
    for await (const entries of streamEntries(link, request, signal))
      for (const { entry, completed } of entries) {
        const whole = completed?.get('memberof')?.map((bytes) => bytes.toString('utf8'));
        for (const dn of whole ?? entry.values('memberOf')) {
          const reference = dnReference(dn);
          const known = groups.get(reference);
          if (known === undefined) groups.set(reference, { dn, places: [entry.dn] });
          else known.places.push(entry.dn);
        }
      }
    for (const some of chunksOf([...groups.values()], DNS_PER_SEARCH)) {
      const { entries } = await readEntries(
        link,
        {
          base: groupScope.base.toString(),
          scope: 'sub',
          filter: and(groupScope.filter, or(...some.map(({ dn }) => eq('distinguishedName', dn)))),
          attributes: [dialect.keyAttribute],
        },
        signal,
      );
      for (const entry of entries)
        for (const place of groups.get(dnReference(entry.dn))?.places ?? [])
          name(keyOf(dialect, entry), place);
    }
  }
}

/** The server sends of each group the values that were asked for, and no others (RFC 3876). */
async function byMatchedValues(
  context: DirectoryContext,
  people: readonly NamedPerson[],
  name: Name,
  signal: AbortSignal,
): Promise<void> {
  const { dialect, groupScope, link } = context;
  const { dns } = dialect.memberAttributes;
  for (const chunk of chunksOf(people, DNS_PER_SEARCH)) {
    const values = chunk.flatMap(({ place }) => dns.map((attribute) => eq(attribute, place)));
    const request: SearchRequest = {
      base: groupScope.base.toString(),
      scope: 'sub',
      filter: and(groupScope.filter, or(...values)),
      attributes: [dialect.keyAttribute, ...dns],
      // The key has to come through as well: it is no member attribute, and only what is named here is shown.
      controls: [makeMatchedValuesControl([...values, { kind: 'present', attribute: dialect.keyAttribute }])],
    };
    for (const entry of (await readEntries(link, request, signal)).entries) {
      const named = new Set(
        dns.flatMap((attribute) => entry.values(attribute)).map((value) => dnOfMember(value)),
      );
      for (const place of named) name(keyOf(dialect, entry), place);
    }
  }
}

async function oneByOne(
  context: DirectoryContext,
  people: readonly NamedPerson[],
  name: Name,
  signal: AbortSignal,
): Promise<void> {
  const { dialect, groupScope, link } = context;
  for (const { place } of people) {
    const holds: Filter = or(...dialect.memberAttributes.dns.map((attribute) => eq(attribute, place)));
    const request: SearchRequest = {
      base: groupScope.base.toString(),
      scope: 'sub',
      filter: and(groupScope.filter, holds),
      attributes: [dialect.keyAttribute],
    };
    for (const entry of (await readEntries(link, request, signal)).entries)
      name(keyOf(dialect, entry), place);
  }
}
