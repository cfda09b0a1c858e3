import { and, eq, or } from '@sallyport/ldap';
import { chunksOf, type DirectoryContext, KEYS_PER_SEARCH, keysFilter } from '../directory-context.ts';
import { dnReference } from '../group/reference.ts';
import { readEntries } from '../read-entries.ts';
import type { MemberDelta } from './member-deltas.ts';

/**
 * A user whose primary group becomes this group leaves its `member` values and is a member still ([MS-SAMR] 3.1.1.8.2: the
 * server moves the value when `primaryGroupID` is written). Takes such people off what was removed. Costs one search for
 * each hundred groups that lost members, and one for each hundred members lost.
 */
export async function withoutPrimaryMembers(
  context: DirectoryContext,
  deltas: readonly MemberDelta[],
  signal: AbortSignal,
): Promise<readonly MemberDelta[]> {
  const losing = deltas.filter(({ removed }) => removed.length > 0);
  if (losing.length === 0) return deltas;
  const relativeIds = await readRelativeIds(
    context,
    losing.map(({ key }) => key),
    signal,
  );
  const kept = new Map<string, MemberDelta>();
  for (const delta of losing) {
    const relativeId = relativeIds.get(delta.key);
    if (relativeId === undefined) continue;
    const stillMembers = await primaryMembers(
      context,
      relativeId,
      delta.removed.map(({ value }) => value),
      signal,
    );
    if (stillMembers.size > 0)
      kept.set(delta.key, {
        ...delta,
        removed: delta.removed.filter(({ reference }) => !stillMembers.has(reference)),
      });
  }
  return deltas.map((delta) => kept.get(delta.key) ?? delta);
}

/** The last sub-authority of each group's SID ([MS-DTYP] 2.4.2), which `primaryGroupID` of its people holds. */
async function readRelativeIds(
  context: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const { dialect, link, namingContext } = context;
  const found = new Map<string, number>();
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(dialect, chunk),
      attributes: [dialect.keyAttribute, 'objectSid'],
    };
    for (const entry of (await readEntries(link, request, signal)).entries) {
      const key = entry.bytes(dialect.keyAttribute);
      const sid = entry.bytes('objectSid');
      if (key !== undefined && sid !== undefined && sid.length >= 4)
        found.set(dialect.keyText(key), sid.readUInt32LE(sid.length - 4));
    }
  }
  return found;
}

async function primaryMembers(
  context: DirectoryContext,
  relativeId: number,
  dns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const chunk of chunksOf(dns, KEYS_PER_SEARCH)) {
    const request = {
      base: context.namingContext.toString(),
      scope: 'sub' as const,
      filter: and(
        eq('primaryGroupID', String(relativeId)),
        or(...chunk.map((dn) => eq('distinguishedName', dn))),
      ),
      attributes: ['1.1'],
    };
    for (const entry of (await readEntries(context.link, request, signal)).entries)
      found.add(dnReference(entry.dn));
  }
  return found;
}
