import type { ObjectType } from '@sallyport/model';
import type { Position } from '../source.ts';
import type {
  HeldList,
  HeldMember,
  JournalEntry,
  LastFullRead,
  Link,
  PendingMember,
  RemovedMembers,
  RunProgress,
} from '../sync-state.ts';
import type { TargetMember, TargetObject } from '../target.ts';

/** Everything a fake store keeps. */
export interface Data {
  readonly links: Map<number, Link>;
  readonly references: Map<
    number,
    { readonly reference: string | undefined; readonly others: readonly string[] }
  >;
  readonly objects: Readonly<Record<ObjectType, Map<string, TargetObject>>>;
  /** Direct members by id of the group, and by type and id of the member. */
  readonly members: Map<string, ReadonlyMap<string, TargetMember>>;
  readonly pending: Map<string, PendingMember & { readonly number: number }>;
  readonly journal: (JournalEntry & { readonly runId: string })[];
  readonly runs: Map<string, RunProgress>;
  position: Position | undefined;
  readonly lastFullRead: Map<ObjectType, LastFullRead>;
  digest: string | undefined;
  readonly held: Map<ObjectType, HeldList>;
  heldMembers: { readonly runId: string; readonly members: readonly HeldMember[] };
  readonly removals: { readonly objectType: ObjectType; readonly at: number; readonly count: number }[];
  readonly memberRemovals: (RemovedMembers & { readonly at: number })[];
  nextLink: number;
  nextVersion: number;
  nextPending: number;
}

export function emptyData(): Data {
  return {
    links: new Map(),
    references: new Map(),
    objects: { user: new Map(), group: new Map() },
    members: new Map(),
    pending: new Map(),
    journal: [],
    runs: new Map(),
    position: undefined,
    lastFullRead: new Map(),
    digest: undefined,
    held: new Map(),
    heldMembers: { runId: '', members: [] },
    removals: [],
    memberRemovals: [],
    nextLink: 1,
    nextVersion: 1,
    nextPending: 1,
  };
}

/** Deep enough: what the maps hold is replaced, never changed. */
export function copyOf(data: Data): Data {
  return {
    ...data,
    links: new Map(data.links),
    references: new Map(data.references),
    objects: { user: new Map(data.objects.user), group: new Map(data.objects.group) },
    members: new Map(data.members),
    pending: new Map(data.pending),
    journal: [...data.journal],
    removals: [...data.removals],
    memberRemovals: [...data.memberRemovals],
    runs: new Map(data.runs),
    lastFullRead: new Map(data.lastFullRead),
    held: new Map(data.held),
  };
}

const NOBODY: ReadonlyMap<string, TargetMember> = new Map();

export function membersOf(data: Data, groupId: string): ReadonlyMap<string, TargetMember> {
  return data.members.get(groupId) ?? NOBODY;
}
