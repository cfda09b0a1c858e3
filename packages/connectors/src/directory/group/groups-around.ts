import { and, eq, type Filter, or } from '@sallyport/ldap';
import {
  chunksOf,
  type DirectoryContext,
  DNS_PER_SEARCH,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  streamEntries,
} from '../directory-context.ts';
import type { Scope } from '../scope/scope.ts';
import { type NamingGroup, readNamingGroups } from './naming-groups.ts';
import { dnReference } from './reference.ts';

/** All groups there are: members come from groups that are none of the rule's too, where it flattens. */
export function anywhere({ dialect, namingContext }: DirectoryContext): Pick<Scope, 'base' | 'filter'> {
  return { base: namingContext, filter: dialect.groupFilter };
}

/** Keys of the groups that hold one of these, over any distance. */
export async function groupsAround(
  context: DirectoryContext,
  places: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { dialect, link, namingContext } = context;
  const found = new Set<string>();
  let level = places;
  while (level.length > 0) {
    const next: string[] = [];
    for (const dns of chunksOf(level, DNS_PER_SEARCH)) {
      const request = {
        base: namingContext.toString(),
        scope: 'sub' as const,
        filter: and(dialect.groupFilter, holdsOneOf(context, dns)),
        attributes: [dialect.keyAttribute],
      };
      for await (const entries of streamEntries(link, request, signal))
        for (const { entry } of entries) {
          const key = keyOf(dialect, entry);
          if (found.has(key)) continue;
          found.add(key);
          next.push(entry.dn);
        }
    }
    level = next;
  }
  return [...found];
}

function holdsOneOf(context: DirectoryContext, dns: readonly string[]): Filter {
  const { dns: names, target } = context.dialect.memberAttributes;
  const attributes = target === undefined ? names : [...names, target];
  return or(...attributes.flatMap((attribute) => dns.map((dn) => eq(attribute, dn))));
}

/**
 * Groups of the rule that hold, over any distance, whom these groups name, these groups among them. Each group between is looked up
 * once, fifty in one search as far as nothing holds them.
 */
export async function groupsFarAround(
  context: DirectoryContext,
  direct: ReadonlyMap<string, NamingGroup>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NamingGroup>> {
  const { dns, target } = context.dialect.memberAttributes;
  const isKnown = target !== undefined && context.schema.attribute(target) !== undefined;
  const attributes = isKnown ? [...dns, target] : dns;
  const found = new Map<string, { readonly place: string; readonly references: Set<string> }>();
  for (const [key, { place, references }] of direct)
    found.set(key, { place, references: new Set(references) });
  const holders = new Map<string, Set<string>>();
  for (let level = [...found]; level.length > 0; ) {
    const next: typeof level = [];
    const keys = new Map(level.map(([key, { place }]) => [dnReference(place), key]));
    const objects = level.map(([key, { place }]) => ({ key, place }));
    const around = await readNamingGroups(context, anywhere(context), objects, signal, attributes);
    for (const [key, { place, references }] of around) {
      if (!found.has(key)) {
        const holder = { place, references: new Set<string>() };
        found.set(key, holder);
        next.push([key, holder]);
      }
      for (const reference of references) {
        const held = keys.get(reference);
        if (held !== undefined) holders.set(held, (holders.get(held) ?? new Set()).add(key));
      }
    }
    level = next;
  }
  spread(found, holders);
  const inScope = await keysInScope(context, [...found.keys()], signal);
  return new Map([...found].filter(([key]) => inScope.has(key)));
}

/** Whoever is in a group is in those that hold it. Groups that contain each other end with the same members. */
function spread(
  found: ReadonlyMap<string, { readonly references: Set<string> }>,
  holders: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const changed = new Set(found.keys());
  for (const key of changed) {
    changed.delete(key);
    const references = found.get(key)?.references ?? [];
    for (const holder of holders.get(key) ?? []) {
      const own = found.get(holder)?.references;
      if (own === undefined) continue;
      const before = own.size;
      for (const reference of references) own.add(reference);
      if (own.size > before) changed.add(holder);
    }
  }
}

async function keysInScope(
  { dialect, groupScope, link }: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const inScope = new Set<string>();
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: groupScope.base.toString(),
      scope: 'sub' as const,
      filter: and(groupScope.filter, keysFilter(dialect, chunk)),
      attributes: [dialect.keyAttribute],
    };
    for await (const entries of streamEntries(link, request, signal))
      for (const { entry } of entries) inScope.add(keyOf(dialect, entry));
  }
  return inScope;
}
