import {
  and,
  eq,
  type LazyEntry,
  LdapError,
  LdapTextError,
  type LdapUrl,
  parseLdapUrl,
  present,
} from '@sallyport/ldap';
import {
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  streamEntries,
} from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { dnReference } from './reference.ts';

/** Why a group's members cannot be told. */
export interface GroupFault {
  readonly code: string;
  readonly message: string;
}

export interface ComputedMembers {
  readonly searches: readonly LdapUrl[];
  /** DNs of the groups that a virtual one shows. */
  readonly targets: readonly string[];
  readonly fault: GroupFault | undefined;
}

/**
 * The searches that find a dynamic group's members (`memberURL`), or those of the group that a virtual one shows. A group
 * with an unreadable URL has a fault: taken as nobody, it would lose everybody.
 */
export function computedMembersOf(context: DirectoryContext, entry: LazyEntry): ComputedMembers {
  const { urls, target } = context.dialect.memberAttributes;
  const searches: LdapUrl[] = [];
  let fault: GroupFault | undefined;
  for (const text of urls === undefined ? [] : entry.values(urls)) {
    try {
      searches.push(parseLdapUrl(text));
    } catch (error) {
      if (!(error instanceof LdapTextError)) throw error;
      fault ??= urlFault(text, error.message);
    }
  }
  const { allGroupsAttribute } = context.dialect;
  const targets = target === undefined || allGroupsAttribute === undefined ? [] : entry.values(target);
  for (const dn of targets)
    searches.push({
      base: context.namingContext.toString(),
      scope: 'sub',
      filter: eq(allGroupsAttribute ?? '', dn),
    });
  return { searches, targets, fault };
}

/**
 * Whoever the searches find, as references. A virtual group in which nobody is found although its target names members is
 * taken for unreadable: `isMemberOf` needs a right of its own.
 */
export async function findComputedMembers(
  context: DirectoryContext,
  { searches, targets }: Pick<ComputedMembers, 'searches' | 'targets'>,
  signal: AbortSignal,
): Promise<{ readonly members: ReadonlySet<string>; readonly fault: GroupFault | undefined }> {
  const members = new Set<string>();
  for (const search of searches) {
    try {
      const request = { ...search, attributes: ['1.1'] };
      for await (const entries of streamEntries(context.link, request, signal))
        for (const { entry } of entries) members.add(dnReference(entry.dn));
    } catch (error) {
      if (!isMissingBase(error)) throw error;
      return { members, fault: urlFault(search.base, 'its base does not exist, or may not be read') };
    }
  }
  if (members.size === 0)
    for (const target of targets)
      if (await namesMembers(context, target, signal))
        return { members, fault: urlFault(target, 'it has members, but isMemberOf finds none of them') };
  return { members, fault: undefined };
}

async function namesMembers(context: DirectoryContext, group: string, signal: AbortSignal): Promise<boolean> {
  const { dns } = context.dialect.memberAttributes;
  const request = {
    base: group,
    scope: 'base' as const,
    filter: present('objectClass'),
    attributes: dns,
    pageSize: 0,
  };
  try {
    const { entries } = await readEntries(context.link, request, signal);
    return entries.some((entry) => dns.some((name) => entry.count(name) > 0));
  } catch (error) {
    if (!isMissingBase(error)) throw error;
    return false;
  }
}

/** Which of these keys the searches find: what one change of a person costs, whatever the size of the group. */
export async function keysAmongComputed(
  context: DirectoryContext,
  searches: readonly LdapUrl[],
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const search of searches)
    for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
      const request = {
        ...search,
        filter: and(search.filter, keysFilter(context.dialect, chunk)),
        attributes: [context.dialect.keyAttribute],
      };
      try {
        for await (const entries of streamEntries(context.link, request, signal))
          for (const { entry } of entries) found.add(keyOf(context.dialect, entry));
      } catch (error) {
        if (!isMissingBase(error)) throw error;
      }
    }
  return found;
}

function isMissingBase(error: unknown): boolean {
  return error instanceof LdapError && (error.class === 'gone' || error.resultCode === 34);
}

function urlFault(url: string, why: string): GroupFault {
  return {
    code: 'GROUP_MEMBERS_UNREADABLE',
    message: `The members of this group are found by ${JSON.stringify(url.slice(0, 300))}, which cannot be followed: ${why}`,
  };
}
