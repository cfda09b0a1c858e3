import { type Position, PositionLost, type ReadNeed, type SourceChange } from '@sallyport/engine';
import { type DirectoryContext, keyOf, streamEntries } from '../directory-context.ts';
import type { SourceGroup } from '../scope/source-group.ts';
import type { SourceGroupMemory } from '../scope/source-group-memory.ts';
import type { ChangeStrategy } from './change-strategy.ts';
import { readPositionValue } from './position-value.ts';
import { rereadKeys } from './reread.ts';
import { resolveDns } from './resolve-dns.ts';

/** More people than this who came and went are read faster with everybody else. */
const MAX_MOVERS = 20_000;

interface GroupPosition {
  /** What `SourceGroup.state` was. */
  readonly sourceGroup: string;
  /** The position of the strategy itself. */
  readonly inner: string;
}

interface SourceGroupParts {
  readonly memory: SourceGroupMemory;
  /** The state of the group now, for it may have changed since the source was opened. */
  readonly stateNow: (signal: AbortSignal) => Promise<string | undefined>;
}

/**
 * A strategy for a rule about the members of one group. Who joins and who leaves, no feed says of the people; so the
 * position remembers the state of the group and of those in it. At another state whoever came or went is read again, told
 * apart by the members that are remembered; where they are not, a full read follows. People who are deleted, disabled or
 * changed come with the strategy's own stream.
 */
export function ofSourceGroup(
  context: DirectoryContext,
  strategy: ChangeStrategy,
  { memory, stateNow }: SourceGroupParts,
): ChangeStrategy {
  const { sourceGroup } = context;
  if (sourceGroup === undefined) return strategy;
  const { stillHolds } = strategy;

  const wrap = (position: Position): Position => ({
    strategy: position.strategy,
    value: JSON.stringify({ sourceGroup: sourceGroup.state, inner: position.value } satisfies GroupPosition),
  });
  const unwrap = (position: Position): Position & { readonly state: string } => {
    const value = readPositionValue<GroupPosition>(position, strategy.name, ['sourceGroup', 'inner']);
    return { strategy: position.strategy, value: value.inner, state: value.sourceGroup };
  };

  /** Before anything is told, so that nobody counts as told who came in later. */
  async function membersOf(state: string, signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    if (state !== sourceGroup?.state) return readMembers(context, signal);
    const known = memory.recall(state);
    if (known !== undefined || sourceGroup.members !== undefined) return known ?? sourceGroup.members;
    // The server judges here, and its answer may be newer than the state: then nobody knows whom it had told of.
    const members = await readMembers(context, signal);
    return (await stateNow(signal)) === state ? members : undefined;
  }

  return {
    ...strategy,
    containersOf: (position) => strategy.containersOf(unwrap(position)),
    async currentPosition(signal) {
      return wrap(await strategy.currentPosition(signal));
    },
    ...(stillHolds === undefined
      ? {}
      : { stillHolds: (position, signal) => stillHolds.call(strategy, unwrap(position), signal) }),
    async *changesSince(position, need, signal) {
      const last = unwrap(position);
      const before = last.state === sourceGroup.state ? undefined : memory.recall(last.state);
      if (last.state !== sourceGroup.state && before === undefined)
        throw new PositionLost(
          'members of the source group changed, and who was in it is not remembered since the server started',
        );
      const now = await membersOf(last.state, signal);
      const movers = before === undefined || now === undefined ? [] : differences(before, now);
      if (movers.length > MAX_MOVERS)
        throw new PositionLost(
          `${movers.length} members of the source group changed: reading everybody costs less`,
        );
      const end = yield* strategy.changesSince(last, need, signal);
      yield* rereadMovers(context, sourceGroup, movers, need, signal);
      if (now !== undefined) memory.remember(sourceGroup.state, now);
      return wrap(end);
    },
  };
}

function differences(before: ReadonlySet<string>, now: ReadonlySet<string>): readonly string[] {
  const movers: string[] = [];
  for (const member of now) if (!before.has(member)) movers.push(member);
  for (const member of before) if (!now.has(member)) movers.push(member);
  return movers;
}

/** References as the groups name them; where the server judges, the keys of those in scope that it finds. */
async function readMembers(context: DirectoryContext, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { dialect, link, scope, sourceGroup } = context;
  if (sourceGroup?.members !== undefined) return sourceGroup.members;
  const keys = new Set<string>();
  const request = {
    base: scope.base.toString(),
    scope: 'sub' as const,
    filter: scope.filter,
    attributes: [dialect.keyAttribute],
  };
  for await (const entries of streamEntries(link, request, signal))
    for (const { entry } of entries) keys.add(keyOf(dialect, entry));
  return keys;
}

/** Who was deleted or renamed is not found by the name that the group had; the strategy's own stream tells of them. */
async function* rereadMovers(
  context: DirectoryContext,
  sourceGroup: SourceGroup,
  movers: readonly string[],
  need: ReadNeed,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceChange[], void> {
  if (movers.length === 0) return;
  const dns = movers.flatMap((reference) => (reference.startsWith('dn:') ? [reference.slice(3)] : []));
  const keys =
    sourceGroup.members === undefined
      ? movers
      : [...new Set((await resolveDns(context, dns, signal)).values())];
  for (const key of keys) context.lookups.arrivals.note(key);
  for await (const { changes } of rereadKeys(context, keys, need, signal)) yield changes;
}
