import type { ReadNeed } from '@sallyport/engine';
import {
  attributesOf,
  type DirectoryLink,
  type Dn,
  type Filter,
  type LazyEntry,
  or,
  type Schema,
} from '@sallyport/ldap';
import type { InboundSettings } from '@sallyport/model';
import { completeRangedEntries, type WholeEntry } from './complete-ranges.ts';
import { CORRELATION } from './correlation.ts';
import type { AccountState, Dialect } from './dialect/dialect.ts';
import type { GroupLookups } from './group/group-lookups.ts';
import type { LoginMemory } from './group/login-memory.ts';
import type { RootDse } from './root-dse.ts';
import type { Scope, ScopeJudge } from './scope/scope.ts';
import type { SourceGroup } from './scope/source-group.ts';

/** Keys asked for in one search: 100 GUIDs make a filter of about 4 KB, far below any server's limit. */
export const KEYS_PER_SEARCH = 100;
/** DNs are longer than keys. */
export const DNS_PER_SEARCH = 50;

/** Everything a strategy knows about the directory and the rule's scope; made by `open`. */
export interface DirectoryContext {
  readonly link: DirectoryLink;
  readonly rootDse: RootDse;
  readonly dialect: Dialect;
  readonly account: AccountState | undefined;
  /** Which people; with a source group, those of it alone (see `sourceGroup`). */
  readonly scope: Scope;
  /** Undefined where only the server can tell. */
  readonly judge: ScopeJudge | undefined;
  readonly groupScope: Scope;
  readonly groupJudge: ScopeJudge | undefined;
  /** Undefined unless the rule is about the members of one group. */
  readonly sourceGroup: SourceGroup | undefined;
  readonly isPerson: (entry: LazyEntry) => boolean;
  readonly isGroup: (entry: LazyEntry) => boolean;
  readonly memberReading: MemberReading;
  readonly lookups: GroupLookups;
  readonly logins: LoginMemory;
  /** The naming context of the scope's base: where moved entries are still to be found. */
  readonly namingContext: Dn;
  readonly schema: Schema;
}

/** How the rule wants members to be read. */
export interface MemberReading {
  readonly flattened: boolean;
  /** Whether primary groups count; false also where the directory has none. */
  readonly primaryGroups: boolean;
}

export function memberReadingOf(settings: InboundSettings, dialect: Dialect): MemberReading {
  return {
    flattened: settings.nestedGroups === 'Flattened',
    primaryGroups: dialect.hasPrimaryGroups && settings.primaryGroupMemberships,
  };
}

/** Pseudo-attributes the source objects make themselves. */
const MADE_HERE = new Set(['dn', 'active', CORRELATION]);

/** What a full read of people asks for: the key, the account flag if it is needed, the mapped attributes; each once. */
export function attributesToRead(
  context: DirectoryContext,
  need: ReadNeed,
  more: readonly string[] = [],
): readonly string[] {
  return once([
    context.dialect.keyAttribute,
    ...(context.account?.attributes ?? []),
    ...need.attributes,
    ...(need.groups?.members === true ? membershipAttributesOfPeople(context) : []),
    ...more,
  ]);
}

/** What a full read of groups asks for. */
export function groupAttributesToRead(
  context: DirectoryContext,
  need: ReadNeed,
  more: readonly string[] = [],
): readonly string[] {
  return once([
    context.dialect.keyAttribute,
    'objectClass',
    ...(need.groups?.attributes ?? []),
    ...(need.groups?.members === true ? memberAttributesOf(context) : []),
    ...more,
  ]);
}

/** What a search asks for that may find both, and whose entries are judged: the attributes of the filters too. */
export function changeAttributesToRead(
  context: DirectoryContext,
  need: ReadNeed,
  more: readonly string[] = [],
): readonly string[] {
  return once([
    ...attributesToRead(context, need, ['objectClass', ...attributesOf(context.scope.filter)]),
    ...searchedAttributes(context),
    ...(need.groups === undefined
      ? []
      : groupAttributesToRead(context, need, attributesOf(context.groupScope.filter))),
    ...more,
  ]);
}

/** Attributes of people by which groups find them: a change of one may be a change of members. */
function searchedAttributes(context: DirectoryContext): readonly string[] {
  const searches = [
    ...context.lookups.computedGroups.flatMap((group) => group.searches),
    ...(context.sourceGroup?.searches ?? []),
  ];
  const computed = context.dialect.allGroupsAttribute?.toLowerCase();
  return searches
    .flatMap(({ filter }) => attributesOf(filter))
    .filter((name) => name.toLowerCase() !== computed);
}

/** Attributes of a group by which its members are found. */
export function memberAttributesOf(context: DirectoryContext): readonly string[] {
  const { dns, logins, urls, target } = context.dialect.memberAttributes;
  return [
    ...dns,
    ...[logins, urls, target].filter((name) => name !== undefined),
    ...(context.memberReading.primaryGroups ? ['objectSid'] : []),
  ];
}

function membershipAttributesOfPeople(context: DirectoryContext): readonly string[] {
  const login = loginReferenceAttribute(context);
  return [
    ...(login === undefined ? [] : [login]),
    ...(context.memberReading.primaryGroups ? ['primaryGroupID'] : []),
  ];
}

/** The attribute whose values `memberUid` holds; undefined where the directory has no such groups. */
export function loginReferenceAttribute(context: DirectoryContext): string | undefined {
  const { logins } = context.dialect.memberAttributes;
  return logins !== undefined && context.schema.attribute(logins) !== undefined ? 'uid' : undefined;
}

/** The lowest place that holds people and groups of the rule. */
export function commonBase(context: DirectoryContext): Dn {
  const people = context.scope.base;
  let base = context.groupScope.base;
  while (!people.isWithin(base)) base = base.parent ?? context.namingContext;
  return base;
}

function once(all: readonly string[]): readonly string[] {
  const names = new Map<string, string>();
  for (const name of all) {
    const lower = name.toLowerCase();
    if (!MADE_HERE.has(lower) && !names.has(lower)) names.set(lower, name);
  }
  return [...names.values()];
}

/** Entries of a streamed search, whole, one batch for each buffer the link delivers. */
export async function* streamEntries(
  link: DirectoryLink,
  request: Parameters<DirectoryLink['search']>[0],
  signal: AbortSignal,
): AsyncGenerator<readonly WholeEntry[], void> {
  for await (const bytes of link.search(request, { signal }))
    yield await completeRangedEntries(link, bytes, signal);
}

export function keyOf(dialect: Dialect, entry: LazyEntry): string {
  const bytes = entry.bytes(dialect.keyAttribute);
  return bytes === undefined ? '' : dialect.keyText(bytes);
}

export function keysFilter(dialect: Dialect, keys: readonly string[]): Filter {
  return or(...keys.map((key) => dialect.keyFilter(key)));
}

export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
