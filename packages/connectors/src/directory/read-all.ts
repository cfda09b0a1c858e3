import type { ReadNeed, SourceObject } from '@sallyport/engine';
import { and } from '@sallyport/ldap';
import type { WholeEntry } from './complete-ranges.ts';
import {
  attributesToRead,
  type DirectoryContext,
  groupAttributesToRead,
  keyOf,
  streamEntries,
} from './directory-context.ts';
import { dnReference } from './group/reference.ts';
import { makeObjects } from './make-objects.ts';
import { allMembers } from './scope/source-group.ts';

/** Entries handed to the engine at once: one transaction each. */
export const BATCH_SIZE = 1000;

/** Flattened groups are held as sets; fewer of them at once keep that small. */
const FLATTENED_BATCH_SIZE = 50;

/** All people in scope. */
export async function* readPeople(
  context: DirectoryContext,
  need: ReadNeed,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceObject[], void> {
  const { dialect, scope, sourceGroup } = context;
  const both = need.groups === undefined ? undefined : await context.lookups.bothKinds(context, signal);
  const members =
    sourceGroup?.members === undefined ? undefined : await allMembers(context, sourceGroup, signal);
  const { condition } = sourceGroup ?? {};
  const request = {
    base: scope.base.toString(),
    scope: 'sub' as const,
    filter: members === undefined || condition === undefined ? scope.filter : and(scope.filter, condition),
    attributes: attributesToRead(context, need),
  };
  for await (const entries of inBatches(streamEntries(context.link, request, signal), BATCH_SIZE)) {
    const inside =
      members === undefined ? entries : entries.filter(({ entry }) => members.has(dnReference(entry.dn)));
    // Hardly ever anybody: then the entries go on as they are.
    const people =
      both === undefined || both.size === 0
        ? inside
        : inside.map((whole) => ({ ...whole, isBoth: both.has(keyOf(dialect, whole.entry)) }));
    if (people.length > 0) yield await makeObjects(context, people, need, true, signal);
  }
}

/** All groups in scope, with their members if they are wanted. */
export async function* readGroups(
  context: DirectoryContext,
  need: ReadNeed,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceObject[], void> {
  const { dialect, groupScope, memberReading } = context;
  const both = await context.lookups.bothKinds(context, signal);
  const request = {
    base: groupScope.base.toString(),
    scope: 'sub' as const,
    filter: groupScope.filter,
    attributes: groupAttributesToRead(context, need),
  };
  const size = memberReading.flattened ? FLATTENED_BATCH_SIZE : BATCH_SIZE;
  for await (const entries of inBatches(streamEntries(context.link, request, signal), size)) {
    const groups = entries
      .filter(({ entry }) => !both.has(keyOf(dialect, entry)))
      .map((whole) => ({ ...whole, objectType: 'group' as const, isBoth: context.isPerson(whole.entry) }));
    if (groups.length > 0) yield await makeObjects(context, groups, need, true, signal);
  }
}

async function* inBatches(
  stream: AsyncIterable<readonly WholeEntry[]>,
  size: number,
): AsyncGenerator<readonly WholeEntry[], void> {
  let batch: WholeEntry[] = [];
  for await (const entries of stream)
    for (const whole of entries) {
      batch.push(whole);
      if (batch.length === size) {
        yield batch;
        batch = [];
      }
    }
  if (batch.length > 0) yield batch;
}
