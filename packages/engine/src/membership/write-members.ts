import { CodedError, type OutcomeCounts, zeroCounts } from '@sallyport/model';
import type {
  LinkWrite,
  PendingMember,
  RemovedMembers,
  StateTransaction,
  SyncState,
} from '../port/sync-state.ts';
import type { MembershipWrite, MembershipWriteResult, TargetMember, TargetPort } from '../port/target.ts';
import { giveWay } from '../run/give-way.ts';
import type { PlanSink } from '../run/plan-sink.ts';
import type { RunBook } from '../run/writing-sink.ts';
import type { MembersPlan } from './members-plan.ts';
import { type MembersResult, NO_RESULT, type SettledMembers, settleMembers } from './settle-members.ts';

/** Changes of one transaction: others queue behind it. */
const CHANGES_AT_ONCE = 5_000;

export interface MembersWriterParts {
  readonly target: TargetPort;
  readonly state: SyncState;
  readonly book: RunBook;
  readonly now: () => number;
}

function sizeOf({
  added,
  removed,
  held,
  kept,
  rewritesHeld,
  pendingAdded,
  pendingRemoved,
}: MembersPlan): number {
  const rows = rewritesHeld ? held.length + kept.length : 0;
  return 1 + added.length + removed.length + pendingAdded.length + pendingRemoved.length + rows;
}

/** Plans that fit into one transaction together; one that is larger than a transaction stands alone. */
function packs(plans: readonly MembersPlan[]): readonly (readonly MembersPlan[])[] {
  const made: MembersPlan[][] = [];
  let open: MembersPlan[] = [];
  let size = 0;
  for (const plan of plans) {
    const own = sizeOf(plan);
    if (open.length > 0 && size + own > CHANGES_AT_ONCE) {
      made.push(open);
      open = [];
      size = 0;
    }
    open.push(plan);
    size += own;
  }
  if (open.length > 0) made.push(open);
  return made;
}

function joined(first: MembersResult, then: MembersResult): MembersResult {
  return {
    version: then.version ?? first.version,
    added: first.added + then.added,
    removed: first.removed + then.removed,
    refused: [...first.refused, ...then.refused],
    failed: then.failed ?? first.failed,
  };
}

function resultOf(answer: MembershipWriteResult): MembersResult {
  if (!answer.ok) return { ...NO_RESULT, failed: { code: answer.code, message: answer.message } };
  const { version, added, removed, refused } = answer;
  return { version, added, removed, refused, failed: undefined };
}

function pendingOf(plan: MembersPlan, references: readonly string[]): readonly PendingMember[] {
  const { number } = plan.turn.stored;
  return number === undefined ? [] : references.map((reference) => ({ groupLink: number, reference }));
}

interface Piece {
  readonly plan: MembersPlan;
  readonly added: readonly TargetMember[];
  readonly removed: readonly TargetMember[];
  readonly pendingAdded: readonly string[];
  readonly pendingRemoved: readonly string[];
}

/** A plan in pieces of at most one transaction; the last one is short enough to carry the link as well. */
function piecesOf(plan: MembersPlan): readonly Piece[] {
  const pieces: Piece[] = [];
  const none: Piece = { plan, added: [], removed: [], pendingAdded: [], pendingRemoved: [] };
  for (const name of ['removed', 'added'] as const)
    for (let at = 0; at < plan[name].length; at += CHANGES_AT_ONCE)
      pieces.push({ ...none, [name]: plan[name].slice(at, at + CHANGES_AT_ONCE) });
  for (const name of ['pendingAdded', 'pendingRemoved'] as const)
    for (let at = 0; at < plan[name].length; at += CHANGES_AT_ONCE)
      pieces.push({ ...none, [name]: plan[name].slice(at, at + CHANGES_AT_ONCE) });
  return [...pieces, none];
}

/**
 * Carries plans for members out: one transaction for as many groups as fit into one, with memberships, links, what waits and
 * journal; a group too large for that is written in several, and its link says that it is in order only with the last.
 */
export function makeMembersWriter(parts: MembersWriterParts): PlanSink['carryOutMembers'] {
  const { target, state, book, now } = parts;
  /** The list that waits is this run's by now, although what is written of a group was planned before. */
  let holds = false;

  const write = async (
    pieces: readonly Piece[],
    tx: StateTransaction | undefined,
  ): Promise<readonly MembersResult[]> => {
    const results = pieces.map(() => NO_RESULT);
    const writes: MembershipWrite[] = [];
    const at: number[] = [];
    for (const [index, { plan, added, removed }] of pieces.entries()) {
      if (added.length + removed.length === 0) continue;
      writes.push({ groupId: plan.turn.targetId, added, removed });
      at.push(index);
    }
    if (writes.length === 0) return results;
    const answers = (await target.memberships?.write(writes, tx)) ?? [];
    if (answers.length !== writes.length)
      throw new CodedError(
        'TARGET_ANSWER_INCOMPLETE',
        `The target answered ${answers.length} of ${writes.length} membership writes; what it did not answer is unknown, run the rule again`,
      );
    for (const [index, answer] of answers.entries()) results[at[index] ?? -1] = resultOf(answer);
    return results;
  };

  const recordPending = async (tx: StateTransaction, pieces: readonly Piece[]): Promise<void> => {
    const gone = pieces.flatMap(({ plan, pendingRemoved }) => pendingOf(plan, pendingRemoved));
    const come = pieces.flatMap(({ plan, pendingAdded }) => pendingOf(plan, pendingAdded));
    if (gone.length > 0) await tx.removePending(gone);
    if (come.length > 0) await tx.addPending(come);
  };

  /** What went without a person counts with the guard of the runs to come. */
  const recordRemoved = async (
    tx: StateTransaction,
    pieces: readonly Piece[],
    results: readonly MembersResult[],
  ): Promise<void> => {
    const removals = pieces.flatMap(({ plan }, at): RemovedMembers[] => {
      const count = results[at]?.removed ?? 0;
      const { number } = plan.turn.stored;
      return count === 0 || number === undefined || plan.released !== undefined
        ? []
        : [{ groupLink: number, count }];
    });
    if (removals.length > 0) await tx.recordMemberRemovals(now(), removals);
  };

  /** `before`: what came of the pieces of these plans that were written already. */
  const finish = async (
    pieces: readonly Piece[],
    before: readonly MembersResult[],
  ): Promise<readonly SettledMembers[]> => {
    const settle = (results: readonly MembersResult[]): readonly SettledMembers[] =>
      pieces.map(({ plan }, at) =>
        settleMembers(plan, joined(before[at] ?? NO_RESULT, results[at] ?? NO_RESULT), now()),
      );
    const remote = target.inTransaction ? undefined : await write(pieces, undefined);
    const writes = pieces.some(({ added, removed }) => added.length + removed.length > 0);
    const early = remote ?? (writes ? undefined : pieces.map(() => NO_RESULT));
    if (early !== undefined) {
      const settled = settle(early);
      const silent =
        settled.every(({ link, journal }) => link === undefined && journal === undefined) &&
        pieces.every(
          ({ plan, pendingAdded, pendingRemoved }) =>
            !plan.rewritesHeld && pendingAdded.length + pendingRemoved.length === 0,
        );
      const counts = countsOf(settled);
      if (!silent)
        await state.transaction(async (tx) => {
          await recordRemoved(tx, pieces, early);
          await record(tx, pieces, settled, counts);
        });
      book.addAll(counts);
      return settled;
    }
    const { settled, counts } = await state.transaction(async (tx) => {
      const results = await write(pieces, tx);
      await recordRemoved(tx, pieces, results);
      const settled = settle(results);
      const counts = countsOf(settled);
      await record(tx, pieces, settled, counts);
      return { settled, counts };
    });
    book.addAll(counts);
    return settled;
  };

  const record = async (
    tx: StateTransaction,
    pieces: readonly Piece[],
    settled: readonly SettledMembers[],
    counts: OutcomeCounts,
  ): Promise<void> => {
    const links = settled.flatMap(({ link }): LinkWrite[] => (link === undefined ? [] : [link]));
    const journal = settled.flatMap(({ journal: line }) => (line === undefined ? [] : [line]));
    if (links.length > 0) await tx.saveLinks(links);
    await recordPending(tx, pieces);
    const rewritten = pieces.flatMap(({ plan }) =>
      plan.rewritesHeld && plan.turn.stored.number !== undefined
        ? [
            {
              number: plan.turn.stored.number,
              rows: [...plan.held, ...plan.kept],
              waits: plan.held.length > 0,
              heldRun: plan.heldRun,
            },
          ]
        : [],
    );
    for (const waits of [false, true]) {
      const own = rewritten.filter((one) => one.waits === waits);
      if (own.length > 0)
        await tx.saveHeldMembers(
          waits || holds ? book.runId : (own[0]?.heldRun ?? book.runId),
          own.map(({ number }) => number),
          own.flatMap(({ rows }) => rows),
        );
    }
    if (journal.length > 0) await tx.appendJournal(book.runId, journal);
    await tx.saveRun(book.snapshot(counts));
    holds ||= rewritten.some(({ waits }) => waits);
  };

  const inPieces = async (plan: MembersPlan): Promise<SettledMembers> => {
    let result = NO_RESULT;
    const pieces = piecesOf(plan);
    for (const piece of pieces.slice(0, -1)) {
      await giveWay();
      const members = piece.added.length + piece.removed.length > 0;
      const remote = target.inTransaction || !members ? undefined : await write([piece], undefined);
      await state.transaction(async (tx) => {
        const made = remote ?? (await write([piece], tx));
        await recordRemoved(tx, [piece], made);
        await recordPending(tx, [piece]);
        result = joined(result, made[0] ?? NO_RESULT);
      });
    }
    const [settled] = await finish(pieces.slice(-1), [result]);
    return settled ?? settleMembers(plan, result, now());
  };

  return async (plans) => {
    const settled: SettledMembers[] = [];
    for (const [at, pack] of packs(plans).entries()) {
      if (at > 0) await giveWay();
      const [first] = pack;
      if (pack.length === 1 && first !== undefined && sizeOf(first) > CHANGES_AT_ONCE)
        settled.push(await inPieces(first));
      else
        settled.push(
          ...(await finish(
            pack.map((plan) => ({ ...plan, plan })),
            [],
          )),
        );
    }
    return settled;
  };
}

function countsOf(settled: readonly SettledMembers[]): OutcomeCounts {
  const counts = zeroCounts();
  for (const { outcome } of settled) if (outcome !== undefined) counts[outcome] += 1;
  return counts;
}
