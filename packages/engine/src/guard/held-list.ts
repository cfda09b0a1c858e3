import { CodedError, type ObjectType, OUTCOMES, type OutcomeCounts, zeroCounts } from '@sallyport/model';
import type { HeldMember, HeldRemoval, Link, RunProgress, SyncState } from '../port/sync-state.ts';
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

/** Everything one run holds. */
export interface HeldByRun {
  readonly removals: readonly HeldRemoval[];
  /** Types whose list this is. */
  readonly types: readonly ObjectType[];
  readonly members: readonly HeldMember[];
  /** Members of the same groups that a person kept before. */
  readonly kept: readonly HeldMember[];
}

const TYPES: readonly ObjectType[] = ['user', 'group'];

/**
 * All lists that a run made and that still wait, of users, of groups and of memberships.
 * @throws CodedError `NOTHING_HELD`, `HELD_LIST_REPLACED`: nobody decides about a list they have not seen.
 */
export async function readHeldBy(state: SyncState, runId: string): Promise<HeldByRun> {
  const lists = await Promise.all(
    TYPES.map(async (objectType) => ({ objectType, list: await state.held(objectType) })),
  );
  const rows = await state.heldMembers();
  const waiting = rows?.members.filter(({ kept }) => !kept) ?? [];
  const types = lists.flatMap(({ objectType, list }) => (list?.runId === runId ? [objectType] : []));
  const members = rows?.runId === runId ? waiting : [];
  if (types.length === 0 && members.length === 0) {
    const other = lists.find(({ list }) => list !== undefined)?.list?.runId;
    const newer = other ?? (waiting.length > 0 ? rows?.runId : undefined);
    if (newer === undefined)
      throw new CodedError(
        'NOTHING_HELD',
        `Run ${runId} holds no removals any more; look at the rule's status`,
      );
    throw new CodedError(
      'HELD_LIST_REPLACED',
      `The removals held by run ${runId} were replaced by the list of run ${newer}; look at that list and decide about it`,
    );
  }
  return {
    types,
    members,
    kept: members.length === 0 ? [] : (rows?.members.filter((one) => one.kept) ?? []),
    removals: lists.flatMap(({ list }) => (list?.runId === runId ? list.removals : [])),
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
    ended: () => {
      const last = progress(zeroCounts());
      return {
        ...last,
        status: 'completed',
        counts: { ...last.counts, held: 0 },
        errorCode: undefined,
        errorMessage: undefined,
      };
    },
  };
}
