import type { KeyAnswer, ReadNeed, ScopeExplanation, SourceObject } from '@sallyport/engine';
import { and, eq, type Filter, LdapError, or, present, readDn } from '@sallyport/ldap';
import type { ObjectType } from '@sallyport/model';
import type { WholeEntry } from './complete-ranges.ts';
import {
  changeAttributesToRead,
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keysFilter,
  streamEntries,
} from './directory-context.ts';
import { makeObjects } from './make-objects.ts';
import { judgeEntries } from './scope/judge-entries.ts';

/** One answer for each key, wherever in the naming context the object is now. */
export async function readByKeys(
  context: DirectoryContext,
  objectType: ObjectType,
  keys: readonly string[],
  need: ReadNeed,
  signal: AbortSignal,
): Promise<readonly KeyAnswer[]> {
  const answers = new Map<string, KeyAnswer>();
  const { dialect, link } = context;
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: context.namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(dialect, chunk),
      attributes: changeAttributesToRead(context, need),
    };
    const entries: WholeEntry[] = [];
    for await (const found of streamEntries(link, request, signal)) entries.push(...found);
    const judged = await judgeEntries(context, entries, need.groups !== undefined, signal);
    const inside = judged.flatMap((item) =>
      // What is both is not gone as either: it comes with the fault that says so.
      item.verdict.inScope && (item.objectType === objectType || item.isBoth)
        ? [{ ...item, objectType }]
        : [],
    );
    for (const object of await makeObjects(context, inside, need, false, signal))
      answers.set(object.key, { key: object.key, found: 'inScope', object });
    for (const { entry, key, verdict } of judged) {
      const detail = verdict.inScope ? `it is no ${objectType} any more` : verdict.clause;
      if (!answers.has(key)) answers.set(key, { key, found: 'outOfScope', place: entry.dn, detail });
    }
  }
  return keys.map((key) => answers.get(key) ?? { key, found: 'absent' });
}

/** One object by DN, key or login name, in scope or not. */
export async function findObject(
  context: DirectoryContext,
  identifier: string,
  need: ReadNeed,
  signal: AbortSignal,
): Promise<{ readonly object: SourceObject; readonly scope: ScopeExplanation } | undefined> {
  const { dialect, link } = context;
  const withGroups = need.groups !== undefined;
  const search = async (
    base: string,
    scope: 'base' | 'sub',
    filter: Filter,
  ): Promise<readonly WholeEntry[]> => {
    try {
      const entries: WholeEntry[] = [];
      const attributes = changeAttributesToRead(context, need);
      for await (const found of streamEntries(
        link,
        { base, scope, filter, attributes, sizeLimit: 2 },
        signal,
      ))
        entries.push(...found);
      return entries;
    } catch (error) {
      if (error instanceof LdapError && (error.class === 'gone' || error.resultCode === 34)) return [];
      if (error instanceof LdapError && error.resultCode === 4) return [];
      throw error;
    }
  };
  const everywhere = context.namingContext.toString();
  const byKey = readKeyFilter(dialect.keyFilter, identifier);
  const asDn = identifier.includes('=') ? readDn(identifier) : undefined;
  let entries: readonly WholeEntry[] = [];
  if (asDn !== undefined) entries = await search(asDn.toString(), 'base', present('objectClass'));
  else if (byKey !== undefined) entries = await search(everywhere, 'sub', byKey);
  else {
    const named = or(...dialect.loginAttributes.map((name) => eq(name, identifier)));
    entries = await search(everywhere, 'sub', and(dialect.userFilter, named));
    if (entries.length === 0 && withGroups)
      entries = await search(everywhere, 'sub', and(dialect.groupFilter, eq('cn', identifier)));
  }
  const [judged] = await judgeEntries(context, entries.slice(0, 1), withGroups, signal);
  if (judged === undefined) return undefined;
  const typed = { ...judged, objectType: judged.objectType ?? ('user' as const) };
  const [object] = await makeObjects(context, [typed], need, false, signal);
  return object === undefined ? undefined : { object, scope: judged.verdict };
}

function readKeyFilter(keyFilter: (key: string) => Filter, text: string): Filter | undefined {
  if (!/^\{?[0-9a-f]{8}-[0-9a-f-]{27}\}?$/i.test(text)) return undefined;
  return keyFilter(text.replace(/[{}]/g, '').toLowerCase());
}
