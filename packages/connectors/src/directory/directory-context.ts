import type { ReadNeed } from '@sallyport/engine';
import {
  and,
  type DirectoryLink,
  type Dn,
  type Filter,
  type LazyEntry,
  or,
  readDn,
  type Schema,
} from '@sallyport/ldap';
import { type CompletedValues, completeRangedEntries, type WholeEntry } from './complete-ranges.ts';
import type { AccountState, Dialect } from './dialect/dialect.ts';
import { readEntries } from './read-entries.ts';
import type { RootDse } from './root-dse.ts';
import { makeScopeJudge, type Scope, type ScopeVerdict } from './scope/scope.ts';
import { CORRELATION, DirectoryObject } from './source-object.ts';

/** Keys asked for in one search: 100 GUIDs make a filter of about 4 KB, far below any server's limit. */
export const KEYS_PER_SEARCH = 100;

/** Everything a strategy knows about the directory and the rule's scope; made by `open`. */
export interface DirectoryContext {
  readonly link: DirectoryLink;
  readonly rootDse: RootDse;
  readonly dialect: Dialect;
  readonly account: AccountState | undefined;
  readonly scope: Scope;
  /** The naming context of the scope's base: where moved entries are still to be found. */
  readonly namingContext: Dn;
  readonly schema: Schema;
}

/** Pseudo-attributes the source objects make themselves. */
const MADE_HERE = new Set(['dn', 'active', CORRELATION]);

/** What a full read asks for: the key, the account flag if it is needed, the mapped attributes; each once. */
export function attributesToRead(
  context: DirectoryContext,
  need: ReadNeed,
  more: readonly string[] = [],
): readonly string[] {
  const names = new Map<string, string>();
  const account = context.account?.attributes ?? [];
  for (const name of [context.dialect.keyAttribute, ...account, ...need.attributes, ...more]) {
    const lower = name.toLowerCase();
    if (!MADE_HERE.has(lower) && !names.has(lower)) names.set(lower, name);
  }
  return [...names.values()];
}

export function toSourceObject(
  context: DirectoryContext,
  entry: LazyEntry,
  fingerprinted: boolean,
  completed?: CompletedValues,
): DirectoryObject {
  return new DirectoryObject(entry, context.dialect, context.account, fingerprinted, completed);
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

export interface JudgedEntry extends WholeEntry {
  readonly key: string;
  readonly verdict: ScopeVerdict;
}

/**
 * Says of each entry whether it is the rule's business. By our own evaluation where the filter allows it, which costs
 * nothing; else one search for every hundred entries asks the server which of them its filter lets through.
 */
export async function judgeEntries(
  context: DirectoryContext,
  entries: readonly WholeEntry[],
  signal: AbortSignal,
): Promise<readonly JudgedEntry[]> {
  const { dialect, scope, schema } = context;
  const keyed = entries.map(({ entry, completed }) => {
    const bytes = entry.bytes(dialect.keyAttribute);
    return { entry, completed, key: bytes === undefined ? '' : dialect.keyText(bytes) };
  });
  const judge = makeScopeJudge(scope, dialect, schema);
  if (judge !== undefined) return keyed.map((item) => ({ ...item, verdict: judge(item.entry) }));
  const passing = await passingKeys(
    context,
    keyed.filter(({ entry }) => readDn(entry.dn)?.isWithin(scope.base) === true).map(({ key }) => key),
    signal,
  );
  return keyed.map((item) => ({
    ...item,
    verdict: passing.has(item.key)
      ? { inScope: true, clause: 'the server finds it with the filter of the rule' }
      : { inScope: false, clause: 'the server does not find it with the base and filter of the rule' },
  }));
}

async function passingKeys(
  context: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const passing = new Set<string>();
  const { dialect, link, scope } = context;
  for (const chunk of chunksOf(
    keys.filter((key) => key !== ''),
    KEYS_PER_SEARCH,
  )) {
    const filter = and(scope.filter, keysFilter(dialect, chunk));
    const request = {
      base: scope.base.toString(),
      scope: 'sub' as const,
      filter,
      attributes: [dialect.keyAttribute],
    };
    const { entries } = await readEntries(link, request, signal);
    for (const entry of entries) {
      const bytes = entry.bytes(dialect.keyAttribute);
      if (bytes !== undefined) passing.add(dialect.keyText(bytes));
    }
  }
  return passing;
}

export function keysFilter(dialect: Dialect, keys: readonly string[]): Filter {
  return or(...keys.map((key) => dialect.keyFilter(key)));
}

export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
