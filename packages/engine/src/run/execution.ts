import type { Clock, Log } from '@sallyport/runtime';
import type { GuardVerdict } from '../guard/guard.ts';
import type { Distrust } from '../guard/read-trust.ts';
import type { CompiledMappings } from '../mapping/compiled-mappings.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { ReadEnd, ReadNeed, SourceReader } from '../port/source.ts';
import type { HeldRemoval } from '../port/sync-state.ts';
import type { EngineRule } from '../rule/engine-rule.ts';
import type { Permissions } from '../rule/permissions.ts';
import type { BatchPlanner } from './batch-planner.ts';
import type { PlanSink } from './plan-sink.ts';
import type { RunLedger } from './run-ledger.ts';

/** Everything the steps of one run share. A preview's has no writing method in it. */
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

/** What a run leaves behind when its objects are done. */
export interface ExecutionEnd {
  readonly type: 'full' | 'delta';
  readonly read: ReadEnd;
  readonly distrust: Distrust | undefined;
  /** Undefined if there was nothing to remove. */
  readonly guard: GuardVerdict | undefined;
  /** The list that waits now: `keep` leaves the stored one as it is, `none` ends it. */
  readonly held:
    | { readonly kind: 'keep' }
    | { readonly kind: 'none' }
    | { readonly kind: 'list'; readonly removals: readonly HeldRemoval[] };
}

/** Keys asked for at once: small enough for one filter, large enough to be few. */
export const KEYS_AT_ONCE = 500;

export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const made: T[][] = [];
  for (let at = 0; at < items.length; at += size) made.push(items.slice(at, at + size));
  return made;
}
