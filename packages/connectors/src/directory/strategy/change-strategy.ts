import { type Position, PositionLost, type ReadNeed, type SourceChange } from '@sallyport/engine';
import type { KnownContainers } from './containers.ts';

/**
 * One way of learning what changed in a directory. A change is a hint: the strategy brings the object as it is now, and
 * the engine compares.
 */
export interface ChangeStrategy {
  readonly name: StrategyName;
  /** Why this one was chosen, shown to the operator. */
  readonly reason: string;
  readonly warnings: readonly string[];
  /** Whether deletions come with the changes; if not, only full runs notice them. */
  readonly deletionsSeen: boolean;
  /** Whether of what is outside the bases nothing is told; see `SourceSummary`. */
  readonly followsBasesOnly?: true;
  /** Whether it notes in the look-ups who may have come into scope (`Arrivals`); if not, anybody who changed may have. */
  readonly tellsArrivals: boolean;
  /** Where the directory is now. Taken before a full read starts, so that nothing between is lost. May throw StrategyLost. */
  currentPosition(signal: AbortSignal): Promise<Position>;
  /** Whether a full read that began at this position ended at the server that gave it. Absent: positions hold anywhere. */
  stillHolds?(position: Position, signal: AbortSignal): Promise<boolean>;
  /** Returns the new position; throws PositionLost if only a full read helps, StrategyLost among it. */
  changesSince(
    position: Position,
    need: ReadNeed,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SourceChange[], Position>;
  /** The containers that a position knows, by key. */
  containersOf(position: Position): KnownContainers;
  /** Yields when the directory says that something changed, groups too if they are read. Absent: there is only polling. */
  hints?(groupsAreRead: boolean, signal: AbortSignal): AsyncIterable<void>;
}

export const STRATEGY_NAMES = ['dirsync', 'usn', 'changelog', 'syncrepl', 'timestamp'] as const;
export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** The account may not go this way any more, whatever the position: the full read that follows goes by another one. */
export class StrategyLost extends PositionLost {
  constructor(reason: string) {
    super(reason);
    this.name = 'StrategyLost';
  }
}
