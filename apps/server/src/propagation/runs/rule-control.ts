import type { Explanation, JournalEntry, RunProgress } from '@sallyport/engine';
import type { Uuid } from '@sallyport/model';

/** How a rule stands at this moment, beside what the store knows of it. */
export interface RuleState {
  readonly running: RunProgress | undefined;
  /** Epoch ms of the next scheduled run. */
  readonly nextRunAt: number | undefined;
  readonly strategy: string | undefined;
  readonly strategyReason: string | undefined;
  readonly warnings: readonly string[];
  readonly breaker: {
    readonly open: boolean;
    readonly failures: number;
    readonly reason: string | undefined;
  };
}

/** A finished or running preview: nothing of it is ever stored. */
export interface PreviewState {
  readonly progress: RunProgress;
  readonly ruleId: Uuid;
  readonly plans: readonly JournalEntry[];
}

/** What the API asks of whoever runs the rules. */
export interface RuleControl {
  /** Starts a run, or answers the one that is running already. */
  runNow(environmentId: Uuid, ruleId: Uuid, type: 'full' | 'delta', reason: string): Promise<RunProgress>;
  startPreview(environmentId: Uuid, ruleId: Uuid, reason: string): Promise<RunProgress>;
  preview(runId: string): PreviewState | undefined;
  explain(environmentId: Uuid, ruleId: Uuid, identifier: string, signal: AbortSignal): Promise<Explanation>;
  /** Answers how many removals the list held. */
  release(environmentId: Uuid, ruleId: Uuid, runId: Uuid, actor: string): Promise<number>;
  discard(environmentId: Uuid, ruleId: Uuid, runId: Uuid, actor: string): Promise<number>;
  /** Undefined for a rule that no revision has taken into effect. */
  state(environmentId: Uuid, ruleId: Uuid): RuleState | undefined;
  revisionCreated(environmentId: Uuid): Promise<void>;
  environmentRemoved(environmentId: Uuid): Promise<void>;
}
