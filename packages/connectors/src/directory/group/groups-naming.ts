import { and } from '@sallyport/ldap';
import {
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  loginReferenceAttribute,
  streamEntries,
} from '../directory-context.ts';
import type { Scope } from '../scope/scope.ts';
import { keysAmongComputed } from './computed-members.ts';
import { readComputedGroups } from './group-lookups.ts';
import { anywhere, groupsFarAround } from './groups-around.ts';
import { type NamedObject, type NamingGroup, readNamingGroups } from './naming-groups.ts';
import { dnReference } from './reference.ts';

type Groups = Pick<Scope, 'base' | 'filter'>;

/**
 * The groups of the rule, by key, that have these for members now, in whatever way groups have members: by DN or login, by a search,
 * as their primary group; over any distance where the rule flattens.
 */
export async function groupsNaming(
  context: DirectoryContext,
  objects: readonly NamedObject[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NamingGroup>> {
  const { flattened } = context.memberReading;
  const groups: Groups = flattened ? anywhere(context) : context.groupScope;
  const named = await withLogins(context, objects, signal);
  const direct = new Map(await readNamingGroups(context, groups, named, signal));
  for (const [key, found] of await groupsFinding(context, groups, objects, signal)) {
    const references = direct.get(key)?.references ?? [];
    direct.set(key, { ...found, references: new Set([...references, ...found.references]) });
  }
  return flattened ? groupsFarAround(context, direct, signal) : direct;
}

/** Names by which groups may have people, beside their DNs: their logins, and how groups wrote them last. */
async function withLogins(
  context: DirectoryContext,
  objects: readonly NamedObject[],
  signal: AbortSignal,
): Promise<readonly NamedObject[]> {
  const attribute = loginReferenceAttribute(context);
  if (attribute === undefined) return objects;
  const { dialect, link, logins, namingContext } = context;
  const own = new Map<string, readonly string[]>();
  for (const chunk of chunksOf(objects, KEYS_PER_SEARCH)) {
    const keys = keysFilter(
      dialect,
      chunk.map(({ key }) => key),
    );
    const request = {
      base: namingContext.toString(),
      scope: 'sub' as const,
      filter: and(dialect.userFilter, keys),
      attributes: [dialect.keyAttribute, attribute],
    };
    for await (const entries of streamEntries(link, request, signal))
      for (const { entry } of entries) own.set(keyOf(dialect, entry), entry.values(attribute));
  }
  return objects.map((object) => {
    const now = own.get(object.key) ?? [];
    const spelled = logins.spelled(object.key);
    const known = spelled !== undefined && now.some((login) => logins.knows(object.key, login));
    // `memberUid` compares case, `uid` does not (RFC 2307 §3, RFC 4519 §2.39).
    const all = [...now, ...now.map((login) => login.toLowerCase()), ...(known ? [spelled] : [])];
    return { ...object, logins: [...new Set(all)] };
  });
}

/** Dynamic and virtual groups that find these. */
async function groupsFinding(
  context: DirectoryContext,
  groups: Groups,
  objects: readonly NamedObject[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NamingGroup>> {
  const found = new Map<string, NamingGroup>();
  const keys = objects.map(({ key }) => key);
  for (const { key, place, searches } of await readComputedGroups(context, groups, signal)) {
    const inside = await keysAmongComputed(context, searches, keys, signal);
    const members = objects.filter((object) => inside.has(object.key));
    if (members.length > 0)
      found.set(key, { place, references: new Set(members.map((one) => dnReference(one.place))) });
  }
  return found;
}
