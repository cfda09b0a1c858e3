import type { Explanation, JournalEntry, RunProgress } from '@sallyport/engine';
import type { Uuid } from '@sallyport/model';
import type { RuleStatus } from '../../sync/rule-status.ts';

/** A finished or running preview: nothing of it is ever stored. */
export interface PreviewState {
  readonly progress: RunProgress;
  readonly ruleId: string;
  readonly plans: readonly JournalEntry[];
}

/** What the API asks of whoever runs the rules. */
export interface RuleControl {
  /** Starts a run, or queues it behind the one that is running. */
  runNow(environmentId: Uuid, ruleId: Uuid, type: 'full' | 'delta', actor: string): Promise<RunProgress>;
  /** Of the rule as it is saved now, whether or not a revision has taken it into effect. */
  startPreview(environmentId: Uuid, ruleId: Uuid): Promise<RunProgress>;
  preview(runId: string): PreviewState | undefined;
  /** Of the rule as it is saved now. */
  explain(environmentId: Uuid, ruleId: Uuid, identifier: string, signal: AbortSignal): Promise<Explanation>;
  /** Answers how many removals the list held. */
  release(environmentId: Uuid, runId: Uuid, actor: string): Promise<number>;
  discard(environmentId: Uuid, runId: Uuid, actor: string): Promise<number>;
  status(ruleId: Uuid): RuleStatus;
  /** The newest revision takes effect. */
  revisionCreated(environmentId: Uuid): Promise<void>;
  /** The environment and everything in it is gone. */
  environmentRemoved(environmentId: Uuid): Promise<void>;
}
