import { CodedError, newUuid, zeroCounts } from '@sallyport/model';
import { compileMappings } from '../mapping/compile-mappings.ts';
import { makeMapper } from '../mapping/map-object.ts';
import { readableState, readableTarget } from '../port/readable.ts';
import { graceMs } from '../rule/engine-rule.ts';
import { permissionsFor } from '../rule/permissions.ts';
import { BatchPlanner } from '../run/batch-planner.ts';
import { KEYS_AT_ONCE } from '../run/chunks.ts';
import { RunLedger } from '../run/run-ledger.ts';
import type { RunInput, RunSummary } from '../run/run-rule.ts';
import { makeWritingSink } from '../run/writing-sink.ts';
import { guardRemovals } from './guard.ts';

export interface DeprovisionInput
  extends Pick<RunInput, 'target' | 'state' | 'rule' | 'signal' | 'clock' | 'log' | 'onProgress' | 'runId'> {
  /** A person saw how many objects this removes and confirmed it; without that the rule's MAX_REMOVALS holds. */
  readonly confirmed: boolean;
  readonly actor: string;
}

/** Why the run of a deletion was made: by it the run is found again. */
export function deletionReason(actor: string): string {
  return `rule deleted by ${actor}`;
}

/**
 * Runs the remove action over everything a deleted rule owns at its target. The source is not asked: the rule is gone, not
 * its people. Over the rule's MAX_REMOVALS and not confirmed, nothing is removed and the run ends `held`; call again,
 * confirmed. The percentage does not count: all that a rule owns is always more than a part of it.
 * There is no grace period, because no run of the rule will come to end it.
 */
export async function deprovisionRule(input: DeprovisionInput): Promise<RunSummary> {
  const { rule, state, clock, signal, log } = input;
  const ledger = new RunLedger({
    runId: input.runId ?? newUuid(),
    type: 'full',
    reason: deletionReason(input.actor),
    clock,
    report: input.onProgress,
  });
  const linked = await state.countLinked(rule.objectType);
  const guard = guardRemovals({
    limits: { maxRemovals: rule.maxRemovals, maxRemovalsPercent: 100 },
    linked,
    wanted: linked,
    waiting: 0,
    removed: 0,
  });
  const base = {
    source: undefined,
    deletionsSeen: undefined,
    guard,
    held: [],
    error: undefined,
    distrusted: false,
  };
  if (!guard.passes && !input.confirmed) {
    const progress = ledger.ended('held', {
      code: 'REMOVALS_HELD',
      message: `${guard.reason}. Nothing was removed. The deletion of a rule removes as many as its MAX_REMOVALS allows; for more, raise MAX_REMOVALS and make a revision before the rule is deleted`,
    });
    await state.transaction((tx) => tx.saveRun(progress));
    return { ...base, progress };
  }
  const target = readableTarget(input.target);
  const mappings = compileMappings(rule, target);
  const planner = new BatchPlanner({
    mappings,
    mapper: makeMapper(mappings, ledger.startedAt),
    permissions: { ...permissionsFor(rule.objectType, rule.actions), deprovision: true },
    target,
    state: readableState(state),
    graceMs: graceMs({ removalGraceDays: 0 }),
    now: () => clock.now(),
    rememberClaims: false,
  });
  const sink = makeWritingSink({
    objectType: rule.objectType,
    target: input.target,
    state,
    clock,
    book: ledger,
  });
  try {
    ledger.enter('removing');
    let after = 0;
    for (;;) {
      signal.throwIfAborted();
      const links = await state.scanLinks(rule.objectType, after, KEYS_AT_ONCE);
      const last = links.at(-1);
      if (last === undefined) break;
      after = last.number;
      ledger.sawObjects(links.length);
      const gone = links
        .filter((link) => link.presence !== 'kept')
        .map((link) => ({ link, how: 'outOfScope' as const, detail: 'its rule was deleted' }));
      await sink.carryOut(
        await planner.planGone(gone),
        () => false,
        () => undefined,
      );
    }
  } catch (error) {
    const cancelled = signal.aborted;
    const progress = ledger.ended(cancelled ? 'cancelled' : 'failed', {
      code: cancelled ? undefined : error instanceof CodedError ? error.code : 'UNEXPECTED_ERROR',
      message: error instanceof Error ? error.message : String(error),
    });
    await state.transaction((tx) => tx.saveRun(progress));
    return { ...base, progress, error: cancelled ? undefined : error };
  }
  const progress = ledger.ended('completed', undefined);
  await state.transaction(async (tx) => {
    await tx.clearHeld(rule.objectType);
    await tx.saveRun(progress);
  });
  log.info({ runId: progress.runId, counts: { ...zeroCounts(), ...progress.counts } }, 'rule deprovisioned');
  return { ...base, progress };
}
