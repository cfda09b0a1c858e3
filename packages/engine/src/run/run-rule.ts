import { CodedError, newUuid, OUTCOMES } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { GuardVerdict } from '../guard/guard.ts';
import { readableState, readableTarget } from '../port/readable.ts';
import type { Position, SourceReader, SourceSummary } from '../port/source.ts';
import type { HeldRemoval, RunProgress, SyncState } from '../port/sync-state.ts';
import type { TargetPort } from '../port/target.ts';
import type { EngineRule } from '../rule/engine-rule.ts';
import { readsGroups, ruleDigest } from '../rule/rule-digest.ts';
import { chooseRun } from './choose-run.ts';
import { execute } from './execute.ts';
import type { ExecutionEnd } from './execution.ts';
import { compileRule, makeRunParts, syncsMemberships } from './make-parts.ts';
import { type RunVerdict, verdictOf } from './run-end.ts';
import { type LiveProgress, RunLedger } from './run-ledger.ts';
import { makeWritingSink } from './writing-sink.ts';

export interface RunInput {
  readonly source: SourceReader;
  readonly target: TargetPort;
  readonly state: SyncState;
  readonly rule: EngineRule;
  /** A delta becomes a full run where it has to, and says why. */
  readonly type: 'full' | 'delta';
  /** Why the run was started: `poll`, `asked for by ann`, ... */
  readonly reason: string;
  /** Stops between batches; what was committed stays. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  /** At most four times a second, and at the end. */
  readonly onProgress?: (progress: LiveProgress) => void;
  readonly runId?: string;
  /** Whether a delta that finds nothing leaves a record of itself; a poll every few seconds should not. Default true. */
  readonly recordIfEmpty?: boolean;
  /** The run before this one was killed or interrupted: memberships that it left waiting are looked for, in a delta too. */
  readonly recovering?: boolean;
}

/** Abort a run with this where it is to be gone on with: it is stored as `interrupted`, not as `cancelled`. */
export class RunInterrupted extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'RunInterrupted';
  }
}

export interface RunSummary {
  /** As it was stored at the end. */
  readonly progress: RunProgress;
  /** Undefined if the source could not be opened. */
  readonly source: SourceSummary | undefined;
  /** Whether deletions are part of the change stream; if not, only full runs notice them. Undefined before the end of a read. */
  readonly deletionsSeen: boolean | undefined;
  readonly guard: GuardVerdict | undefined;
  readonly held: readonly HeldRemoval[];
  /** What ended the run, if it failed. */
  readonly error: unknown;
  /** The read succeeded but is no ground for removals, and the position stays where it was. */
  readonly distrusted: boolean;
  /** Why a full run should follow soon: something happened whose consequences only that can see. */
  readonly wantsFull?: string | undefined;
}

/**
 * One run of one rule: reads, decides, writes, and commits position and digest together with the end of the run. Resolves
 * for failed and cancelled runs too; rejects only if even the end of the run cannot be stored (a lost lease, a broken
 * database), which leaves the run as a killed process would.
 */
export async function runRule(input: RunInput): Promise<RunSummary> {
  const { rule, state, source, clock, signal, log } = input;
  const ledger = new RunLedger({
    runId: input.runId ?? newUuid(),
    type: input.type,
    reason: input.reason,
    clock,
    report: input.onProgress,
  });
  let opened: SourceSummary | undefined;
  try {
    if (input.recordIfEmpty !== false) await state.transaction((tx) => tx.saveRun(ledger.snapshot()));
    signal.throwIfAborted();
    const target = readableTarget(input.target);
    const mappings = compileRule(rule, target);
    ledger.enter('opening');
    opened = await source.open(signal);
    const [position, applied] = await Promise.all([state.position(), state.appliedDigest()]);
    const digest = ruleDigest(rule);
    const choice = chooseRun(input.type, input.reason, position, applied, digest);
    const parts = makeRunParts({
      rule,
      mappings,
      source,
      target,
      state: readableState(state),
      ledger,
      clock,
      signal,
      log,
      sinkOf: (objectType) =>
        makeWritingSink({
          objectType,
          target: input.target,
          state,
          book: ledger,
          clock,
          memberships: syncsMemberships(rule, mappings),
          newcomersEndPosition: opened?.followsBasesOnly,
        }),
      preview: false,
      recovering: input.recovering === true,
      relink: !readsGroups(applied),
    });
    const end = await execute(parts, choice, position);
    const verdict = verdictOf(end, parts.memberships);
    const wantsFull = end.type === 'delta' ? parts.memberships?.wantsFull : undefined;
    const progress = await commitEnd(input, ledger, end, verdict, { digest, position, wantsFull });
    return {
      progress,
      source: end.read.source ?? opened,
      deletionsSeen: end.read.deletionsSeen,
      guard: verdict.guard,
      held: verdict.held,
      error: undefined,
      distrusted: verdict.distrust !== undefined,
      wantsFull,
    };
  } catch (error) {
    const progress = await commitFailure(input, ledger, error);
    return {
      progress,
      source: opened,
      deletionsSeen: undefined,
      guard: undefined,
      held: [],
      error: progress.status === 'failed' ? error : undefined,
      distrusted: false,
      wantsFull: undefined,
    };
  }
}

interface RunEndings {
  readonly digest: string;
  /** The one the run began from. */
  readonly position: Position | undefined;
  readonly wantsFull: string | undefined;
}

/** Position, last full read, digest, held lists and the run's end are one transaction: either all of the run counts, or none. */
async function commitEnd(
  { state, log, recordIfEmpty }: RunInput,
  ledger: RunLedger,
  end: ExecutionEnd,
  { status, distrust, error }: RunVerdict,
  { digest, position: before, wantsFull }: RunEndings,
): Promise<RunProgress> {
  const progress = ledger.ended(status, error);
  const quiet =
    recordIfEmpty === false && end.type === 'delta' && status === 'completed' && isEmpty(progress);
  if (quiet && wantsFull === undefined && before?.value === end.read.position?.value)
    return ended(ledger, progress);
  await state.transaction(async (tx) => {
    if (distrust === undefined) {
      // Without one the next run is full, whoever starts it.
      await tx.savePosition(wantsFull === undefined ? end.read.position : undefined);
      if (end.type === 'full')
        for (const { objectType, objects } of end.types)
          await tx.saveLastFullRead(
            objectType,
            { objects, basesRead: end.read.basesRead, endedAt: progress.endedAt ?? ledger.startedAt },
            digest,
          );
    }
    for (const { objectType, held } of end.types)
      if (held.kind === 'list') await tx.saveHeld(ledger.runId, objectType, held.removals);
      else if (held.kind === 'none') await tx.clearHeld(objectType);
    if (!quiet) await tx.saveRun(progress);
  });
  if (!quiet)
    log.info({ runId: ledger.runId, status, read: progress.read, counts: progress.counts }, 'run ended');
  return ended(ledger, progress);
}

function ended(ledger: RunLedger, progress: RunProgress): RunProgress {
  ledger.enter('ended');
  ledger.report(true, progress);
  return progress;
}

function isEmpty(progress: RunProgress): boolean {
  return progress.read === 0 && OUTCOMES.every((outcome) => progress.counts[outcome] === 0);
}

async function commitFailure(
  { state, signal, log }: RunInput,
  ledger: RunLedger,
  error: unknown,
): Promise<RunProgress> {
  const cancelled = signal.aborted;
  const status = !cancelled
    ? 'failed'
    : signal.reason instanceof RunInterrupted
      ? 'interrupted'
      : 'cancelled';
  const progress = ledger.ended(status, {
    code: cancelled ? undefined : error instanceof CodedError ? error.code : 'UNEXPECTED_ERROR',
    message: cancelled ? messageOf(signal.reason) : messageOf(error),
  });
  try {
    await state.transaction((tx) => tx.saveRun(progress));
  } catch (second) {
    log.error({ runId: ledger.runId, err: second }, 'the end of a run could not be stored');
    throw error;
  }
  if (!cancelled) log.warn({ runId: ledger.runId, err: error }, 'run failed');
  return ended(ledger, progress);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
