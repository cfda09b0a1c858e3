import type { GuardVerdict } from '../guard/guard.ts';
import type { Distrust } from '../guard/read-trust.ts';
import type { HeldRemoval } from '../port/sync-state.ts';
import type { ExecutionEnd, RunParts, TypeEnd } from './execution.ts';
import { numberOf } from './number-of.ts';

/** What the types of a run came to together. */
export interface RunVerdict {
  readonly status: 'completed' | 'held';
  readonly distrust: Distrust | undefined;
  /** The guard that held something, else any that had something to decide. */
  readonly guard: GuardVerdict | undefined;
  readonly held: readonly HeldRemoval[];
  /** Why the run is held. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

function isOver({ held }: TypeEnd): boolean {
  return held.kind === 'list';
}

/** One verdict of all types: an unbelievable read first, then everything that waits for a person. */
export function verdictOf({ types }: ExecutionEnd, memberships: RunParts['memberships']): RunVerdict {
  const distrusted = types.filter(({ distrust }) => distrust !== undefined);
  const over = types.filter(isOver);
  const { distrust } = distrusted[0] ?? {};
  const guard = (over[0] ?? types.find((one) => one.guard !== undefined))?.guard;
  const waiting = memberships?.held;
  const reasons = over.map(({ objectType, guard: one }) =>
    types.length === 1 ? (one?.reason ?? '') : `${objectType}s: ${one?.reason ?? ''}`,
  );
  if (waiting !== undefined && waiting.groups > 0)
    reasons.push(
      `the removal of ${numberOf(waiting.memberships, 'membership')} of ${numberOf(waiting.groups, 'group')} waits for a person (${waiting.reason})`,
    );
  const error =
    distrust === undefined
      ? reasons.length > 0
        ? { code: 'REMOVALS_HELD', message: reasons.join('; ') }
        : undefined
      : {
          code: distrust.code,
          message:
            types.length === 1 || distrusted.length === types.length
              ? distrust.message
              : `${distrusted.map(({ objectType }) => `${objectType}s`).join(', ')}: ${distrust.message}`,
        };
  return {
    status: error === undefined ? 'completed' : 'held',
    distrust,
    guard,
    held: over.flatMap(({ held }) => (held.kind === 'list' ? held.removals : [])),
    error,
  };
}
