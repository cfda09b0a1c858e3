import { CodedError, type ObjectType, OUTCOMES, type OutcomeCounts, zeroCounts } from '@sallyport/model';
import type { HeldList, HeldMember, HeldRemoval, Link, RunProgress, SyncState } from '../port/sync-state.ts';
import type { RunInput } from '../run/run-rule.ts';
import type { RunBook } from '../run/writing-sink.ts';

/** A person's decision about a held list. */
export interface HoldInput extends Pick<RunInput, 'target' | 'state' | 'rule' | 'signal' | 'clock' | 'log'> {
  /** The run that made the list, as it was stored: its counts and status are brought up to date. */
  readonly run: RunProgress;
  /** Who decided: a name for people. */
  readonly actor: string;
}

export interface HoldSummary {
  readonly progress: RunProgress;
  /** What became of the listed objects. */
  readonly counts: OutcomeCounts;
}

/** A list of objects that waits, and how a decision about the list of one run parts it. */
export interface PartedList {
  readonly objectType: ObjectType;
  readonly list: HeldList;
  /** What the list of that run showed. */
  readonly decided: readonly HeldRemoval[];
  /** What later runs added: it goes on waiting. */
  readonly rest: readonly HeldRemoval[];
}

/** All that the list of one run showed and that still waits. */
export interface HeldByRun {
  readonly removals: readonly HeldRemoval[];
  /** Types of which the run made a list. */
  readonly types: readonly ObjectType[];
  /** Every list of objects that waits, the run's or not. */
  readonly lists: readonly PartedList[];
  readonly members: readonly HeldMember[];
  /** Members of the same groups that a person kept before. */
  readonly kept: readonly HeldMember[];
}

const TYPES: readonly ObjectType[] = ['user', 'group'];

/** Of a list that waits, what the list of this run showed: first listed by it, or by a run before it. */
export function shownBy({ listedBy, removals }: HeldList, runId: string): readonly HeldRemoval[] {
  const known = new Set(listedBy.slice(0, listedBy.indexOf(runId) + 1));
  return removals.filter(({ firstRunId }) => known.has(firstRunId));
}

function part(objectType: ObjectType, list: HeldList, runId: string): PartedList {
  const decided = shownBy(list, runId);
  const shown = new Set(decided);
  return { objectType, list, decided, rest: list.removals.filter((one) => !shown.has(one)) };
}

/**
 * What a run listed and what still waits of it, of users, of groups and of memberships. Objects that later runs added to the list
 * are not among it. Memberships have one list, of the run that saved any of them last.
 * @throws CodedError `NOTHING_HELD`, `HELD_LIST_REPLACED`: nobody decides about what they have not seen.
 */
export async function readHeldBy(state: SyncState, runId: string): Promise<HeldByRun> {
  const lists: PartedList[] = [];
  for (const objectType of TYPES) {
    const list = await state.held(objectType);
    if (list !== undefined) lists.push(part(objectType, list, runId));
  }
  const rows = await state.heldMembers();
  const waiting = rows?.members.filter(({ kept }) => !kept) ?? [];
  const types = lists.flatMap(({ objectType, decided }) => (decided.length > 0 ? [objectType] : []));
  const members = rows?.runId === runId ? waiting : [];
  if (types.length === 0 && members.length === 0) {
    const newer = lists[0]?.list.runId ?? (waiting.length > 0 ? rows?.runId : undefined);
    if (newer === undefined)
      throw new CodedError(
        'NOTHING_HELD',
        `Run ${runId} holds no removals any more; look at the rule's status`,
      );
    throw new CodedError(
      'HELD_LIST_REPLACED',
      `Of the removals held by run ${runId} none waits any more, but those held by run ${newer} do; look at that list and decide about it`,
    );
  }
  return {
    types,
    lists,
    members,
    kept: members.length === 0 ? [] : (rows?.members.filter((one) => one.kept) ?? []),
    removals: lists.flatMap(({ decided }) => decided),
  };
}

/** Held memberships by number of the group's link. */
export function byGroup(members: readonly HeldMember[]): ReadonlyMap<number, readonly HeldMember[]> {
  const groups = new Map<number, HeldMember[]>();
  for (const one of members) {
    const own = groups.get(one.groupLink);
    if (own === undefined) groups.set(one.groupLink, [one]);
    else own.push(one);
  }
  return groups;
}

/**
 * The members of a group still wait as long as there is one: every comparison makes their list anew. What else is wrong with the
 * group, such as a refused member, which has the word in its status, is no reason to leave them.
 */
export function membersWait(link: Link): boolean {
  return link.presence === 'inScope' && link.targetId !== undefined;
}

/** A removal still waits only if nothing happened to its link since the list was made. */
export function isWaiting(link: Link): boolean {
  return link.status === 'HELD' && link.presence !== 'inScope';
}

export interface DecisionBook extends RunBook {
  readonly counts: OutcomeCounts;
  /** The run when all is decided. */
  ended(): RunProgress;
}

/** The held run's counts while its held objects turn into what becomes of them. */
export function makeDecisionBook(run: RunProgress, startedAt: number): DecisionBook {
  const done = zeroCounts();
  const progress = (coming: OutcomeCounts): RunProgress => {
    const counts: Record<keyof OutcomeCounts, number> = { ...run.counts };
    for (const outcome of OUTCOMES) {
      const sum = done[outcome] + coming[outcome];
      counts[outcome] += sum;
      counts.held = Math.max(0, counts.held - sum);
    }
    return { ...run, counts };
  };
  return {
    runId: run.runId,
    startedAt,
    counts: done,
    snapshot: progress,
    addAll: (counts) => {
      for (const outcome of OUTCOMES) done[outcome] += counts[outcome];
    },
    ended: () => closed(progress(zeroCounts())),
  };
}

/** A held run of which nothing waits any more. */
export function closed(run: RunProgress): RunProgress {
  return {
    ...run,
    status: 'completed',
    counts: { ...run.counts, held: 0 },
    errorCode: undefined,
    errorMessage: undefined,
  };
}
