import type { Explanation, HoldSummary, Preview, RunSummary } from '@sallyport/engine';
import type { Uuid } from '@sallyport/model';
import type { ShelvedPreview } from './preview-shelf.ts';
import type { RuleSpec } from './rule-spec.ts';
import type { RuleStatus, RunTicket } from './rule-status.ts';

export interface PreviewOptions {
  /** Plans listed for each outcome; default 100. */
  readonly maxListed?: number;
  readonly signal?: AbortSignal;
}

/** Runs every active rule of every environment's newest revision. */
export interface Supervisor {
  start(): Promise<void>;
  /** `drain`: batches in flight commit before it resolves; without, it resolves at once. */
  stop(options: { readonly drain: boolean }): Promise<void>;
  /** Starts, stops and changes what the newest revision says, and nothing else. */
  revisionCreated(environmentId: Uuid): Promise<void>;
  /** @throws CodedError `RULE_NOT_FOUND`, `RULE_NOT_ACTIVE`, `STOPPING`. */
  runNow(environmentId: Uuid, ruleId: Uuid, type: 'full' | 'delta', actor: string): Promise<RunTicket>;
  /** A preview of the rule as given, saved or not; `done` rejects as the source does. It never waits for runs of the rule. */
  preview(
    spec: RuleSpec,
    options?: PreviewOptions,
  ): { readonly runId: string; readonly done: Promise<Preview> };
  /** Undefined once it is forgotten. */
  previewed(runId: string): ShelvedPreview | undefined;
  explain(spec: RuleSpec, identifier: string, signal: AbortSignal): Promise<Explanation>;
  release(environmentId: Uuid, runId: Uuid, actor: string): Promise<HoldSummary>;
  discard(environmentId: Uuid, runId: Uuid, actor: string): Promise<HoldSummary>;
  /**
   * Runs the remove action over all the rule owns. Over the guard's limits and not confirmed, the summary is `held` and
   * nothing is removed. `users` false leaves them alone: groups have a switch of their own. Forgetting the rule's links
   * afterwards is the caller's.
   */
  deprovision(
    spec: RuleSpec,
    options: { readonly confirmed: boolean; readonly actor: string; readonly users?: boolean },
  ): Promise<RunSummary>;
  /** A rule as the newest revision has it. @throws CodedError `RULE_NOT_FOUND`. */
  spec(environmentId: Uuid, ruleId: Uuid): Promise<RuleSpec>;
  /** The rules that this process runs, as the newest revision has them. */
  activeRules(): readonly RuleSpec[];
  /** Sources that were out of reach are back: rules for which `reads` is true try at once if they failed or wait for it. */
  sourceReturned(reads: (spec: RuleSpec) => boolean): void;
  status(ruleId: Uuid): RuleStatus;
}
