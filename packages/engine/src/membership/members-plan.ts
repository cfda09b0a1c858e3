import type { Outcome } from '@sallyport/model';
import type { HeldMember, Link, LinkWrite } from '../port/sync-state.ts';
import type { TargetMember } from '../port/target.ts';

/** One group whose members are looked at, and what its own turn came to. */
export interface GroupTurn {
  /** Its link as it is stored now. Without a number only in previews. */
  readonly stored: LinkWrite;
  /** Its link before its own turn; the same as `stored` if it had none. */
  readonly before: Link | undefined;
  readonly targetId: string;
  /** What a person recognises: the group's name. */
  readonly label: string;
  /** What its own turn came to, which is counted with its members; undefined without one. */
  readonly outcome: Outcome | undefined;
  /** To be stored once its members are in order. */
  readonly fingerprint: string;
  /** Made just now, so that it has no members yet. */
  readonly isNew: boolean;
}

/** What is to happen to the members of one group. A value: it can be shown, held and carried out. */
export interface MembersPlan {
  readonly turn: GroupTurn;
  /** All members were compared; otherwise only those named here were looked at. */
  readonly whole: boolean;
  readonly added: readonly TargetMember[];
  readonly removed: readonly TargetMember[];
  /** Removals that wait for a person. */
  readonly held: readonly HeldMember[];
  readonly heldReason: string;
  /** Members that a person decided to keep. */
  readonly kept: readonly HeldMember[];
  /** `held` and `kept` differ from what is stored of this group. */
  readonly rewritesHeld: boolean;
  /** The run whose list waits now, which rows that a person kept must not take it from. */
  readonly heldRun: string | undefined;
  /** References that begin and end to wait. */
  readonly pendingAdded: readonly string[];
  readonly pendingRemoved: readonly string[];
  /** Memberships that were looked at: `3 of 40`. */
  readonly total: number;
  /** The group has the version its link names: nobody wrote since it was compared. */
  readonly versionKnown: boolean;
  /** A person let removals go that waited: how this is said. */
  readonly released?: string | undefined;
  /** Names of members by type and id, of as many as are shown. */
  readonly labels: ReadonlyMap<string, string>;
}

export function memberKey({ objectType, id }: TargetMember): string {
  return `${objectType} ${id}`;
}

/** Names shown of the members that came to, or left, a group. */
export const SHOWN_MEMBERS = 50;
/** The same for a group made in this run: a first load would ask for the name of everybody, once for each group. */
export const SHOWN_NEW_MEMBERS = 10;

export function shownOf(turn: GroupTurn): number {
  return turn.isNew ? SHOWN_NEW_MEMBERS : SHOWN_MEMBERS;
}
