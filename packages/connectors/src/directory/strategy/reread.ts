import type { ReadNeed, SourceChange } from '@sallyport/engine';
import { attributesOf, type LazyEntry } from '@sallyport/ldap';
import type { WholeEntry } from '../complete-ranges.ts';
import {
  attributesToRead,
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  streamEntries,
} from '../directory-context.ts';
import { isContainer, toChanges } from './containers.ts';

/** What a change feed named only by key, looked up. */
export interface Reread {
  /** People as they are now, in scope or gone out of it. */
  readonly changes: readonly SourceChange[];
  readonly containers: readonly RereadContainer[];
  /** Keys of groups: to be read with their members when everything else has been told. */
  readonly groups: readonly string[];
  /** Keys that are nowhere in the naming context, or not to be seen. */
  readonly absent: readonly string[];
}

export interface RereadContainer {
  readonly key: string;
  readonly dn: string;
  readonly entry: LazyEntry;
}

/**
 * Change feeds say that something about an object changed, and little of what it is: everything named is read again, a
 * hundred keys in one search, and sorted by object class.
 */
export async function* rereadKeys(
  context: DirectoryContext,
  keys: readonly string[],
  need: ReadNeed,
  signal: AbortSignal,
  more: readonly string[] = [],
): AsyncGenerator<Reread, void> {
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const absent = new Set(chunk);
    const people: WholeEntry[] = [];
    const containers: RereadContainer[] = [];
    const groups: string[] = [];
    const request = {
      base: context.namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(context.dialect, chunk),
      attributes: attributesToRead(context, need, [
        'objectClass',
        ...attributesOf(context.scope.filter),
        ...more,
      ]),
    };
    for await (const entries of streamEntries(context.link, request, signal))
      for (const whole of entries) {
        const key = keyOf(context.dialect, whole.entry);
        absent.delete(key);
        if (need.groups !== undefined && context.isGroup(whole.entry)) groups.push(key);
        else if (isContainer(context, whole.entry))
          containers.push({ key, dn: whole.entry.dn, entry: whole.entry });
        else people.push(whole);
      }
    const changes = await toChanges(context, people, need, signal);
    yield { changes, containers, groups, absent: [...absent] };
  }
}
