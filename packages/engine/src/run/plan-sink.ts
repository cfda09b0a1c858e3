import type { MembersPlan } from '../membership/members-plan.ts';
import type { SettledMembers } from '../membership/settle-members.ts';
import type { HeldRemoval } from '../port/sync-state.ts';
import type { PlannedObject } from './planned-object.ts';
import type { Settled } from './settle.ts';

/** A removal that the guard stops, with what is needed to show it. */
export interface HeldObject {
  readonly object: PlannedObject;
  readonly removal: HeldRemoval;
}

/** An object that was carried out, and how it is stored now. */
export interface CarriedOut {
  readonly object: PlannedObject;
  readonly settled: Settled;
  /** Number of its link; undefined without one, which in a preview is any object that is not linked yet. */
  readonly linkNumber: number | undefined;
}

/** Where plans go: to the target and the state in a run, to a list in a preview. The code that makes them is the same. */
export interface PlanSink {
  /**
   * Carries out plans and answers the keys of those that conflict and were left for a later try; none if `mayDefer` is
   * false. `done` hears of all the others. Groups whose members follow are counted with those.
   */
  carryOut(
    objects: readonly PlannedObject[],
    mayDefer: (count: number) => boolean,
    done: (one: CarriedOut) => void,
  ): Promise<readonly string[]>;
  /** Removals that the guard let through without a person: carried out, and counted by the guard of the runs to come. */
  remove(objects: readonly PlannedObject[]): Promise<void>;
  hold(objects: readonly HeldObject[]): Promise<void>;
  /** Memberships of groups, their links and what waits, together; answers what became of each, in order. */
  carryOutMembers(plans: readonly MembersPlan[]): Promise<readonly SettledMembers[]>;
}
