import type { RunProgress, SyncState } from '../port/sync-state.ts';
import { byGroup, closed, type HeldByRun, shownBy } from './held-list.ts';

/**
 * Stores the end of a decision: what was decided about leaves the lists, what later runs added goes on waiting under their name.
 * Every other run that listed some of it is told too: its count, and that it is done where nothing of its list is left. All in
 * one transaction: killed before it, the decision is made again.
 */
export async function endDecision(state: SyncState, held: HeldByRun, progress: RunProgress): Promise<void> {
  const lists = held.lists.map((one) => ({ ...one, list: { ...one.list, removals: one.rest } }));
  const decidedMembers = held.members.length > 0;
  const members = decidedMembers ? undefined : await state.heldMembers();
  const groups = byGroup(members?.members.filter(({ kept }) => !kept) ?? []).size;
  const left = (runId: string): number =>
    lists.reduce((sum, { list }) => sum + shownBy(list, runId).length, 0) +
    (members?.runId === runId ? groups : 0);
  const others = new Set(held.lists.flatMap(({ list }) => list.listedBy));
  others.delete(progress.runId);
  const told = (await state.runs([...others])).flatMap((run) => tell(run, left(run.runId)));
  await state.transaction(async (tx) => {
    for (const { objectType, list, decided } of lists)
      if (decided.length > 0) await tx.saveHeld(list.runId, objectType, list.removals);
    await tx.saveRun(progress);
    for (const run of told) await tx.saveRun(run);
  });
}

/** What is held for another reason, such as a read that was not believed, is not told. */
function tell(run: RunProgress, left: number): readonly RunProgress[] {
  if (run.status !== 'held' || run.errorCode !== 'REMOVALS_HELD') return [];
  if (left === 0) return [closed(run)];
  return run.counts.held > left ? [{ ...run, counts: { ...run.counts, held: left } }] : [];
}
