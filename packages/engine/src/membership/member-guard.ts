import { numberOf } from '../run/number-of.ts';

/** As many memberships one group may lose within `REMOVAL_WINDOW_MS` without a person, whatever percentage of it they are. */
export const MEMBER_FLOOR = 20;

export interface MemberGuardInput {
  readonly limits: { readonly maxMemberRemovals: number; readonly maxMemberRemovalsPercent: number };
  /** Memberships of the group at the target before any of the removals, those of the window too; asked only where it matters. */
  readonly members: number | undefined;
  /** Removals wanted now. */
  readonly wanted: number;
  /** Unattended removals made from the same group within the window: a change feed tells of an accident in slices. */
  readonly removed: number;
}

export type MemberVerdict =
  | { readonly passes: true }
  | { readonly passes: false; readonly reason: string }
  /** It depends on how many members the group has. */
  | { readonly passes: undefined };

/**
 * The guard of one group. Groups are small and lose people all the time, so that a percentage alone would hold the ordinary: up
 * to `MEMBER_FLOOR` go whatever part of the group they are, unless a limit is 0. The percentage is rounded up.
 */
export function guardMembers({ limits, members, wanted, removed }: MemberGuardInput): MemberVerdict {
  const { maxMemberRemovals, maxMemberRemovalsPercent } = limits;
  const total = wanted + removed;
  if (wanted === 0) return { passes: true };
  const before = removed > 0 ? `, with ${removed} made within the last hour,` : '';
  if (total > maxMemberRemovals)
    return {
      passes: false,
      reason: `${numberOf(wanted, 'removal')}${before} would be more than the rule allows: at most ${maxMemberRemovals} a group`,
    };
  if (maxMemberRemovalsPercent > 0 && total <= MEMBER_FLOOR) return { passes: true };
  if (members === undefined) return { passes: undefined };
  const allowed = Math.ceil((members * maxMemberRemovalsPercent) / 100);
  if (total <= allowed) return { passes: true };
  return {
    passes: false,
    reason: `${numberOf(wanted, 'removal')}${before} would be more than the rule allows: at most ${maxMemberRemovalsPercent} % of ${members} members, which is ${allowed}`,
  };
}
