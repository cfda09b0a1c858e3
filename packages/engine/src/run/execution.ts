import type { ObjectType } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { GuardVerdict } from '../guard/guard.ts';
import type { Distrust } from '../guard/read-trust.ts';
import type { CompiledMappings } from '../mapping/compiled-mappings.ts';
import type { Memberships } from '../membership/memberships.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { ReadEnd, ReadNeed, SourceReader } from '../port/source.ts';
import type { HeldRemoval } from '../port/sync-state.ts';
import type { EngineRule } from '../rule/engine-rule.ts';
import type { Permissions } from '../rule/permissions.ts';
import type { BatchPlanner } from './batch-planner.ts';
import type { PlanSink } from './plan-sink.ts';
import type { RunLedger } from './run-ledger.ts';

/**
 * What the steps of one run share for objects of one type: `rule` is the rule as it looks upon that type. A preview's has no
 * writing method in it.
 */
export interface Execution {
  readonly rule: EngineRule;
  readonly mappings: CompiledMappings;
  readonly permissions: Permissions;
  readonly need: ReadNeed;
  readonly source: SourceReader;
  readonly target: ReadableTarget;
  readonly state: ReadableState;
  readonly planner: BatchPlanner;
  readonly sink: PlanSink;
  readonly ledger: RunLedger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** One run: users, then groups, on one position. */
export interface RunParts {
  readonly main: Execution;
  /** Undefined if the rule does not look at groups. */
  readonly groups: Execution | undefined;
  /** Undefined if memberships are not synced. */
  readonly memberships: Memberships | undefined;
  /** The run before this one was killed: what it left half done is looked for. */
  readonly recovering: boolean;
}

/** What a run leaves behind of one type when its objects are done. */
export interface TypeEnd {
  readonly objectType: ObjectType;
  /** Objects read. */
  readonly objects: number;
  readonly distrust: Distrust | undefined;
  /** Undefined if there was nothing to remove. */
  readonly guard: GuardVerdict | undefined;
  /** The list that waits now: `keep` leaves the stored one as it is, `none` ends it. */
  readonly held:
    | { readonly kind: 'keep' }
    | { readonly kind: 'none' }
    | { readonly kind: 'list'; readonly removals: readonly HeldRemoval[] };
}

export interface ExecutionEnd {
  readonly type: 'full' | 'delta';
  readonly read: ReadEnd;
  readonly types: readonly TypeEnd[];
}
