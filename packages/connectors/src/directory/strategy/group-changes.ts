import type { ReadNeed, SourceChange } from '@sallyport/engine';
import { and, or, present, readDn } from '@sallyport/ldap';
import {
  changeAttributesToRead,
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  streamEntries,
} from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { toChanges } from './containers.ts';
import { settleLeavers } from './dirsync-leavers.ts';
import type { MemberDelta, MemberDeltas } from './member-deltas.ts';

/**
 * What a change feed collected about groups, told after everybody else, so that the engine knows the people of a group by
 * their new places: groups read whole, then members value by value of those of which nothing else changed.
 */
export async function* groupChanges(
  context: DirectoryContext,
  deltas: MemberDeltas,
  need: ReadNeed,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceChange[], void> {
  // Values say who came and went directly; what that means for everybody below takes the whole group.
  if (context.memberReading.flattened) for (const { key } of deltas.deltas) deltas.readWhole(key);
  const tellsKeys = context.dialect.name === 'activeDirectory';
  const losing = deltas.deltas.flatMap(({ key, removed }) => (removed.length > 0 ? [key] : []));
  if (!tellsKeys)
    for (const key of await groupsOfSeveralLists(context, losing, signal)) deltas.readWhole(key);
  for (const chunk of chunksOf(deltas.whole, KEYS_PER_SEARCH)) {
    const request = {
      base: context.namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(context.dialect, chunk),
      attributes: changeAttributesToRead(context, need),
    };
    for await (const entries of streamEntries(context.link, request, signal))
      yield await toChanges(context, entries, need, signal);
  }
  const inScope = await groupsInScope(context, deltas.deltas, signal);
  const net = tellsKeys ? await settleLeavers(context, inScope, signal) : inScope;
  const changes = net.flatMap(({ key, added, removed }): readonly SourceChange[] =>
    added.length + removed.length === 0
      ? []
      : [
          {
            kind: 'members',
            key,
            added: added.map(({ reference }) => reference),
            removed: removed.map(({ reference }) => reference),
          },
        ],
  );
  if (changes.length > 0) yield changes;
}

/**
 * The rule's own groups: others the engine would have to read whole, only to learn that they are none of its business.
 * What moved in or out, or changed so that the filter says otherwise, is among those read whole.
 */
async function groupsInScope(
  context: DirectoryContext,
  deltas: readonly MemberDelta[],
  signal: AbortSignal,
): Promise<readonly MemberDelta[]> {
  const { dialect, groupScope, link } = context;
  const below = deltas.filter(({ place }) => readDn(place)?.isWithin(groupScope.base) === true);
  if (groupScope.condition === undefined) return below;
  const passing = new Set<string>();
  for (const chunk of chunksOf(below, KEYS_PER_SEARCH)) {
    const keys = chunk.map(({ key }) => key);
    const request = {
      base: groupScope.base.toString(),
      scope: 'sub' as const,
      filter: and(groupScope.filter, keysFilter(dialect, keys)),
      attributes: [dialect.keyAttribute],
    };
    for (const entry of (await readEntries(link, request, signal)).entries)
      passing.add(keyOf(dialect, entry));
  }
  return below.filter(({ key }) => passing.has(key));
}

/** Which of these groups name members in more than one way (`member` beside `uniqueMember`): who went from one list may be in another. */
async function groupsOfSeveralLists(
  context: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { dialect, link, namingContext } = context;
  const { dns, logins, target, urls } = dialect.memberAttributes;
  const lists = [...dns, logins, urls, target].filter((name) => name !== undefined).map(present);
  const pairs = lists.flatMap((one, index) => lists.slice(index + 1).map((other) => and(one, other)));
  const several: string[] = [];
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: namingContext.toString(),
      scope: 'sub' as const,
      filter: and(keysFilter(dialect, chunk), or(...pairs)),
      attributes: [dialect.keyAttribute],
    };
    const { entries } = await readEntries(link, request, signal);
    several.push(...entries.map((entry) => keyOf(dialect, entry)));
  }
  return several;
}
