import { and, type LazyEntry, readDn } from '@sallyport/ldap';
import type { ObjectType } from '@sallyport/model';
import type { WholeEntry } from '../complete-ranges.ts';
import { chunksOf, type DirectoryContext, KEYS_PER_SEARCH, keyOf, keysFilter } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import type { Scope, ScopeJudge, ScopeVerdict } from './scope.ts';
import { membersAmong } from './source-group.ts';

export interface JudgedEntry extends WholeEntry {
  readonly key: string;
  /** Undefined if its object classes say neither, or say both of an entry that is in no scope. */
  readonly objectType: ObjectType | undefined;
  /** A person and a group at once: nobody can say what is meant. */
  readonly isBoth: boolean;
  readonly verdict: ScopeVerdict;
}

/**
 * Says of each entry what it is and whether it is the rule's business: the object class decides. By our own evaluation
 * where the filter allows it, which costs nothing; else one search for every hundred entries asks the server which of
 * them its filter lets through. Without groups everything is measured as a person.
 */
export async function judgeEntries(
  context: DirectoryContext,
  entries: readonly WholeEntry[],
  withGroups: boolean,
  signal: AbortSignal,
): Promise<readonly JudgedEntry[]> {
  const classed = entries.map((whole) => ({
    ...whole,
    key: keyOf(context.dialect, whole.entry),
    isGroup: withGroups && context.isGroup(whole.entry),
    isPerson: withGroups && context.isPerson(whole.entry),
  }));
  const asPeople = await verdicts(
    context,
    context.scope,
    context.judge,
    classed.filter(({ isGroup, isPerson }) => isPerson || !isGroup),
    signal,
  );
  await askSourceGroup(context, asPeople, signal);
  const asGroups = await verdicts(
    context,
    context.groupScope,
    context.groupJudge,
    classed.filter(({ isGroup }) => isGroup),
    signal,
  );
  return classed.map(({ entry, completed, key, isGroup, isPerson }): JudgedEntry => {
    const person = asPeople.get(entry);
    const group = asGroups.get(entry);
    const isBoth = isGroup && isPerson;
    const judged = { entry, completed, key, isBoth };
    if (isBoth && person?.inScope !== true && group?.inScope !== true)
      return { ...judged, objectType: undefined, verdict: person ?? OUTSIDE };
    if (group !== undefined && (!isBoth || person?.inScope !== true))
      return { ...judged, objectType: 'group', verdict: group };
    return {
      ...judged,
      objectType: isPerson || !withGroups ? 'user' : undefined,
      verdict: person ?? OUTSIDE,
    };
  });
}

/** Where the filter cannot say who belongs to the source group. */
async function askSourceGroup(
  context: DirectoryContext,
  people: Map<LazyEntry, ScopeVerdict>,
  signal: AbortSignal,
): Promise<void> {
  const { sourceGroup } = context;
  if (sourceGroup?.members === undefined) return;
  const inside = [...people].filter(([, verdict]) => verdict.inScope).map(([entry]) => entry);
  const members = await membersAmong(context, sourceGroup, inside, signal);
  for (const entry of inside)
    if (!members.has(entry))
      people.set(entry, {
        inScope: false,
        clause: `${entry.dn} is no member of ${sourceGroup.dn.toString()}`,
      });
}

const OUTSIDE: ScopeVerdict = { inScope: false, clause: 'it is neither a person nor a group' };

async function verdicts(
  context: DirectoryContext,
  scope: Scope,
  judge: ScopeJudge | undefined,
  entries: readonly (WholeEntry & { readonly key: string })[],
  signal: AbortSignal,
): Promise<Map<LazyEntry, ScopeVerdict>> {
  if (judge !== undefined) return new Map(entries.map(({ entry }) => [entry, judge(entry)]));
  const below = entries.filter(({ entry }) => readDn(entry.dn)?.isWithin(scope.base) === true);
  const passing = await passingKeys(
    context,
    scope,
    below.map(({ key }) => key),
    signal,
  );
  return new Map(
    entries.map(({ entry, key }) => [
      entry,
      passing.has(key)
        ? { inScope: true, clause: 'the server finds it with the filter of the rule' }
        : { inScope: false, clause: 'the server does not find it with the base and filter of the rule' },
    ]),
  );
}

async function passingKeys(
  context: DirectoryContext,
  scope: Scope,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const passing = new Set<string>();
  const { dialect, link } = context;
  for (const chunk of chunksOf(
    keys.filter((key) => key !== ''),
    KEYS_PER_SEARCH,
  )) {
    const request = {
      base: scope.base.toString(),
      scope: 'sub' as const,
      filter: and(scope.filter, keysFilter(dialect, chunk)),
      attributes: [dialect.keyAttribute],
    };
    const { entries } = await readEntries(link, request, signal);
    for (const entry of entries) passing.add(keyOf(dialect, entry));
  }
  return passing;
}
