import { newUuid, type OutcomeCounts } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { GuardVerdict } from '../guard/guard.ts';
import type { Distrust } from '../guard/read-trust.ts';
import { compileMappings } from '../mapping/compile-mappings.ts';
import { makeMapper } from '../mapping/map-object.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { SourceReader, SourceSummary } from '../port/source.ts';
import type { JournalEntry, RunProgress } from '../port/sync-state.ts';
import { type EngineRule, graceMs } from '../rule/engine-rule.ts';
import { permissionsFor } from '../rule/permissions.ts';
import { ruleDigest } from '../rule/rule-digest.ts';
import { BatchPlanner } from '../run/batch-planner.ts';
import { chooseRun } from '../run/choose-run.ts';
import { execute } from '../run/execute.ts';
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
 * target. What a run would settle at its end (a name given up by one person and taken by another) is shown as the conflict
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
  const mappings = compileMappings(rule, target);
  ledger.enter('opening');
  const opened = await source.open(signal);
  const digest = ruleDigest(rule);
  const choice = chooseRun('full', 'preview', undefined, await state.appliedDigest(), digest);
  const permissions = permissionsFor(rule.objectType, rule.actions);
  const planner = new BatchPlanner({
    mappings,
    mapper: makeMapper(mappings, ledger.startedAt),
    permissions,
    target,
    state,
    graceMs: graceMs(rule),
    now: () => clock.now(),
    rememberClaims: true,
  });
  const recorded = makeRecordingSink(rule.objectType, ledger, input.maxListed, input.onPlan);
  const end = await execute(
    {
      rule,
      mappings,
      permissions,
      need: { attributes: mappings.needs },
      source,
      target,
      state,
      planner,
      sink: recorded.sink,
      ledger,
      clock,
      signal,
      log,
    },
    choice,
    undefined,
  );
  const progress = ledger.ended(
    end.held.kind === 'list' || end.distrust !== undefined ? 'held' : 'completed',
    end.distrust,
  );
  ledger.enter('ended');
  ledger.report(true, progress);
  return {
    progress,
    source: opened,
    counts: progress.counts,
    plans: recorded.plans(),
    truncated: recorded.truncated(),
    guard: end.guard,
    distrust: end.distrust,
  };
}
