import type { WholeEntry } from '../complete-ranges.ts';
import {
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  memberAttributesOf,
  streamEntries,
} from '../directory-context.ts';
import type { GroupFault } from './computed-members.ts';
import { type ReadMembership, readMemberships } from './read-memberships.ts';
import { dnReference } from './reference.ts';

/** Members of nested groups that are kept for the next group that holds the same ones: about 100 MB at most. */
const MAX_KEPT_REFERENCES = 500_000;

/** The direct members of one group, groups apart from everything else. */
export interface SplitMembers {
  readonly others: readonly string[];
  readonly groups: readonly string[];
  readonly fault: GroupFault | undefined;
}

/**
 * Everybody below each of these groups, over any number of groups between, in the rule's scope or not, and no group
 * itself. Groups that contain each other are walked once. A group without groups in it is passed through undecoded but
 * for the look at its members.
 */
export async function flattenMemberships(
  context: DirectoryContext,
  groups: readonly WholeEntry[],
  direct: readonly ReadMembership[],
  signal: AbortSignal,
): Promise<readonly ReadMembership[]> {
  if (groups.length === 0) return direct;
  const known = await context.lookups.groups(context, signal);
  const kept = new NestedMembers(context, known, signal);
  const flattened: ReadMembership[] = [];
  for (const [index, { entry }] of groups.entries()) {
    const read = direct[index];
    if (read === undefined) continue;
    const nested = [...groupsAmong(read.membership.members, known)];
    if (nested.length === 0) flattened.push(read);
    else flattened.push(await flattenOne(kept, dnReference(entry.dn), read, nested, known));
  }
  return flattened;
}

async function flattenOne(
  kept: NestedMembers,
  self: string,
  read: ReadMembership,
  nested: readonly string[],
  known: ReadonlyMap<string, string>,
): Promise<ReadMembership> {
  const members = new Set<string>();
  for (const reference of read.membership.members) if (!known.has(reference)) members.add(reference);
  const seen = new Set([self, ...nested]);
  let fault = read.fault;
  for (let level = nested.filter((reference) => reference !== self); level.length > 0; ) {
    const next: string[] = [];
    for (const split of await kept.read(level)) {
      fault ??= split.fault;
      for (const reference of split.others) members.add(reference);
      for (const reference of split.groups)
        if (!seen.has(reference)) {
          seen.add(reference);
          next.push(reference);
        }
    }
    level = next;
  }
  return { membership: { members, foreign: [...members] }, fault };
}

/** Direct members of groups that are in others, read by key a hundred at once and kept as long as they are few. */
class NestedMembers {
  readonly #context: DirectoryContext;
  readonly #known: ReadonlyMap<string, string>;
  readonly #signal: AbortSignal;
  readonly #kept = new Map<string, SplitMembers>();
  #size = 0;

  constructor(context: DirectoryContext, known: ReadonlyMap<string, string>, signal: AbortSignal) {
    this.#context = context;
    this.#known = known;
    this.#signal = signal;
  }

  async read(references: readonly string[]): Promise<readonly SplitMembers[]> {
    const found = references.flatMap((reference) => this.#kept.get(reference) ?? []);
    const missing = references.filter((reference) => !this.#kept.has(reference));
    if (missing.length === 0) return found;
    if (this.#size > MAX_KEPT_REFERENCES) {
      this.#kept.clear();
      this.#size = 0;
    }
    for await (const [reference, split] of readSplitMembers(
      this.#context,
      missing,
      this.#known,
      this.#signal,
    )) {
      this.#kept.set(reference, split);
      this.#size += split.others.length + split.groups.length;
      found.push(split);
    }
    return found;
  }
}

/** The direct members of groups that are known by reference, groups apart. A group that is gone by now is left out. */
export async function* readSplitMembers(
  context: DirectoryContext,
  references: readonly string[],
  known: ReadonlyMap<string, string>,
  signal: AbortSignal,
): AsyncGenerator<readonly [string, SplitMembers], void> {
  const keys = references.flatMap((reference) => known.get(reference) ?? []);
  for await (const entries of readGroupsByKey(context, keys, signal)) {
    const read = await readMemberships(context, entries, signal);
    for (const [index, { entry }] of entries.entries()) {
      const one = read[index];
      if (one === undefined) continue;
      const others: string[] = [];
      const groups: string[] = [];
      for (const reference of one.membership.members)
        (known.has(reference) ? groups : others).push(reference);
      yield [dnReference(entry.dn), { others, groups, fault: one.fault }];
    }
  }
}

/** Groups by key, with the attributes that say who is in them and whatever else is asked for. */
export async function* readGroupsByKey(
  context: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
  more: readonly string[] = [],
): AsyncGenerator<readonly WholeEntry[], void> {
  const { dialect, link, namingContext } = context;
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(dialect, chunk),
      attributes: [dialect.keyAttribute, ...memberAttributesOf(context), ...more],
    };
    for await (const entries of streamEntries(link, request, signal))
      yield entries.filter(({ entry }) => keyOf(dialect, entry) !== '');
  }
}

function* groupsAmong(
  members: Iterable<string>,
  known: ReadonlyMap<string, string>,
): Generator<string, void> {
  for (const reference of members) if (known.has(reference)) yield reference;
}
