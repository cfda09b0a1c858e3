import { and, eq, type LazyEntry, or } from '@sallyport/ldap';
import type { WholeEntry } from '../complete-ranges.ts';
import {
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  loginReferenceAttribute,
  streamEntries,
} from '../directory-context.ts';
import type { Membership } from '../source-object.ts';
import { computedMembersOf, findComputedMembers, type GroupFault } from './computed-members.ts';
import { relativeIdOf } from './group-lookups.ts';
import { dnReference, loginReference, memberReference } from './reference.ts';

export interface ReadMembership {
  readonly membership: Membership;
  readonly fault: GroupFault | undefined;
}

/**
 * The direct members of each group of a batch. DNs in the entry stay undecoded until somebody iterates; login names,
 * primary groups and searches are resolved here, for the whole batch at once where that is possible.
 */
export async function readMemberships(
  context: DirectoryContext,
  groups: readonly WholeEntry[],
  signal: AbortSignal,
): Promise<readonly ReadMembership[]> {
  const logins = await resolveLogins(
    context,
    groups.flatMap(({ entry }) => loginsOf(context, entry)),
    signal,
  );
  const numbers = groups.map(({ entry }) =>
    context.memberReading.primaryGroups ? relativeIdOf(entry.bytes('objectSid')) : undefined,
  );
  const primary = await primaryMembers(
    context,
    numbers.filter((number) => number !== undefined),
    signal,
  );
  const read: ReadMembership[] = [];
  for (const [index, whole] of groups.entries()) {
    const computed = computedMembersOf(context, whole.entry);
    const found = await findComputedMembers(context, computed, signal);
    const foreign = [
      ...loginsOf(context, whole.entry).flatMap((login) => logins.get(loginReference(login)) ?? []),
      ...(primary.get(numbers[index] ?? '') ?? []),
      ...found.members,
    ];
    const own = membersInEntry(context, whole);
    read.push({
      membership: { members: foreign.length === 0 ? own : joined(own, foreign), foreign },
      fault: computed.fault ?? found.fault,
    });
  }
  return read;
}

/** The members that the entry itself names by DN, decoded as they are iterated; may be iterated again. */
function membersInEntry(context: DirectoryContext, { entry, completed }: WholeEntry): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (const name of context.dialect.memberAttributes.dns) {
        const whole = completed?.get(name.toLowerCase());
        if (whole !== undefined) for (const value of whole) yield memberReference(value.toString());
        else for (const value of entry.values(name)) yield memberReference(value);
      }
    },
  };
}

function joined(own: Iterable<string>, foreign: readonly string[]): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      yield* new Set([...own, ...foreign]);
    },
  };
}

function loginsOf(context: DirectoryContext, entry: LazyEntry): readonly string[] {
  const { logins } = context.dialect.memberAttributes;
  return logins === undefined ? [] : entry.values(logins);
}

/**
 * The references of the people with these login names, below the base of the rule; a name that nobody has stays a
 * reference of its own, which somebody who arrives later answers to. Keyed by `loginReference`.
 */
export async function resolveLogins(
  context: DirectoryContext,
  logins: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const resolved = new Map<string, string[]>();
  const wanted = new Map(logins.map((login) => [loginReference(login), login.trim()]));
  for (const [reference] of wanted) resolved.set(reference, []);
  const attribute = loginReferenceAttribute(context) ?? 'uid';
  for (const chunk of chunksOf([...wanted.values()], KEYS_PER_SEARCH)) {
    const request = {
      base: context.scope.base.toString(),
      scope: 'sub' as const,
      filter: and(context.dialect.userFilter, or(...chunk.map((login) => eq(attribute, login)))),
      attributes: [context.dialect.keyAttribute, attribute],
    };
    for await (const entries of streamEntries(context.link, request, signal))
      for (const { entry } of entries)
        for (const login of entry.values(attribute)) {
          const reference = loginReference(login);
          const asNamed = wanted.get(reference);
          if (asNamed === undefined) continue;
          resolved.get(reference)?.push(dnReference(entry.dn));
          context.logins.remember(keyOf(context.dialect, entry), asNamed);
        }
  }
  for (const [reference, people] of resolved) if (people.length === 0) people.push(reference);
  return resolved;
}

/** The rule's people whose primary group one of these is, by its number. `primaryGroupID` is indexed. */
async function primaryMembers(
  context: DirectoryContext,
  numbers: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const members = new Map<string, string[]>(numbers.map((number) => [number, []]));
  for (const chunk of chunksOf(numbers, KEYS_PER_SEARCH)) {
    const request = {
      base: context.scope.base.toString(),
      scope: 'sub' as const,
      filter: and(context.scope.filter, or(...chunk.map((number) => eq('primaryGroupID', number)))),
      attributes: ['primaryGroupID'],
    };
    for await (const entries of streamEntries(context.link, request, signal))
      for (const { entry } of entries)
        members.get(entry.first('primaryGroupID') ?? '')?.push(dnReference(entry.dn));
  }
  return members;
}
