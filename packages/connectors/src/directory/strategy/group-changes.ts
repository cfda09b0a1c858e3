import type { ReadNeed, SourceChange } from '@sallyport/engine';
import { readDn } from '@sallyport/ldap';
import {
  changeAttributesToRead,
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keysFilter,
  streamEntries,
} from '../directory-context.ts';
import { toChanges } from './containers.ts';
import { withoutPrimaryMembers } from './dirsync-primary-groups.ts';
import type { MemberDeltas } from './member-deltas.ts';

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
  // Elsewhere it cannot be the rule's group: what moved in or out is among those read whole.
  const inBase = deltas.deltas.filter(
    ({ place }) => readDn(place)?.isWithin(context.groupScope.base) === true,
  );
  const net = context.memberReading.primaryGroups
    ? await withoutPrimaryMembers(context, inBase, signal)
    : inBase;
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
