import { and, eq, type Filter, makeMatchedValuesControl, or, type SearchRequest } from '@sallyport/ldap';
import {
  chunksOf,
  type DirectoryContext,
  DNS_PER_SEARCH,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  streamEntries,
} from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { supportsControl } from '../root-dse.ts';
import type { Scope } from '../scope/scope.ts';
import { dnOfMember, dnOfReference, dnReference, loginReference } from './reference.ts';

/** Somebody, or a group, that groups may name. */
export interface NamedObject {
  readonly key: string;
  readonly place: string;
  /** As `memberUid` may have them; none where groups are only asked for DNs. */
  readonly logins?: readonly string[];
}

/** A group with the references of those that it names as direct members now. */
export interface NamingGroup {
  readonly place: string;
  readonly references: ReadonlySet<string>;
}

/**
 * Which groups of a scope name these objects by their DNs, by `attributes` where not only members of groups are meant, by the
 * logins that were given, or as those of whom they are the primary group. Asked because one who is moved takes the memberships along and
 * no group says so: Active Directory keeps links, not names, and OpenLDAP's refint writes past the change number. One or two
 * searches for fifty objects, whatever the size of the groups; where a server can answer neither way, one for each object that is named
 * besides.
 */
export async function readNamingGroups(
  context: DirectoryContext,
  groups: Pick<Scope, 'base' | 'filter'>,
  objects: readonly NamedObject[],
  signal: AbortSignal,
  attributes: readonly string[] = context.dialect.memberAttributes.dns,
): Promise<ReadonlyMap<string, NamingGroup>> {
  const found = new Map<string, { place: string; references: Set<string> }>();
  const name: Name = (key, place, member) => {
    const known = found.get(key);
    if (known === undefined) found.set(key, { place, references: new Set([dnReference(member)]) });
    else known.references.add(dnReference(member));
  };
  const look = { context, groups, attributes, name, signal };
  if (context.dialect.name === 'activeDirectory') await byBackLinks(look, objects);
  else if (supportsControl(context.rootDse, 'matchedValues')) await byMatchedValues(look, objects);
  else await oneByOne(look, objects);
  return found;
}

type Name = (groupKey: string, groupPlace: string, memberPlace: string) => void;

interface Look {
  readonly context: DirectoryContext;
  readonly groups: Pick<Scope, 'base' | 'filter'>;
  /** In which groups have DNs. */
  readonly attributes: readonly string[];
  readonly name: Name;
  readonly signal: AbortSignal;
}

/** `memberOf` is the back link of `member` ([MS-ADTS] 3.1.1.1.6): computed, and right at once after a move. */
async function byBackLinks(
  { context, groups, name, signal }: Look,
  objects: readonly NamedObject[],
): Promise<void> {
  const { dialect, link, lookups, memberReading, namingContext } = context;
  for (const chunk of chunksOf(objects, KEYS_PER_SEARCH)) {
    const holders = new Map<string, { readonly dn: string; readonly places: string[] }>();
    const hold = (dn: string, place: string): void => {
      const reference = dnReference(dn);
      const known = holders.get(reference);
      if (known === undefined) holders.set(reference, { dn, places: [place] });
      else known.places.push(place);
    };
    const primary: { readonly number: string; readonly place: string }[] = [];
    const request: SearchRequest = {
      base: namingContext.toString(),
      scope: 'sub',
      filter: keysFilter(
        dialect,
        chunk.map(({ key }) => key),
      ),
      attributes: ['memberOf', ...(memberReading.primaryGroups ? ['primaryGroupID'] : [])],
    };
    for await (const entries of streamEntries(link, request, signal))
      for (const { entry, completed } of entries) {
        const whole = completed?.get('memberof')?.map((bytes) => bytes.toString('utf8'));
        for (const dn of whole ?? entry.values('memberOf')) hold(dn, entry.dn);
        if (memberReading.primaryGroups)
          for (const number of entry.values('primaryGroupID')) primary.push({ number, place: entry.dn });
      }
    const numbers = await lookups.primaryGroups(
      context,
      primary.map(({ number }) => number),
      signal,
    );
    for (const { number, place } of primary) {
      const reference = numbers.get(number);
      if (reference !== undefined) hold(dnOfReference(reference), place);
    }
    for (const some of chunksOf([...holders.values()], DNS_PER_SEARCH)) {
      const { entries } = await readEntries(
        link,
        {
          base: groups.base.toString(),
          scope: 'sub',
          filter: and(groups.filter, or(...some.map(({ dn }) => eq('distinguishedName', dn)))),
          attributes: [dialect.keyAttribute],
        },
        signal,
      );
      for (const entry of entries)
        for (const place of holders.get(dnReference(entry.dn))?.places ?? [])
          name(keyOf(dialect, entry), entry.dn, place);
    }
  }
}

/** The server sends of each group the values that were asked for, and no others (RFC 3876). */
async function byMatchedValues(
  { context, groups, attributes, name, signal }: Look,
  objects: readonly NamedObject[],
): Promise<void> {
  const { dialect, link } = context;
  const { logins } = dialect.memberAttributes;
  for (const chunk of chunksOf(objects, DNS_PER_SEARCH)) {
    const values = chunk.flatMap((object) => namesOf(context, attributes, object));
    const bearers = new Map(
      chunk.flatMap((object) => (object.logins ?? []).map((login) => [loginReference(login), object.place])),
    );
    const request: SearchRequest = {
      base: groups.base.toString(),
      scope: 'sub',
      filter: and(groups.filter, or(...values)),
      attributes: [
        dialect.keyAttribute,
        ...attributes,
        ...(logins === undefined || bearers.size === 0 ? [] : [logins]),
      ],
      // The key has to come through as well: it is no member attribute, and only what is named here is shown.
      controls: [makeMatchedValuesControl([...values, { kind: 'present', attribute: dialect.keyAttribute }])],
    };
    for (const entry of (await readEntries(link, request, signal)).entries) {
      const named = new Set(
        attributes.flatMap((attribute) => entry.values(attribute)).map((value) => dnOfMember(value)),
      );
      if (logins !== undefined && bearers.size > 0)
        for (const login of entry.values(logins)) {
          const place = bearers.get(loginReference(login));
          if (place !== undefined) named.add(place);
        }
      for (const place of named) name(keyOf(dialect, entry), entry.dn, place);
    }
  }
}

/** Fifty in one search, which nearly always finds nothing; else each of them by itself. */
async function oneByOne(
  { context, groups, attributes, name, signal }: Look,
  objects: readonly NamedObject[],
): Promise<void> {
  const { dialect, link } = context;
  const holding = async (some: readonly NamedObject[]) => {
    const request: SearchRequest = {
      base: groups.base.toString(),
      scope: 'sub',
      filter: and(groups.filter, or(...some.flatMap((object) => namesOf(context, attributes, object)))),
      attributes: [dialect.keyAttribute],
    };
    return (await readEntries(link, request, signal)).entries;
  };
  for (const chunk of chunksOf(objects, DNS_PER_SEARCH)) {
    if ((await holding(chunk)).length === 0) continue;
    for (const object of chunk)
      for (const entry of await holding([object])) name(keyOf(dialect, entry), entry.dn, object.place);
  }
}

/** All that a group may call this object. */
function namesOf(
  { dialect }: DirectoryContext,
  attributes: readonly string[],
  { place, logins = [] }: NamedObject,
): readonly Filter[] {
  const { logins: attribute } = dialect.memberAttributes;
  return [
    ...attributes.map((name) => eq(name, place)),
    ...(attribute === undefined ? [] : logins.map((login) => eq(attribute, login))),
  ];
}
