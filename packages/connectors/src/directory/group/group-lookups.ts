import { eq, or, parseSid, present, printSid, siblingSid } from '@sallyport/ldap';
import {
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  streamEntries,
} from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { dnReference } from './reference.ts';

/** Security identifiers of a domain's own accounts ([MS-DTYP] §2.4.2.4); others cannot be anybody's primary group. */
const DOMAIN_SID = /^S-1-5-21(?:-\d+){4}$/;

/**
 * What was looked up about groups during one reading, so that it is looked up once: the references of primary groups by
 * number, and which DNs are groups. Forgotten when the next reading begins.
 */
export class GroupLookups {
  readonly #primary = new Map<string, string>();
  readonly #asked = new Set<string>();
  #groups: Promise<ReadonlyMap<string, string>> | undefined;

  forget(): void {
    this.#primary.clear();
    this.#asked.clear();
    this.#groups = undefined;
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
