import { CodedError, type ObjectType, type OutcomeCounts, zeroCounts } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import { makeMembersWriter } from '../membership/write-members.ts';
import type { PendingMember, RunProgress, StateTransaction, SyncState } from '../port/sync-state.ts';
import type { TargetPort, TargetWrite, TargetWriteResult } from '../port/target.ts';
import type { CarriedOut, HeldObject, PlanSink } from './plan-sink.ts';
import type { PlannedObject } from './planned-object.ts';
import { type Settled, settle } from './settle.ts';
import { settleUnknown } from './settle-unknown.ts';

/** The counts of whatever the sink writes for: a run, or a decision about a held list. */
export interface RunBook {
  readonly runId: string;
  readonly startedAt: number;
  /** As it is to be stored if `coming` comes true in the same transaction. */
  snapshot(coming: OutcomeCounts): RunProgress;
  /** It came true. */
  addAll(counts: OutcomeCounts): void;
}

export interface WritingSinkParts {
  readonly objectType: ObjectType;
  readonly target: TargetPort;
  readonly state: SyncState;
  readonly book: RunBook;
  readonly clock: Clock;
  /**
   * Memberships are synced: where an object is made or linked once more, because its target was gone, only a full run can tell
   * which groups it belongs to. The position goes with the write that makes it so, whatever becomes of the run.
   */
  readonly memberships: boolean;
  /** See `SourceSummary.followsBasesOnly`: the write that brings a newcomer takes the position along, until the run ends well. */
  readonly newcomersEndPosition?: boolean | undefined;
}

interface Work {
  readonly objects: readonly PlannedObject[];
  readonly writes: readonly TargetWrite[];
  /** For each object, which write is its own; -1 for none. */
  readonly writeOf: readonly number[];
}

/** Ids of new objects are made here, so that a plan shown twice is the same plan. */
function workOf(objects: readonly PlannedObject[], newId: () => string): Work {
  const writes: TargetWrite[] = [];
  const writeOf: number[] = [];
  for (const { plan, targetVersion } of objects) {
    const { write } = plan;
    if (write === undefined) {
      writeOf.push(-1);
      continue;
    }
    writeOf.push(writes.length);
    if (write.kind === 'create')
      writes.push({
        kind: 'create',
        id: newId(),
        active: write.active,
        attributes: write.attributes,
        onboarding: write.onboarding,
      });
    else if (write.kind === 'delete') writes.push({ kind: 'delete', id: write.targetId });
    else
      writes.push({
        kind: 'update',
        id: write.targetId,
        ...(write.active === undefined ? {} : { active: write.active }),
        changes: write.changes,
        version: targetVersion,
      });
  }
  return { objects, writes, writeOf };
}

function assertAnswered(writes: readonly TargetWrite[], results: readonly TargetWriteResult[]): void {
  if (results.length !== writes.length)
    throw new CodedError(
      'TARGET_ANSWER_INCOMPLETE',
      `The target answered ${results.length} of ${writes.length} writes; what it did not answer is unknown, run the rule again`,
    );
}

function isSilent(settled: readonly Settled[]): boolean {
  return settled.every(
    (one) => one.link === undefined && one.removeLink === undefined && one.journal === undefined,
  );
}

/**
 * Whether a removal is done with: no later run asks for it again, so that each counts once, as wanted or as made. A remote
 * target's removal that was made and not recorded turns up here as one that needed no write.
 */
function isRemoved({ link, removeLink }: Settled): boolean {
  return removeLink !== undefined || link?.status === 'SUCCESS' || link?.status === 'PARTIAL_SYNCED';
}

/** In scope with a target object, and was not before. */
function isNewcomer({ link }: Settled, object: PlannedObject | undefined): boolean {
  if (link?.targetId === undefined || link.presence !== 'inScope') return false;
  const before = object?.link;
  return before?.targetId === undefined || before.presence !== 'inScope';
}

/** It has another target object than it had. */
function isTiedAnew({ link }: Settled, object: PlannedObject | undefined): boolean {
  const before = object?.link?.targetId;
  return before !== undefined && link?.targetId !== undefined && link.targetId !== before;
}

/**
 * Carries plans out: one transaction a batch for target, links, journal and counts where the target takes part in it; a
 * remote target is written first and recorded after, which a crash in between makes a comparison without difference.
 */
export function makeWritingSink(parts: WritingSinkParts): PlanSink {
  const { objectType, target, state, book, clock } = parts;
  const now = (): number => Math.max(clock.now(), book.startedAt);

  const record = async (
    tx: StateTransaction,
    objects: readonly PlannedObject[],
    settled: readonly Settled[],
    waits: readonly PendingMember[],
    counts: OutcomeCounts,
    unattended: boolean,
  ): Promise<readonly number[]> => {
    const links = settled.flatMap(({ link }) => (link === undefined ? [] : [link]));
    const removed = settled.flatMap(({ removeLink }) => (removeLink === undefined ? [] : [removeLink]));
    const journal = settled.flatMap(({ journal: line }) => (line === undefined ? [] : [line]));
    const numbers = links.length > 0 ? await tx.saveLinks(links) : [];
    // A group that is removed in the same breath takes what waits in it along.
    if (waits.length > 0) await tx.addPending(waits);
    if (removed.length > 0) await tx.removeLinks(removed);
    if (journal.length > 0) await tx.appendJournal(book.runId, journal);
    const made = unattended ? settled.filter(isRemoved).length : 0;
    if (made > 0) await tx.recordRemovals(objectType, now(), made);
    if (
      (parts.memberships && settled.some((one, at) => isTiedAnew(one, objects[at]))) ||
      (parts.newcomersEndPosition && settled.some((one, at) => isNewcomer(one, objects[at])))
    )
      await tx.savePosition(undefined);
    await tx.saveRun(book.snapshot(counts));
    return numbers;
  };

  const settleAll = (
    work: Work,
    results: readonly TargetWriteResult[],
    mayDefer: (count: number) => boolean,
  ): {
    readonly settled: readonly Settled[];
    /** The objects of `settled`, in the same order. */
    readonly objects: readonly PlannedObject[];
    readonly waits: readonly PendingMember[];
    readonly deferred: readonly string[];
    readonly counts: OutcomeCounts;
  } => {
    const settled: Settled[] = [];
    const done: PlannedObject[] = [];
    const waits: PendingMember[] = [];
    const deferred: string[] = [];
    const counts = zeroCounts();
    const at = now();
    for (const [index, object] of work.objects.entries()) {
      const own = work.writeOf[index] ?? -1;
      const write = own < 0 ? undefined : work.writes[own];
      const made = settle(
        objectType,
        object,
        write?.kind === 'create' ? write.id : undefined,
        results[own],
        at,
      );
      if (made.outcome === 'conflict' && object.key !== '' && mayDefer(deferred.length + 1)) {
        deferred.push(object.key);
        continue;
      }
      if (!made.membersFollow) counts[made.outcome] += 1;
      if (made.removeLink !== undefined) waits.push(...object.waits);
      settled.push(made);
      done.push(object);
    }
    return { settled, objects: done, waits, deferred, counts };
  };

  const applied = async (
    writes: readonly TargetWrite[],
    tx: StateTransaction | undefined,
  ): Promise<readonly TargetWriteResult[]> => {
    const results = await target.apply(objectType, writes, tx);
    assertAnswered(writes, results);
    return results;
  };

  const carryOut = async (
    objects: readonly PlannedObject[],
    mayDefer: (count: number) => boolean,
    done: (one: CarriedOut) => void,
    unattended: boolean,
  ): Promise<readonly string[]> => {
    if (objects.length === 0) return [];
    const work = workOf(objects, () => target.newId());
    let results: readonly TargetWriteResult[] = [];
    if (!target.inTransaction && work.writes.length > 0) {
      results = await applied(work.writes, undefined);
      results = await settleUnknown(target, objectType, work.writes, results);
    }
    const before =
      work.writes.length === 0 || !target.inTransaction ? settleAll(work, results, mayDefer) : undefined;
    const { answer, numbers } =
      before !== undefined && isSilent(before.settled)
        ? { answer: before, numbers: [] }
        : await state.transaction(async (tx) => {
            const answer = before ?? settleAll(work, await applied(work.writes, tx), mayDefer);
            return {
              answer,
              numbers: await record(
                tx,
                answer.objects,
                answer.settled,
                answer.waits,
                answer.counts,
                unattended,
              ),
            };
          });
    let at = 0;
    for (const [index, settled] of answer.settled.entries()) {
      const object = answer.objects[index];
      const linkNumber = settled.link === undefined ? object?.link?.number : numbers[at++];
      if (object !== undefined) done({ object, settled, linkNumber });
    }
    book.addAll(answer.counts);
    return answer.deferred;
  };

  return {
    carryOut: (objects, mayDefer, done) => carryOut(objects, mayDefer, done, false),

    carryOutMembers: makeMembersWriter({ target, state, book, now }),

    remove: async (objects) => {
      await carryOut(
        objects,
        () => false,
        () => undefined,
        true,
      );
    },

    hold: async (objects: readonly HeldObject[]) => {
      if (objects.length === 0) return;
      const at = now();
      const counts = { ...zeroCounts(), held: objects.length };
      const held = objects.map(({ object }) => object);
      const settled = held.map((object) => settle(objectType, object, undefined, undefined, at));
      await state.transaction((tx) => record(tx, held, settled, [], counts, false));
      book.addAll(counts);
    },
  };
}
