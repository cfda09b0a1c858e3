import type { BreakerState, LiveProgress, RunProgress, SourceSummary } from '@sallyport/engine';

/** What one rule is doing, for status pages; times are epoch ms. */
export interface RuleStatus {
  readonly ruleId: string;
  /** `inactive`: not in the newest revision, switched off, or its stores are. */
  readonly state: 'inactive' | 'idle' | 'running' | 'waiting';
  /** What a waiting rule waits for. */
  readonly waitsFor: string | undefined;
  readonly running: LiveProgress | undefined;
  /** Runs that somebody has been told the id of and that are not recorded yet: waiting, or just beginning. */
  readonly pending: readonly RunProgress[];
  /** Runs and decisions that were asked for and wait for the current one. */
  readonly queued: readonly string[];
  readonly last: RunProgress | undefined;
  /** The last time the source was asked with success, whether or not there was anything new. */
  readonly lastPollAt: number | undefined;
  readonly nextRunAt: number | undefined;
  readonly nextFullRunAt: number | undefined;
  readonly breaker: BreakerState;
  readonly source: SourceSummary | undefined;
  /** The source wakes the rule by itself. */
  readonly push: boolean;
}

/** The answer to somebody who asked for a run. */
export interface RunTicket {
  readonly runId: string;
  /** Undefined if it starts at once. */
  readonly waitsFor: string | undefined;
}
