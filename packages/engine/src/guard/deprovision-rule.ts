import { CodedError, newUuid, type ObjectType, zeroCounts } from '@sallyport/model';
import { makeMapper } from '../mapping/map-object.ts';
import { readableState, readableTarget } from '../port/readable.ts';
import type { Link } from '../port/sync-state.ts';
import { type EngineRule, graceMs, groupView } from '../rule/engine-rule.ts';
import { type Permissions, permissionsFor } from '../rule/permissions.ts';
import { BatchPlanner } from '../run/batch-planner.ts';
import { KEYS_AT_ONCE } from '../run/chunks.ts';
import { giveWay } from '../run/give-way.ts';
import { compileRule } from '../run/make-parts.ts';
import { RunLedger } from '../run/run-ledger.ts';
import type { RunInput, RunSummary } from '../run/run-rule.ts';
import { makeWritingSink } from '../run/writing-sink.ts';
import { type GuardVerdict, guardRemovals } from './guard.ts';

export interface DeprovisionInput
  extends Pick<RunInput, 'target' | 'state' | 'rule' | 'signal' | 'clock' | 'log' | 'onProgress' | 'runId'> {
  /** A person saw how many objects this removes and confirmed it; without that the rule's MAX_REMOVALS holds. */
  readonly confirmed: boolean;
  readonly actor: string;
  /** False: only groups are looked at, which have a switch of their own. Default true. */
  readonly users?: boolean;
}

/** Why the run of a deletion was made: by it the run is found again. */
export function deletionReason(actor: string): string {
  return `rule deleted by ${actor}`;
}

/** Links of one type that the deletion of the rule removes. */
interface Doomed {
  readonly view: EngineRule;
  readonly permissions: Permissions;
  readonly owns: (link: Link) => boolean;
}

function doomedBy(input: DeprovisionInput): readonly Doomed[] {
  const { rule } = input;
  const doomed: Doomed[] = [];
  if (input.users !== false)
    doomed.push({
      view: rule,
      permissions: { ...permissionsFor(rule.objectType, rule.actions), deprovision: true },
      owns: () => true,
    });
  const groups = groupView(rule);
  if (groups !== undefined && rule.actions.deleteGroupsOnRuleDeletion)
    doomed.push({
      view: groups,
      permissions: { ...permissionsFor('group', rule.actions), deprovision: true },
      // A group that was there before the rule is nobody's to delete.
      owns: (link) => link.createdByRule,
    });
  return doomed;
}

async function* scanned(
  { state, signal }: DeprovisionInput,
  objectType: ObjectType,
): AsyncGenerator<readonly Link[]> {
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const links = await state.scanLinks(objectType, after, KEYS_AT_ONCE);
    const last = links.at(-1);
    if (last === undefined) return;
    after = last.number;
    yield links;
    await giveWay();
  }
}

/** How many objects that the source still has would go: links that are not in scope were removed before, or are to stay. */
async function countOwned(input: DeprovisionInput, { view, owns }: Doomed): Promise<number> {
  if (view.objectType === 'user') return input.state.countLinked('user');
  let owned = 0;
  for await (const links of scanned(input, view.objectType))
    for (const link of links)
      if (link.presence === 'inScope' && link.targetId !== undefined && owns(link)) owned += 1;
  return owned;
}

/**
 * Runs the remove action over everything a deleted rule owns at its target, and deletes the groups it made where it is
 * configured to. The source is not asked: the rule is gone, not its people. Over the rule's MAX_REMOVALS and not confirmed,
 * nothing is removed and the run ends `held`; call again, confirmed. The percentage does not count: all that a rule owns is
 * always more than a part of it. There is no grace period, because no run of the rule will come to end it.
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
  const doomed = doomedBy(input);
  const verdicts: GuardVerdict[] = [];
  for (const one of doomed) {
    const linked = await countOwned(input, one);
    const verdict = guardRemovals({
      limits: { maxRemovals: rule.maxRemovals, maxRemovalsPercent: 100 },
      linked,
      wanted: linked,
      waiting: 0,
      removed: 0,
    });
    const { objectType } = one.view;
    verdicts.push(
      objectType === 'user' ? verdict : { ...verdict, reason: `${objectType}s: ${verdict.reason}` },
    );
  }
  const refused = verdicts.filter(({ passes }) => !passes);
  const base = {
    source: undefined,
    deletionsSeen: undefined,
    guard: refused[0] ?? verdicts[0],
    held: [],
    error: undefined,
    distrusted: false,
  };
  if (refused.length > 0 && !input.confirmed) {
    const progress = ledger.ended('held', {
      code: 'REMOVALS_HELD',
      message: `${refused.map(({ reason }) => reason).join('; ')}. Nothing was removed. The deletion of a rule removes as many as its MAX_REMOVALS allows; for more, raise MAX_REMOVALS and make a revision before the rule is deleted`,
    });
    await state.transaction((tx) => tx.saveRun(progress));
    return { ...base, progress };
  }
  const target = readableTarget(input.target);
  const mappings = compileRule(rule, target);
  try {
    ledger.enter('removing');
    for (const { view, permissions, owns } of doomed) {
      const { objectType } = view;
      const compiled = objectType === rule.objectType ? mappings.main : mappings.groups;
      if (compiled === undefined) continue;
      const planner = new BatchPlanner({
        mappings: compiled,
        mapper: makeMapper(compiled, ledger.startedAt),
        permissions,
        target,
        state: readableState(state),
        graceMs: graceMs({ removalGraceDays: 0 }),
        now: () => clock.now(),
        rememberClaims: false,
      });
      const sink = makeWritingSink({
        objectType,
        target: input.target,
        state,
        clock,
        book: ledger,
        memberships: false,
      });
      for await (const links of scanned(input, objectType)) {
        const own = links.filter(owns);
        ledger.sawObjects(own.length);
        const gone = own
          .filter((link) => link.presence !== 'kept')
          .map((link) => ({ link, how: 'outOfScope' as const, detail: 'its rule was deleted' }));
        await sink.carryOut(
          await planner.planGone(gone),
          () => false,
          () => undefined,
        );
      }
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
    for (const { view } of doomed) await tx.clearHeld(view.objectType);
    await tx.saveRun(progress);
  });
  log.info({ runId: progress.runId, counts: { ...zeroCounts(), ...progress.counts } }, 'rule deprovisioned');
  return { ...base, progress };
}
