import type { HeldRemoval } from '../port/sync-state.ts';
import type { PlannedObject } from './planned-object.ts';

/** A removal that the guard stops, with what is needed to show it. */
export interface HeldObject {
  readonly object: PlannedObject;
  readonly removal: HeldRemoval;
}

/** Where plans go: to the target and the state in a run, to a list in a preview. The code that makes them is the same. */
export interface PlanSink {
  /**
   * Carries out plans and answers the keys of those that conflict and were left for a later try; none if `mayDefer` is
   * false. `made` hears the number of every link that was written.
   */
  carryOut(
    objects: readonly PlannedObject[],
    mayDefer: (count: number) => boolean,
    made: (linkNumber: number) => void,
  ): Promise<readonly string[]>;
  /** Removals that the guard let through without a person: carried out, and counted by the guard of the runs to come. */
  remove(objects: readonly PlannedObject[]): Promise<void>;
  hold(objects: readonly HeldObject[]): Promise<void>;
}
