import { type Position, PositionLost } from '@sallyport/engine';
import type { DirectoryContext } from '../directory-context.ts';
import type { ChangeStrategy } from './change-strategy.ts';
import { readPositionValue } from './position-value.ts';

interface GroupPosition {
  /** What `SourceGroup.state` was. */
  readonly sourceGroup: string;
  /** The position of the strategy itself. */
  readonly inner: string;
}

/**
 * A strategy for a rule about the members of one group. Who joins and who leaves, no feed says of the people; so the
 * position remembers the state of the group and of those in it. Another state means a full read, which costs the members
 * and no more. People who are deleted, disabled or changed come with the strategy's own stream.
 */
export function ofSourceGroup(context: DirectoryContext, strategy: ChangeStrategy): ChangeStrategy {
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

  return {
    ...strategy,
    async currentPosition(signal) {
      return wrap(await strategy.currentPosition(signal));
    },
    ...(stillHolds === undefined
      ? {}
      : { stillHolds: (position, signal) => stillHolds.call(strategy, unwrap(position), signal) }),
    async *changesSince(position, need, signal) {
      const last = unwrap(position);
      if (last.state !== sourceGroup.state) throw new PositionLost('members of the source group changed');
      return wrap(yield* strategy.changesSince(last, need, signal));
    },
  };
}
