import { chunksOf, type DirectoryContext, KEYS_PER_SEARCH, keyOf, keysFilter } from '../directory-context.ts';
import { relativeIdOf } from '../group/group-lookups.ts';
import { dnReference } from '../group/reference.ts';
import { readEntries } from '../read-entries.ts';
import type { MemberDelta, MemberValue } from './member-deltas.ts';

interface Leaver {
  readonly reference: string;
  /** Number of the primary group. */
  readonly primaryGroup: string | undefined;
}

/**
 * Looks at those who went from groups once more, by GUID. A user whose primary group becomes this one leaves its `member`
 * values and is a member still ([MS-SAMR] 3.1.1.8.2: the server moves the value when `primaryGroupID` is written). And
 * Samba tells a value that went by the name its holder bore then, where Active Directory tells the present one. Costs one
 * search for each hundred members that went and, with primary groups, one for each hundred groups that lost somebody.
 */
export async function settleLeavers(
  context: DirectoryContext,
  deltas: readonly MemberDelta[],
  signal: AbortSignal,
): Promise<readonly MemberDelta[]> {
  const losing = deltas.filter(({ removed }) => removed.length > 0);
  if (losing.length === 0) return deltas;
  const leavers = await readLeavers(context, keysOf(losing), signal);
  const numbers = context.memberReading.primaryGroups
    ? await readRelativeIds(
        context,
        losing.map(({ key }) => key),
        signal,
      )
    : new Map<string, string>();
  return deltas.map((delta) => {
    const number = numbers.get(delta.key);
    const removed = delta.removed.flatMap((value): readonly MemberValue[] => {
      const found = value.key === undefined ? undefined : leavers.get(value.key);
      if (found === undefined) return [value];
      if (number !== undefined && found.primaryGroup === number) return [];
      return [{ ...value, reference: found.reference }];
    });
    return { ...delta, removed };
  });
}

function keysOf(deltas: readonly MemberDelta[]): readonly string[] {
  const keys = deltas.flatMap(({ removed }) => removed.flatMap(({ key }) => key ?? []));
  return [...new Set(keys)];
}

async function readLeavers(
  context: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Leaver>> {
  const found = new Map<string, Leaver>();
  for await (const [key, entry] of entriesByKey(context, keys, ['primaryGroupID'], signal))
    found.set(key, { reference: dnReference(entry.dn), primaryGroup: entry.first('primaryGroupID') });
  return found;
}

/** The last sub-authority of each group's SID ([MS-DTYP] 2.4.2), which `primaryGroupID` of its people holds. */
async function readRelativeIds(
  context: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const [key, entry] of entriesByKey(context, keys, ['objectSid'], signal)) {
    const relativeId = relativeIdOf(entry.bytes('objectSid'));
    if (relativeId !== undefined) found.set(key, relativeId);
  }
  return found;
}

async function* entriesByKey(
  context: DirectoryContext,
  keys: readonly string[],
  attributes: readonly string[],
  signal: AbortSignal,
) {
  const { dialect, link, namingContext } = context;
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(dialect, chunk),
      attributes: [dialect.keyAttribute, ...attributes],
    };
    for (const entry of (await readEntries(link, request, signal)).entries)
      yield [keyOf(dialect, entry), entry] as const;
  }
}
