import { zeroCounts } from '@sallyport/model';
import type { JournalEntry, Link, LinkWrite } from '../port/sync-state.ts';
import { chunks, KEYS_AT_ONCE } from '../run/chunks.ts';
import { numberOf } from '../run/number-of.ts';
import { endDecision } from './end-decision.ts';
import {
  byGroup,
  type HoldInput,
  type HoldSummary,
  isWaiting,
  makeDecisionBook,
  membersWait,
  readHeldBy,
} from './held-list.ts';

/** Each group brings its own members along. */
const GROUPS_AT_ONCE = 20;

/**
 * Keeps the targets of a held list and its memberships: no run counts or removes them again until their source objects
 * reappear, or the group at the source has the member again.
 */
export async function discardHeld(input: Omit<HoldInput, 'target'>): Promise<HoldSummary> {
  const { state, clock, signal, run, actor } = input;
  const held = await readHeldBy(state, run.runId);
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
  const groups = byGroup(held.members);
  const keptBefore = byGroup(held.kept);
  for (const numbers of chunks([...groups.keys()], GROUPS_AT_ONCE)) {
    signal.throwIfAborted();
    const links = (await state.linksByNumbers(numbers)).filter(membersWait);
    const at = Math.max(clock.now(), book.startedAt);
    const counts = { ...zeroCounts(), skipped: links.length };
    const waiting = new Set(links.map(({ number }) => number));
    await state.transaction(async (tx) => {
      const lines = links.map((link) => keptMembers(link, groups.get(link.number)?.length ?? 0, actor, at));
      await tx.saveLinks(lines.map(({ link }) => link));
      // What waits no more for another reason ends with the decision as well.
      const rows = numbers.flatMap((number) => [
        ...(waiting.has(number) ? (groups.get(number) ?? []) : []),
        ...(keptBefore.get(number) ?? []),
      ]);
      await tx.saveHeldMembers(
        run.runId,
        numbers,
        rows.map((one) => ({ ...one, kept: true })),
      );
      await tx.appendJournal(
        run.runId,
        lines.map(({ journal }) => journal),
      );
      await tx.saveRun(book.snapshot(counts));
    });
    book.addAll(counts);
  }
  const progress = book.ended();
  await endDecision(state, held, progress);
  input.log.info({ runId: run.runId, actor, kept: book.counts.skipped }, 'held removals discarded');
  return { progress, counts: book.counts };
}

/** Killed in the middle, the decision is made again: groups that are done wait no more. */
function keptMembers(
  link: Link,
  count: number,
  actor: string,
  at: number,
): { readonly link: LinkWrite; readonly journal: JournalEntry } {
  const reason = `${numberOf(count, 'membership')} kept: ${actor} discarded their removal`;
  // What else is wrong with the group stays so, until a full run looks again.
  const settled = link.status === 'HELD' || link.status === 'SUCCESS';
  return {
    link: {
      ...link,
      status: settled ? 'PARTIAL_SYNCED' : link.status,
      outcome: 'skipped',
      reason,
      errorCode: settled ? undefined : link.errorCode,
      fingerprint: '',
      lastSyncAt: at,
      reference: undefined,
    },
    journal: line(link, link.place, reason, at),
  };
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
