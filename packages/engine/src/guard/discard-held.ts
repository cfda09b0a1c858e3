import { zeroCounts } from '@sallyport/model';
import type { JournalEntry, Link, LinkWrite } from '../port/sync-state.ts';
import { chunks, KEYS_AT_ONCE } from '../run/chunks.ts';
import { assertHeldBy, type HoldInput, type HoldSummary, isWaiting, makeDecisionBook } from './held-list.ts';

/**
 * Keeps the targets of a held list: their links say `kept`, and no run counts or removes them again until their source
 * objects reappear.
 */
export async function discardHeld(input: Omit<HoldInput, 'target'>): Promise<HoldSummary> {
  const { rule, state, clock, signal, run, actor } = input;
  const held = assertHeldBy(await state.held(rule.objectType), run.runId);
  const book = makeDecisionBook(run, clock.now());
  for (const chunk of chunks(held.removals, KEYS_AT_ONCE)) {
    signal.throwIfAborted();
    const labels = new Map(chunk.map((one) => [one.linkNumber, one.label]));
    const links = (await state.linksByNumbers(chunk.map((one) => one.linkNumber))).filter(isWaiting);
    if (links.length === 0) continue;
    const reason = `kept: ${actor} discarded its removal`;
    const at = Math.max(clock.now(), book.startedAt);
    const counts = { ...zeroCounts(), skipped: links.length };
    await state.transaction(async (tx) => {
      await tx.saveLinks(links.map((link) => kept(link, reason, at)));
      await tx.appendJournal(
        run.runId,
        links.map((link) => line(link, labels.get(link.number) ?? link.place, reason, at)),
      );
      await tx.saveRun(book.snapshot(counts));
    });
    book.addAll(counts);
  }
  const progress = book.ended();
  await state.transaction(async (tx) => {
    await tx.clearHeld(rule.objectType);
    await tx.saveRun(progress);
  });
  input.log.info({ runId: run.runId, actor, kept: book.counts.skipped }, 'held removals discarded');
  return { progress, counts: book.counts };
}

function kept(link: Link, reason: string, at: number): LinkWrite {
  return {
    ...link,
    presence: 'kept',
    status: 'UNSYNCED',
    outcome: 'skipped',
    reason,
    errorCode: undefined,
    fingerprint: '',
    deleteAfter: undefined,
    lastSyncAt: at,
    reference: undefined,
  };
}

function line(link: Link, label: string, reason: string, at: number): JournalEntry {
  return {
    at,
    objectType: link.objectType,
    sourceKey: link.sourceKey,
    place: link.place,
    targetId: link.targetId,
    label,
    outcome: 'skipped',
    reason,
    errorCode: undefined,
    changes: [],
  };
}
