import { and, eq, or, parseSid, present, printSid, siblingSid } from '@sallyport/ldap';
import {
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  streamEntries,
} from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import type { Scope } from '../scope/scope.ts';
import { Arrivals } from './arrivals.ts';
import { type ComputedMembers, computedMembersOf } from './computed-members.ts';
import { dnReference } from './reference.ts';

/** A group whose members no list of its own names. */
export interface ComputedGroup extends ComputedMembers {
  readonly key: string;
  readonly place: string;
  /** Shows another group's members. */
  readonly isVirtual: boolean;
}

/** Security identifiers of a domain's own accounts ([MS-DTYP] §2.4.2.4); others cannot be anybody's primary group. */
const DOMAIN_SID = /^S-1-5-21(?:-\d+){4}$/;

/**
 * What was looked up about groups during one reading, so that it is looked up once: the references of primary groups by
 * number, and which DNs are groups. Forgotten when the next reading begins.
 */
export class GroupLookups {
  readonly #primary = new Map<string, string>();
  readonly #asked = new Set<string>();
  readonly arrivals = new Arrivals();
  #groups: Promise<ReadonlyMap<string, string>> | undefined;
  #computed: readonly ComputedGroup[] = [];
  #both: ReadonlySet<string> | undefined;

  forget(): void {
    this.#primary.clear();
    this.#asked.clear();
    this.arrivals.forget();
    this.#groups = undefined;
    this.#computed = [];
    this.#both = undefined;
  }

  /** Keys of people in scope who are groups as well: none nearly everywhere, for one search by object class. */
  async bothKinds(context: DirectoryContext, signal: AbortSignal): Promise<ReadonlySet<string>> {
    this.#both ??= await readBothKinds(context, signal);
    return this.#both;
  }

  /** Groups of the rule whose members are found by searches, as `readComputedGroups` found them; none before. */
  get computedGroups(): readonly ComputedGroup[] {
    return this.#computed;
  }

  async readComputedGroups(context: DirectoryContext, signal: AbortSignal): Promise<void> {
    this.#computed = await readComputedGroups(context, context.groupScope, signal);
  }

  /** References of groups by the numbers that people have as `primaryGroupID`; a number that is no group is missing. */
  async primaryGroups(
    context: DirectoryContext,
    numbers: Iterable<string>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const unknown = [...new Set(numbers)].filter(
      (number) => /^\d{1,10}$/.test(number) && !this.#asked.has(number),
    );
    if (unknown.length === 0) return this.#primary;
    const domain = await readDomainSid(context, signal);
    for (const chunk of domain === undefined ? [] : chunksOf(unknown, KEYS_PER_SEARCH)) {
      const request = {
        base: context.namingContext.toString(),
        scope: 'sub' as const,
        filter: or(
          ...chunk.map((number) => eq('objectSid', parseSid(siblingSid(`${domain}-0`, Number(number))))),
        ),
        attributes: ['objectSid'],
      };
      for (const entry of (await readEntries(context.link, request, signal)).entries) {
        const number = relativeIdOf(entry.bytes('objectSid'));
        if (number !== undefined) this.#primary.set(number, dnReference(entry.dn));
      }
    }
    for (const number of unknown) this.#asked.add(number);
    return this.#primary;
  }

  /** Keys of all groups of the naming context, in the rule's scope or not, by their reference. */
  groups(context: DirectoryContext, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    this.#groups ??= readGroupKeys(context, signal).catch((error: unknown) => {
      this.#groups = undefined;
      throw error;
    });
    return this.#groups;
  }
}

/** Those groups of a scope whose members are found by searches. */
export async function readComputedGroups(
  context: DirectoryContext,
  groups: Pick<Scope, 'base' | 'filter'>,
  signal: AbortSignal,
): Promise<readonly ComputedGroup[]> {
  const { dialect, link, schema } = context;
  const { target, urls } = dialect.memberAttributes;
  const attributes = [urls, target]
    .filter((name) => name !== undefined)
    .filter((name) => schema.attribute(name) !== undefined);
  if (attributes.length === 0) return [];
  const computed: ComputedGroup[] = [];
  const request = {
    base: groups.base.toString(),
    scope: 'sub' as const,
    filter: and(groups.filter, dialect.computedGroupFilter),
    attributes: [dialect.keyAttribute, ...attributes],
  };
  for await (const entries of streamEntries(link, request, signal))
    for (const { entry } of entries)
      computed.push({
        key: keyOf(dialect, entry),
        place: entry.dn,
        isVirtual: target !== undefined && entry.has(target),
        ...computedMembersOf(context, entry),
      });
  return computed;
}

/** The number by which people name a group as their primary one; undefined for groups that cannot be. */
export function relativeIdOf(sid: Buffer | undefined): string | undefined {
  if (sid === undefined) return undefined;
  const text = printSid(sid);
  return DOMAIN_SID.test(text) ? text.slice(text.lastIndexOf('-') + 1) : undefined;
}

async function readDomainSid(context: DirectoryContext, signal: AbortSignal): Promise<string | undefined> {
  const { entries } = await readEntries(
    context.link,
    {
      base: context.namingContext.toString(),
      scope: 'base',
      filter: present('objectClass'),
      attributes: ['objectSid'],
      pageSize: 0,
    },
    signal,
  );
  const sid = entries[0]?.bytes('objectSid');
  return sid === undefined ? undefined : printSid(sid);
}

async function readGroupKeys(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { dialect, link, namingContext } = context;
  const keys = new Map<string, string>();
  const request = {
    base: namingContext.toString(),
    scope: 'sub' as const,
    filter: dialect.groupFilter,
    attributes: [dialect.keyAttribute],
  };
  for await (const entries of streamEntries(link, request, signal))
    for (const { entry } of entries) keys.set(dnReference(entry.dn), keyOf(dialect, entry));
  return keys;
}

async function readBothKinds(context: DirectoryContext, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { dialect, link, scope } = context;
  // Both classes are structural in Active Directory: no entry has the two.
  if (dialect.name === 'activeDirectory') return new Set();
  const request = {
    base: scope.base.toString(),
    scope: 'sub' as const,
    filter: and(scope.filter, dialect.groupFilter),
    attributes: [dialect.keyAttribute],
  };
  const { entries } = await readEntries(link, request, signal);
  return new Set(entries.map((entry) => keyOf(dialect, entry)));
}
