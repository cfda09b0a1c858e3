import type { HelloMessage } from '@sallyport/contract';
import type { Clock, Log } from '@sallyport/runtime';
import type { DirectoryHolder } from '../directory/directory-holder.ts';
import type { Limits } from '../limits/limits.ts';
import type { ActivityMeter } from '../report/activity-meter.ts';
import type { FramePool } from './frame-pool.ts';

/** What every session of one gateway process shares. */
export interface SessionContext {
  readonly hello: HelloMessage;
  readonly directory: DirectoryHolder;
  readonly limits: Limits | undefined;
  /** Waits until an operation may start; absent without a rate limit. */
  readonly takeTurn: ((signal: AbortSignal) => Promise<void>) | undefined;
  readonly framePool: FramePool;
  readonly meter: ActivityMeter;
  readonly clock: Clock;
  readonly log: Log;
}
