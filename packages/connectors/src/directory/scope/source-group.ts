import { createHash } from 'node:crypto';
import {
  and,
  type Dn,
  eq,
  extensible,
  type Filter,
  type LazyEntry,
  LdapError,
  type LdapUrl,
  or,
  parseDn,
  present,
  RESULT_CODE,
} from '@sallyport/ldap';
import { CodedError, type InboundSettings } from '@sallyport/model';
import { completeRangedEntries, type WholeEntry } from '../complete-ranges.ts';
import {
  chunksOf,
  type DirectoryContext,
  DNS_PER_SEARCH,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  memberAttributesOf,
  streamEntries,
} from '../directory-context.ts';
import { computedMembersOf, findComputedMembers, keysAmongComputed } from '../group/computed-members.ts';
import { readGroupsByKey } from '../group/flatten.ts';
import { relativeIdOf } from '../group/group-lookups.ts';
import { readMemberships } from '../group/read-memberships.ts';
import { dnReference } from '../group/reference.ts';

/** LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS 3.1.1.3.4.4.3). */
const IN_CHAIN = '1.2.840.113556.1.4.1941';

/** How long a group has to have kept its second-granular stamp before a list read after it counts as the last word. */
const SETTLED_AFTER_MS = 2_000;

/** The group whose members a rule is about, as it was when the source was opened. */
export interface SourceGroup {
  readonly dn: Dn;
  /** Says membership within a search; undefined where the server has nothing to be asked for it. */
  readonly condition: Filter | undefined;
  /** References of everybody in it; undefined where `condition` is the only judge. */
  readonly members: ReadonlySet<string> | undefined;
  /** Keys of the groups that were walked for it; empty where `condition` is the only judge. */
  readonly keys: ReadonlySet<string>;
  /** Searches that tell further members: those of dynamic groups, asked anew each time because nothing tells of them. */
  readonly searches: readonly LdapUrl[];
  /** Equal texts mean equal members. */
  readonly state: string;
}

/** A member list as it was read, and the stamps that say whether it still holds. */
export interface KeptSourceGroup {
  readonly group: SourceGroup;
  /** By key: change number or time of each group that was walked. */
  readonly stamps: ReadonlyMap<string, string>;
  /** When these stamps were first seen and when the list was last read: milliseconds of a monotonic clock. */
  readonly stampsSeenAtMs: number;
  readonly readAtMs: number;
  /** Whether two changes cannot have the same stamp. */
  readonly exact: boolean;
}

/**
 * Reads the group, and with `nested` the groups in it, unless what was `kept` from the last look still holds.
 * @throws CodedError SOURCE_GROUP_NOT_FOUND if it is not there, not readable, or no group: never "nobody"
 */
export async function readSourceGroup(
  context: DirectoryContext,
  settings: InboundSettings,
  kept: KeptSourceGroup | undefined,
  signal: AbortSignal,
): Promise<KeptSourceGroup | undefined> {
  if (settings.sourceGroupDn === undefined) return undefined;
  const dn = parseDn(settings.sourceGroupDn);
  const root = await readRoot(context, dn, signal);
  if (context.dialect.name === 'activeDirectory')
    return readOnActiveDirectory(context, dn, root, settings.nestedGroupSearch, signal);
  const now = performance.now();
  if (kept?.stamps.has(keyOf(context.dialect, root.entry)) === true) {
    const stamps = await readStamps(context, [...kept.stamps.keys()], signal);
    const same =
      stamps.size === kept.stamps.size && [...stamps].every(([key, stamp]) => kept.stamps.get(key) === stamp);
    if (same) {
      if (kept.exact || kept.readAtMs - kept.stampsSeenAtMs >= SETTLED_AFTER_MS) return kept;
      return {
        ...(await walk(context, dn, root, settings.nestedGroupSearch, now, signal)),
        stampsSeenAtMs: kept.stampsSeenAtMs,
      };
    }
  }
  return walk(context, dn, root, settings.nestedGroupSearch, now, signal);
}

/** Which of these entries of people belong to the group. */
export async function membersAmong(
  context: DirectoryContext,
  group: SourceGroup,
  entries: readonly LazyEntry[],
  signal: AbortSignal,
): Promise<ReadonlySet<LazyEntry>> {
  const members = new Set<LazyEntry>();
  const open: LazyEntry[] = [];
  for (const entry of entries)
    if (group.members?.has(dnReference(entry.dn)) === true) members.add(entry);
    else open.push(entry);
  if (open.length === 0) return members;
  const keys = open.map((entry) => keyOf(context.dialect, entry)).filter((key) => key !== '');
  const found =
    group.searches.length === 0 ? undefined : await keysAmongComputed(context, group.searches, keys, signal);
  const unknown: LazyEntry[] = [];
  for (const entry of open)
    if (found?.has(keyOf(context.dialect, entry)) === true) members.add(entry);
    else unknown.push(entry);
  for (const entry of await namedAmong(context, group, unknown, signal)) members.add(entry);
  return members;
}

/**
 * Which of those that the list as it was read does not name, the groups name all the same. OpenLDAP's refint writes the new
 * name of somebody who was renamed into the group and leaves the group's change number as it was, so that the list counts
 * as unchanged. One search for each fifty people, and one more for each of those fifty where there is such a one.
 */
async function namedAmong(
  context: DirectoryContext,
  group: SourceGroup,
  entries: readonly LazyEntry[],
  signal: AbortSignal,
): Promise<readonly LazyEntry[]> {
  const { dialect, link, namingContext } = context;
  const isNamed = async (some: readonly LazyEntry[]): Promise<boolean> => {
    const named = some.flatMap(({ dn }) => dialect.memberAttributes.dns.map((name) => eq(name, dn)));
    const request = {
      base: namingContext.toString(),
      scope: 'sub' as const,
      filter: and(dialect.groupFilter, or(...named)),
      attributes: [dialect.keyAttribute],
    };
    let isFound = false;
    for await (const groups of streamEntries(link, request, signal))
      isFound ||= groups.some(({ entry }) => group.keys.has(keyOf(dialect, entry)));
    return isFound;
  };
  const named: LazyEntry[] = [];
  for (const some of group.keys.size === 0 ? [] : chunksOf(entries, DNS_PER_SEARCH))
    if (await isNamed(some)) for (const entry of some) if (await isNamed([entry])) named.push(entry);
  return named;
}

/** Everybody in the group now, for a reading of all of them. */
export async function allMembers(
  context: DirectoryContext,
  group: SourceGroup,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (group.searches.length === 0) return group.members ?? new Set();
  const { members, fault } = await findComputedMembers(context, { ...group, targets: [] }, signal);
  if (fault !== undefined) throw unreadable(group.dn, fault.message);
  return new Set([...(group.members ?? []), ...members]);
}

async function readRoot(context: DirectoryContext, dn: Dn, signal: AbortSignal): Promise<WholeEntry> {
  try {
    const request = {
      base: dn.toString(),
      scope: 'base' as const,
      filter: present('objectClass'),
      attributes: rootAttributes(context),
      pageSize: 0,
    };
    for await (const bytes of context.link.search(request, { signal }))
      for (const whole of await completeRangedEntries(context.link, bytes, signal)) {
        if (!context.isGroup(whole.entry))
          throw unreadable(dn, 'its object classes do not say that it is a group');
        if (keyOf(context.dialect, whole.entry) === '')
          throw unreadable(dn, `${context.dialect.keyAttribute} is not readable`);
        return whole;
      }
  } catch (error) {
    if (!(error instanceof LdapError) || (error.class !== 'gone' && error.resultCode !== 34)) throw error;
    throw unreadable(dn, 'it does not exist, or the bind account may not read it', error);
  }
  throw unreadable(dn, 'it does not exist, or the bind account may not read it');
}

function rootAttributes(context: DirectoryContext): readonly string[] {
  const more =
    context.dialect.name === 'activeDirectory' ? ['uSNChanged', 'objectSid'] : memberAttributesOf(context);
  return [context.dialect.keyAttribute, 'objectClass', ...STAMPS, ...more];
}

function unreadable(dn: Dn, why: string, cause?: unknown): CodedError {
  return new CodedError(
    'SOURCE_GROUP_NOT_FOUND',
    `The source group ${dn.toString()} cannot be used: ${why}. Correct SOURCE_GROUP_DN or grant the right; until then nobody is read and nobody is removed.`,
    cause === undefined ? {} : { cause },
  );
}

/** Active Directory judges by itself: `memberOf`, in chain if asked for, and the numbers of primary groups. */
async function readOnActiveDirectory(
  context: DirectoryContext,
  dn: Dn,
  root: WholeEntry,
  nested: boolean,
  signal: AbortSignal,
): Promise<KeptSourceGroup> {
  const { dialect, link, memberReading, namingContext } = context;
  const belongs = nested
    ? extensible({ attribute: 'memberOf', matchingRule: IN_CHAIN, value: dn.toString() })
    : eq('memberOf', dn.toString());
  const groups: LazyEntry[] = [root.entry];
  if (nested) {
    const request = {
      base: namingContext.toString(),
      scope: 'sub' as const,
      filter: and(dialect.groupFilter, belongs),
      attributes: [dialect.keyAttribute, 'uSNChanged', 'objectSid'],
    };
    for await (const entries of streamEntries(link, request, signal))
      for (const { entry } of entries) groups.push(entry);
  }
  const stamps = new Map<string, string>();
  const numbers = new Set<string>();
  for (const entry of groups) {
    stamps.set(keyOf(dialect, entry), entry.first('uSNChanged') ?? '');
    const number = memberReading.primaryGroups ? relativeIdOf(entry.bytes('objectSid')) : undefined;
    if (number !== undefined) numbers.add(number);
  }
  const condition = or(belongs, ...[...numbers].map((number) => eq('primaryGroupID', number)));
  const now = performance.now();
  return {
    group: {
      dn,
      condition,
      members: undefined,
      keys: new Set(),
      searches: [],
      state: digestOf([...stamps].map((pair) => pair.join(' '))),
    },
    stamps,
    stampsSeenAtMs: now,
    readAtMs: now,
    exact: true,
  };
}

/** Any other server: the member lists themselves, level by level. */
async function walk(
  context: DirectoryContext,
  dn: Dn,
  root: WholeEntry,
  nested: boolean,
  now: number,
  signal: AbortSignal,
): Promise<KeptSourceGroup> {
  const { dialect, lookups } = context;
  const known = nested ? await lookups.groups(context, signal) : new Map<string, string>();
  const members = new Set<string>();
  const searches: LdapUrl[] = [];
  const stamps = new Map<string, string>();
  const take = async (groups: readonly WholeEntry[]): Promise<readonly string[]> => {
    const inside: string[] = [];
    const read = await readMemberships(context, groups, signal);
    for (const [index, { entry }] of groups.entries()) {
      const one = read[index];
      if (one?.fault !== undefined) throw unreadable(dn, one.fault.message);
      stamps.set(keyOf(dialect, entry), stampOf(entry).text);
      const computed = computedMembersOf(context, entry).searches;
      searches.push(...computed);
      // Whoever a search finds now may not be found a moment later: such members are asked for, not kept.
      const found = computed.length === 0 ? undefined : new Set(one?.membership.foreign);
      for (const reference of one?.membership.members ?? [])
        if (known.has(reference)) inside.push(known.get(reference) ?? '');
        else if (found?.has(reference) !== true) members.add(reference);
    }
    return inside.filter((key) => !stamps.has(key));
  };
  let exact = stampOf(root.entry).exact;
  const first = await take([root]);
  const hasGroups = first.length > 0;
  for (let level = first; level.length > 0; ) {
    const next: string[] = [];
    for await (const entries of readGroupsByKey(context, [...new Set(level)], signal, STAMPS)) {
      exact &&= entries.every(({ entry }) => stampOf(entry).exact);
      next.push(...(await take(entries)));
    }
    level = next.filter((key) => !stamps.has(key));
  }
  return {
    group: {
      dn,
      condition: nested || !hasGroups ? await askableCondition(context, dn, members, signal) : undefined,
      members,
      keys: new Set(stamps.keys()),
      searches,
      state: digestOf([...members, ...searches.map((search) => JSON.stringify(search))]),
    },
    stamps,
    stampsSeenAtMs: now,
    readAtMs: now,
    exact,
  };
}

/**
 * Where the server computes of each person which groups hold them, nested ones too, a search for it spares reading the
 * whole base; provided that the account may ask, which one member who is found proves.
 */
async function askableCondition(
  context: DirectoryContext,
  dn: Dn,
  members: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Filter | undefined> {
  const { allGroupsAttribute } = context.dialect;
  if (allGroupsAttribute === undefined || members.size === 0) return undefined;
  const filter = eq(allGroupsAttribute, dn.toString());
  const request = {
    base: context.scope.base.toString(),
    scope: 'sub' as const,
    filter,
    attributes: ['1.1'],
    sizeLimit: 1,
  };
  try {
    for await (const entries of streamEntries(context.link, request, signal))
      if (entries.length > 0) return filter;
  } catch (error) {
    // More than the one that was asked for is the best answer (RFC 4511 §4.1.9, sizeLimitExceeded).
    if (error instanceof LdapError && error.resultCode === RESULT_CODE.sizeLimitExceeded) return filter;
    if (!(error instanceof LdapError) || error.class !== 'refused') throw error;
  }
  return undefined;
}

/** OpenLDAP's change number tells changes within a second apart; `modifyTimestamp` (RFC 4512 §3.4.2) need not. */
const STAMPS = ['entryCSN', 'modifyTimestamp'];

function stampOf(entry: LazyEntry): { readonly text: string; readonly exact: boolean } {
  const csn = entry.first('entryCSN');
  return csn === undefined
    ? { text: entry.first('modifyTimestamp') ?? '', exact: false }
    : { text: csn, exact: true };
}

async function readStamps(
  context: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const stamps = new Map<string, string>();
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: context.namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(context.dialect, chunk),
      attributes: [context.dialect.keyAttribute, ...STAMPS],
    };
    for await (const entries of streamEntries(context.link, request, signal))
      for (const { entry } of entries) stamps.set(keyOf(context.dialect, entry), stampOf(entry).text);
  }
  return stamps;
}

function digestOf(parts: readonly string[]): string {
  const digest = createHash('sha256');
  for (const part of [...parts].sort()) digest.update(part).update('\0');
  return digest.digest('base64url').slice(0, 22);
}
