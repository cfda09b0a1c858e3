import { newUuid, type OutcomeCounts } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { GuardVerdict } from '../guard/guard.ts';
import type { Distrust } from '../guard/read-trust.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { SourceReader, SourceSummary } from '../port/source.ts';
import type { JournalEntry, RunProgress } from '../port/sync-state.ts';
import type { EngineRule } from '../rule/engine-rule.ts';
import { ruleDigest } from '../rule/rule-digest.ts';
import { chooseRun } from '../run/choose-run.ts';
import { execute } from '../run/execute.ts';
import { compileRule, makeRunParts } from '../run/make-parts.ts';
import { verdictOf } from '../run/run-end.ts';
import { type LiveProgress, RunLedger } from '../run/run-ledger.ts';
import { makeRecordingSink } from './recording-sink.ts';

export interface PreviewInput {
  readonly source: SourceReader;
  /** Reading halves only (`readableTarget`, `readableState`, `emptyState` for a rule never saved). */
  readonly target: ReadableTarget;
  readonly state: ReadableState;
  readonly rule: EngineRule;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  /** Plans kept in the answer, per outcome; counting goes on. */
  readonly maxListed: number;
  /** Hears every plan that is more than `unchanged`, in the order of the reading. */
  readonly onPlan?: (plan: PreviewedPlan) => void;
  readonly onProgress?: (progress: LiveProgress) => void;
  readonly runId?: string;
}

/** What would be written into the journal. */
export type PreviewedPlan = Omit<JournalEntry, 'at'>;

export interface Preview {
  readonly progress: RunProgress;
  readonly source: SourceSummary;
  readonly counts: OutcomeCounts;
  readonly plans: readonly PreviewedPlan[];
  /** There are more plans than are listed. */
  readonly truncated: boolean;
  readonly guard: GuardVerdict | undefined;
  readonly distrust: Distrust | undefined;
}

/**
 * A full run on ports that cannot write: the same reading, mapping, matching, deciding and guarding, with a list for a
 * target. Memberships of new objects are shown by what the preview has seen, so a group that comes before the group in it
 * shows that one as waiting. What a run would settle at its end (a name given up by one person and taken by another) is shown as the conflict
 * it is at first. @throws CodedError as the source does, and for faulty mappings.
 */
export async function previewRule(input: PreviewInput): Promise<Preview> {
  const { rule, target, state, source, signal, clock, log } = input;
  const ledger = new RunLedger({
    runId: input.runId ?? newUuid(),
    type: 'preview',
    reason: 'preview',
    clock,
    report: input.onProgress,
  });
  const mappings = compileRule(rule, target);
  ledger.enter('opening');
  const opened = await source.open(signal);
  const applied = await state.appliedDigest();
  const choice = chooseRun('full', 'preview', undefined, applied, ruleDigest(rule));
  const recorded = makeRecordingSink(ledger, input.maxListed, input.onPlan);
  const parts = makeRunParts({
    rule,
    mappings,
    source,
    target,
    state,
    ledger,
    clock,
    signal,
    log,
    sinkOf: recorded.sinkOf,
    preview: true,
    recovering: false,
    relink: false,
  });
  const end = await execute(parts, choice, undefined);
  const verdict = verdictOf(end, parts.memberships);
  const progress = ledger.ended(verdict.status, verdict.error);
  ledger.enter('ended');
  ledger.report(true, progress);
  return {
    progress,
    source: opened,
    counts: progress.counts,
    plans: recorded.plans(),
    truncated: recorded.truncated(),
    guard: verdict.guard,
    distrust: verdict.distrust,
  };
}
