import type { AttributeChange, Outcome } from '@sallyport/model';
import type { JournalEntry, LinkWrite } from '../port/sync-state.ts';
import type { TargetMember } from '../port/target.ts';
import { numberOf } from '../run/number-of.ts';
import { type MembersPlan, memberKey, shownOf } from './members-plan.ts';

/** What the target answered to all writes of one group together. */
export interface MembersResult {
  /** Undefined if nothing was written. */
  readonly version: number | undefined;
  readonly added: number;
  readonly removed: number;
  readonly refused: readonly {
    readonly member: TargetMember;
    readonly code: string;
    readonly message: string;
  }[];
  /** The group itself was refused. */
  readonly failed: { readonly code: string; readonly message: string } | undefined;
}

export const NO_RESULT: MembersResult = {
  version: undefined,
  added: 0,
  removed: 0,
  refused: [],
  failed: undefined,
};

export interface SettledMembers {
  /** What is counted for the group; undefined if it had no turn of its own and nothing happened to it. */
  readonly outcome: Outcome | undefined;
  /** Undefined if the stored link says all of this already. */
  readonly link: LinkWrite | undefined;
  readonly journal: JournalEntry | undefined;
  readonly held: number;
}

const SHOWN_REASONS = 3;

/** `members: 3 added, 1 removed`; undefined if nothing changed. */
export function movementText(added: number, removed: number): string | undefined {
  const parts = [...(added > 0 ? [`${added} added`] : []), ...(removed > 0 ? [`${removed} removed`] : [])];
  return parts.length === 0 ? undefined : `members: ${parts.join(', ')}`;
}

function failureOf(
  plan: MembersPlan,
  { failed, refused }: MembersResult,
): { readonly code: string; readonly text: string } | undefined {
  if (failed !== undefined)
    return { code: failed.code, text: `its members were refused by the target: ${failed.message}` };
  const [first] = refused;
  if (first === undefined) return undefined;
  const named = refused
    .slice(0, SHOWN_REASONS)
    .map(({ member, message }) => `${plan.labels.get(memberKey(member)) ?? member.id}: ${message}`);
  const more = refused.length > SHOWN_REASONS ? `; and ${refused.length - SHOWN_REASONS} more` : '';
  return {
    code: first.code,
    text: `${refused.length} of ${numberOf(plan.total, 'membership')} failed: ${named.join('; ')}${more}`,
  };
}

function labelsOf(plan: MembersPlan, members: readonly TargetMember[]): readonly string[] {
  return members
    .slice(0, shownOf(plan.turn))
    .map((member) => plan.labels.get(memberKey(member)) ?? member.id);
}

function changesOf(plan: MembersPlan, { refused, failed }: MembersResult): readonly AttributeChange[] {
  if (failed !== undefined) return [];
  const out = new Set(refused.map(({ member }) => memberKey(member)));
  const went = (members: readonly TargetMember[]): readonly TargetMember[] =>
    out.size === 0 ? members : members.filter((member) => !out.has(memberKey(member)));
  const before = labelsOf(plan, went(plan.removed));
  const after = labelsOf(plan, went(plan.added));
  return before.length + after.length === 0 ? [] : [{ attribute: 'members', before, after }];
}

function sameState(stored: LinkWrite, write: LinkWrite): boolean {
  return (
    stored.status === write.status &&
    stored.outcome === write.outcome &&
    stored.reason === write.reason &&
    stored.errorCode === write.errorCode &&
    stored.fingerprint === write.fingerprint &&
    stored.targetVersion === write.targetVersion
  );
}

/** A version that nobody saw compared makes the next full run compare. */
function versionOf({ versionKnown, turn }: MembersPlan, { version }: MembersResult): number {
  if (!versionKnown || turn.stored.targetVersion === 0) return 0;
  return version ?? turn.stored.targetVersion;
}

/**
 * What became of a group with its members: link, journal line and what is counted. Pure. A group with a refused or a held
 * membership keeps an empty fingerprint, so that the next full run compares it again.
 */
export function settleMembers(plan: MembersPlan, result: MembersResult, now: number): SettledMembers {
  const { turn, whole, held, kept } = plan;
  const { stored, before } = turn;
  const failure = failureOf(plan, result);
  const moved = movementText(result.added, result.removed);
  const ownNews = turn.outcome !== undefined && turn.outcome !== 'unchanged';
  const said: string[] = [];
  if (ownNews) said.push(stored.reason);
  if (moved !== undefined) said.push(moved);
  const waits =
    held.length === 0
      ? undefined
      : `the removal of ${numberOf(held.length, 'membership')} waits for a person: ${plan.heldReason}`;
  let { status, errorCode, outcome } = stored;
  let counted: Outcome | undefined = turn.outcome;
  if (plan.released !== undefined) {
    said.push(plan.released);
    if (status === 'HELD') {
      status = 'SUCCESS';
      errorCode = undefined;
    } else if (status !== 'SUCCESS') said.push('what else failed is tried again by the next full run');
    outcome = counted = moved === undefined ? 'skipped' : 'updated';
  }
  if (failure !== undefined) {
    status = 'FAILED';
    errorCode = failure.code;
    outcome = counted = 'failed';
    said.push(failure.text);
    if (waits !== undefined) said.push(waits);
  } else if (waits !== undefined) {
    status = 'HELD';
    errorCode = 'MEMBER_REMOVALS_HELD';
    outcome = counted = 'held';
    said.push(waits);
  } else {
    if (whole && kept.length > 0) {
      if (status === 'SUCCESS') status = 'PARTIAL_SYNCED';
      said.push(`${numberOf(kept.length, 'membership')} kept: a person discarded their removal`);
    }
    if (moved !== undefined && (counted === undefined || counted === 'unchanged' || counted === 'skipped'))
      outcome = counted = 'updated';
  }
  const partlyDone = failure !== undefined || held.length > 0;
  // What is wrong with the group stays its story while single members come and go.
  const news =
    partlyDone ||
    plan.released !== undefined ||
    (whole && kept.length > 0) ||
    (moved !== undefined && (whole || status === 'SUCCESS'));
  const write: LinkWrite = {
    ...stored,
    status,
    errorCode,
    outcome,
    reason: news ? said.join('; ') : stored.reason,
    fingerprint: partlyDone ? '' : turn.fingerprint,
    targetVersion: versionOf(plan, result),
    lastSyncAt: now,
    reference: undefined,
    otherReferences: undefined,
  };
  const repeated = before !== undefined && before.status === status && before.reason === write.reason;
  const told = moved !== undefined || plan.released !== undefined || (partlyDone && !repeated);
  return {
    outcome: counted,
    link: sameState(stored, write) ? undefined : write,
    journal: told
      ? {
          at: now,
          objectType: 'group',
          sourceKey: stored.sourceKey,
          place: stored.place,
          targetId: turn.targetId,
          label: turn.label,
          outcome: partlyDone || plan.released !== undefined ? outcome : 'updated',
          reason: partlyDone || plan.released !== undefined ? write.reason : (moved ?? write.reason),
          errorCode: partlyDone ? errorCode : undefined,
          changes: changesOf(plan, result),
        }
      : undefined,
    held: held.length,
  };
}
