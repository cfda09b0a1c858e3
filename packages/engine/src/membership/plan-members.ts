import type { ObjectType } from '@sallyport/model';
import { REMOVAL_WINDOW_MS } from '../guard/guard.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { HeldMember, MemberLink } from '../port/sync-state.ts';
import type { TargetMember } from '../port/target.ts';
import type { GroupRule } from '../rule/engine-rule.ts';
import { KEYS_AT_ONCE } from '../run/chunks.ts';
import { giveWay, inTurns } from '../run/give-way.ts';
import { guardMembers } from './member-guard.ts';
import { type GroupTurn, type MembersPlan, memberKey, shownOf } from './members-plan.ts';
import type { Resolver } from './resolve-references.ts';

// Longer than a page: one comparison of many groups at once, in steps that each ask for all groups together.

const IDS_AT_ONCE = 5_000;
const PENDING_AT_ONCE = 5_000;
/** Groups whose members are paged side by side. */
const PAGED_AT_ONCE = 8;
const TYPES: readonly ObjectType[] = ['user', 'group'];

export interface MembersPlanner {
  readonly limits: GroupRule;
  readonly state: ReadableState;
  readonly target: ReadableTarget & { readonly memberships: NonNullable<ReadableTarget['memberships']> };
  readonly resolver: Resolver;
  /** Target attribute that names an object of the type to people. */
  readonly nameOf: (objectType: ObjectType) => string;
  /** What waits for a person, or was kept by one, by number of the group's link. */
  readonly heldOf: (groupLink: number) => readonly HeldMember[];
  /** The run that made the list of what waits. */
  readonly heldRun: () => string | undefined;
  /** Only in previews: an object that the run would have made, under its reference. */
  readonly expected?: ((reference: string) => ExpectedMember | undefined) | undefined;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export interface ExpectedMember {
  readonly objectType: ObjectType;
  /** Of the target object it was matched with, else its reference. */
  readonly id: string;
  readonly label: string;
}

/** A group in scope with the references of all its members. */
export interface WholeGroup {
  readonly turn: GroupTurn;
  readonly references: readonly string[];
}

/** Single members of a linked group. */
export interface PartOfGroup {
  readonly turn: GroupTurn;
  readonly added: readonly MemberLink[];
  readonly removed: readonly MemberLink[];
  readonly pendingAdded: readonly string[];
  readonly pendingRemoved: readonly string[];
}

interface Draft {
  readonly turn: GroupTurn;
  readonly whole: boolean;
  readonly total: number;
  readonly added: readonly TargetMember[];
  removed: readonly TargetMember[];
  held: readonly TargetMember[];
  heldReason: string;
  kept: readonly HeldMember[];
  readonly pendingAdded: readonly string[];
  readonly pendingRemoved: readonly string[];
}

function targetMember({ objectType, targetId }: MemberLink): TargetMember | undefined {
  return targetId === undefined ? undefined : { objectType, id: targetId };
}

/** What the source wants of one group: members by key, and references that nothing answers to. */
interface Wanted {
  readonly members: Map<string, TargetMember>;
  readonly pending: ReadonlySet<string>;
  readonly expected: ReadonlyMap<string, string>;
}

function wantedOf(
  references: readonly string[],
  links: ReadonlyMap<string, MemberLink>,
  expected: MembersPlanner['expected'],
): Wanted {
  const members = new Map<string, TargetMember>();
  const pending = new Set<string>();
  const labels = new Map<string, string>();
  for (const reference of references) {
    const link = links.get(reference);
    const member = link === undefined ? undefined : targetMember(link);
    if (member !== undefined) {
      members.set(memberKey(member), member);
      continue;
    }
    const coming = expected?.(reference);
    if (coming === undefined) pending.add(reference);
    else {
      const made = { objectType: coming.objectType, id: coming.id };
      members.set(memberKey(made), made);
      labels.set(memberKey(made), coming.label);
    }
  }
  return { members, pending, expected: labels };
}

/** Pages through a group at the target. Takes what it finds out of `wanted`; answers the rest and how many there are. */
async function compareWithTarget(
  { target, signal }: MembersPlanner,
  groupId: string,
  wanted: Map<string, TargetMember>,
): Promise<{ readonly members: number; readonly others: readonly TargetMember[] }> {
  const others: TargetMember[] = [];
  let members = 0;
  for (const objectType of TYPES)
    for (let after = ''; ; ) {
      signal.throwIfAborted();
      const ids = await target.memberships.members(groupId, objectType, after, IDS_AT_ONCE);
      for (const id of ids) {
        const member = { objectType, id };
        if (!wanted.delete(memberKey(member))) others.push(member);
      }
      members += ids.length;
      const last = ids.at(-1);
      if (last === undefined || ids.length < IDS_AT_ONCE) break;
      after = last;
      await giveWay();
    }
  return { members, others };
}

async function countMembers({ target, signal }: MembersPlanner, groupId: string): Promise<number> {
  let members = 0;
  for (const objectType of TYPES)
    for (let after = ''; ; ) {
      signal.throwIfAborted();
      const ids = await target.memberships.members(groupId, objectType, after, IDS_AT_ONCE);
      members += ids.length;
      const last = ids.at(-1);
      if (last === undefined || ids.length < IDS_AT_ONCE) break;
      after = last;
      await giveWay();
    }
  return members;
}

/** Which of these are linked under this rule: whoever is not was put into the group by somebody else. */
async function ownMembers(
  { state }: MembersPlanner,
  members: Iterable<TargetMember>,
): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  const all = [...members];
  for (const objectType of TYPES) {
    const ids = [...new Set(all.filter((one) => one.objectType === objectType).map(({ id }) => id))];
    for await (const chunk of inTurns(ids, IDS_AT_ONCE))
      for (const id of (await state.linksByTargets(objectType, chunk)).keys())
        own.add(memberKey({ objectType, id }));
  }
  return own;
}

/** The references that wait in each of these groups. */
async function waitingIn(
  { state, signal }: MembersPlanner,
  groupLinks: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const waiting = new Map<number, ReadonlySet<string>>();
  for await (const chunk of inTurns(groupLinks, KEYS_AT_ONCE))
    for (const groupLink of (await state.countPending(chunk)).keys()) {
      const references = new Set<string>();
      for (let after = ''; ; ) {
        signal.throwIfAborted();
        const page = await state.pendingOf(groupLink, after, PENDING_AT_ONCE);
        for (const reference of page) references.add(reference);
        const last = page.at(-1);
        if (last === undefined || page.length < PENDING_AT_ONCE) break;
        after = last;
        await giveWay();
      }
      waiting.set(groupLink, references);
    }
  return waiting;
}

/** What each group that is to lose members has lost without a person within the window, this run's included. */
async function removedBefore(
  { state, now }: MembersPlanner,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<number, number>> {
  const losing = drafts.flatMap(({ removed, turn }) =>
    removed.length === 0 ? [] : (turn.stored.number ?? []),
  );
  const counts = new Map<number, number>();
  for await (const chunk of inTurns(losing, KEYS_AT_ONCE))
    for (const [number, count] of await state.membersRemovedSince(chunk, now() - REMOVAL_WINDOW_MS))
      counts.set(number, count);
  return counts;
}

/** Lets removals through, or has them wait. `members` is asked for only where the verdict depends on it. */
async function guard(
  planner: MembersPlanner,
  draft: Draft,
  members: number | undefined,
  before: ReadonlyMap<number, number>,
): Promise<void> {
  const { number } = draft.turn.stored;
  if (draft.removed.length === 0) return;
  const removed = number === undefined ? 0 : (before.get(number) ?? 0);
  const ask = (known: number | undefined) =>
    guardMembers({
      limits: planner.limits,
      members: known === undefined ? undefined : known + removed,
      wanted: draft.removed.length,
      removed,
    });
  let verdict = ask(members);
  if (verdict.passes === undefined) verdict = ask(await countMembers(planner, draft.turn.targetId));
  if (verdict.passes !== false) return;
  draft.held = draft.removed;
  draft.heldReason = verdict.reason;
  draft.removed = [];
}

/** Names of members for people, by type and id. */
export async function labelsOfMembers(
  { target, nameOf }: Pick<MembersPlanner, 'nameOf'> & { readonly target: Pick<ReadableTarget, 'readMany'> },
  members: Iterable<TargetMember>,
): Promise<ReadonlyMap<string, string>> {
  const labels = new Map<string, string>();
  const all = [...members];
  for (const objectType of TYPES) {
    const ids = all.flatMap((one) => (one.objectType === objectType ? [one.id] : []));
    for await (const chunk of inTurns(ids, KEYS_AT_ONCE))
      for (const [id, object] of await target.readMany(objectType, chunk)) {
        const label = object.attributes[nameOf(objectType)]?.[0];
        if (label !== undefined) labels.set(memberKey({ objectType, id }), label);
      }
  }
  return labels;
}

async function labelsOf(
  planner: MembersPlanner,
  drafts: readonly Draft[],
  known: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map<string, TargetMember>();
  for (const { turn, added, removed, held } of drafts) {
    const shown = shownOf(turn);
    for (const member of [...added.slice(0, shown), ...removed.slice(0, shown), ...held])
      wanted.set(memberKey(member), member);
  }
  const asked = [...wanted].flatMap(([key, member]) => (known.has(key) ? [] : [member]));
  return new Map([...known, ...(await labelsOfMembers(planner, asked))]);
}

async function finished(
  planner: MembersPlanner,
  drafts: readonly Draft[],
  expected: ReadonlyMap<string, string>,
): Promise<readonly MembersPlan[]> {
  const labels = await labelsOf(planner, drafts, expected);
  const ids = drafts.flatMap(({ turn }) => (turn.isNew ? [] : [turn.targetId]));
  const versions = new Map<string, number>();
  for await (const chunk of inTurns(ids, KEYS_AT_ONCE))
    for (const [id, version] of await planner.target.versions('group', chunk)) versions.set(id, version);
  return drafts.map((draft) => {
    const { turn } = draft;
    const { number } = turn.stored;
    const before = number === undefined ? [] : planner.heldOf(number);
    const held = draft.held.map(
      (member): HeldMember => ({
        groupLink: number ?? 0,
        member,
        label: labels.get(memberKey(member)) ?? member.id,
        kept: false,
      }),
    );
    return {
      ...draft,
      held,
      heldRun: planner.heldRun(),
      rewritesHeld: held.length > 0 || before.length !== draft.kept.length,
      versionKnown: turn.isNew || versions.get(turn.targetId) === turn.stored.targetVersion,
      labels,
    };
  });
}

/**
 * Compares whole groups with what the target has. References of all groups are resolved together, and so is everything else that can
 * be asked for many at once; only a group that exists already is paged through.
 */
export async function planWholeGroups(
  planner: MembersPlanner,
  groups: readonly WholeGroup[],
): Promise<readonly MembersPlan[]> {
  const links = await planner.resolver.resolve(groups.flatMap(({ references }) => references));
  const numbers = groups.flatMap(({ turn }) =>
    turn.before === undefined || turn.stored.number === undefined ? [] : [turn.stored.number],
  );
  const waiting = await waitingIn(planner, numbers);
  const expected = new Map<string, string>();
  const compared: { draft: Draft; members: number; others: readonly TargetMember[] }[] = [];
  for await (const side of inTurns(groups, PAGED_AT_ONCE))
    compared.push(
      ...(await Promise.all(
        side.map(async ({ turn, references }) => {
          const wanted = wantedOf(references, links, planner.expected);
          for (const [key, label] of wanted.expected) expected.set(key, label);
          const { members, others } = turn.isNew
            ? { members: 0, others: [] }
            : await compareWithTarget(planner, turn.targetId, wanted.members);
          const waits = turn.stored.number === undefined ? undefined : waiting.get(turn.stored.number);
          const draft: Draft = {
            turn,
            whole: true,
            total: references.length,
            added: [...wanted.members.values()],
            removed: [],
            held: [],
            heldReason: '',
            kept: [],
            pendingAdded: [...wanted.pending].filter((reference) => waits?.has(reference) !== true),
            pendingRemoved: waits === undefined ? [] : [...waits].filter((one) => !wanted.pending.has(one)),
          };
          return { draft, members, others };
        }),
      )),
    );
  const own = await ownMembers(
    planner,
    compared.flatMap(({ others }) => others),
  );
  for (const { draft, others } of compared) {
    const { number } = draft.turn.stored;
    const kept = new Map(
      (number === undefined ? [] : planner.heldOf(number))
        .filter((one) => one.kept)
        .map((one) => [memberKey(one.member), one]),
    );
    const leaving = others.filter((member) => own.has(memberKey(member)));
    draft.kept = leaving.flatMap((member) => kept.get(memberKey(member)) ?? []);
    draft.removed = leaving.filter((member) => !kept.has(memberKey(member)));
  }
  const removed = await removedBefore(
    planner,
    compared.map(({ draft }) => draft),
  );
  for (const { draft, members } of compared) await guard(planner, draft, members, removed);
  return finished(
    planner,
    compared.map(({ draft }) => draft),
    expected,
  );
}

/** Members that are to come or go and have not yet: what is told may have been written before, by this rule or by somebody else. */
async function outstanding(
  { target, heldOf }: MembersPlanner,
  { turn, added, removed }: PartOfGroup,
): Promise<Pick<Draft, 'added' | 'removed'>> {
  const coming = added.flatMap((link) => targetMember(link) ?? []);
  const leaving = removed.flatMap((link) => targetMember(link) ?? []);
  const present = new Set<string>();
  for await (const chunk of inTurns([...coming, ...leaving], IDS_AT_ONCE))
    for (const member of await target.memberships.membersAmong(turn.targetId, chunk))
      present.add(memberKey(member));
  // Whoever waits for a person, or was kept by one, is that person's to remove.
  const held = turn.stored.number === undefined ? [] : heldOf(turn.stored.number);
  const decided = new Set(held.map(({ member }) => memberKey(member)));
  return {
    added: coming.filter((member) => !present.has(memberKey(member))),
    removed: leaving.filter((member) => present.has(memberKey(member)) && !decided.has(memberKey(member))),
  };
}

/** Single members that came and went. The group itself is not read, unless so many go that the guard has to know its size. */
export async function planParts(
  planner: MembersPlanner,
  parts: readonly PartOfGroup[],
): Promise<readonly MembersPlan[]> {
  const drafts: Draft[] = [];
  for await (const side of inTurns(parts, PAGED_AT_ONCE))
    drafts.push(
      ...(await Promise.all(
        side.map(async (part): Promise<Draft> => {
          const { turn, added, removed, pendingAdded, pendingRemoved } = part;
          return {
            turn,
            whole: false,
            total: added.length + removed.length,
            ...(await outstanding(planner, part)),
            held: [],
            heldReason: '',
            kept: turn.stored.number === undefined ? [] : planner.heldOf(turn.stored.number),
            pendingAdded,
            pendingRemoved,
          };
        }),
      )),
    );
  const before = await removedBefore(planner, drafts);
  for (const draft of drafts) await guard(planner, draft, undefined, before);
  return finished(planner, drafts, new Map());
}
