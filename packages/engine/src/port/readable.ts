import type { ObjectType } from '@sallyport/model';
import type { SyncState } from './sync-state.ts';
import type { TargetMemberships, TargetPort } from './target.ts';

/** The reading half of the sync state: all that planning, previewing and explaining ever get to see. */
export type ReadableState = Omit<SyncState, 'transaction'>;

/** The reading half of a target. */
export type ReadableTarget = Omit<TargetPort, 'apply' | 'memberships'> & {
  readonly memberships: Omit<TargetMemberships, 'write'> | undefined;
};

/**
 * The state without its writing half, not only by type: the object made here has no method that writes, so whoever holds
 * it cannot.
 */
export function readableState(state: SyncState): ReadableState {
  return {
    linksByKeys: (objectType, keys) => state.linksByKeys(objectType, keys),
    linksByTargets: (objectType, targetIds) => state.linksByTargets(objectType, targetIds),
    scanLinks: (objectType, afterNumber, limit) => state.scanLinks(objectType, afterNumber, limit),
    linksByNumbers: (numbers) => state.linksByNumbers(numbers),
    linkNumbers: (objectType, afterNumber, limit) => state.linkNumbers(objectType, afterNumber, limit),
    countLinked: (objectType) => state.countLinked(objectType),
    dueDeletions: (objectType, now, limit) => state.dueDeletions(objectType, now, limit),
    position: () => state.position(),
    lastFullRead: (objectType) => state.lastFullRead(objectType),
    held: (objectType) => state.held(objectType),
    runs: (runIds) => state.runs(runIds),
    removedSince: (objectType, since) => state.removedSince(objectType, since),
    membersRemovedSince: (groupLinks, since) => state.membersRemovedSince(groupLinks, since),
    appliedDigest: () => state.appliedDigest(),
    linksByReferences: (references) => state.linksByReferences(references),
    pendingByReferences: (references) => state.pendingByReferences(references),
    countPending: (groupLinks) => state.countPending(groupLinks),
    pendingOf: (groupLink, after, limit) => state.pendingOf(groupLink, after, limit),
    pendingWithLinks: (after, limit) => state.pendingWithLinks(after, limit),
    heldMembers: () => state.heldMembers(),
  };
}

/** The target without its writing half, by the same means. */
export function readableTarget(target: TargetPort): ReadableTarget {
  const { memberships } = target;
  const heldByOthers = target.heldByOthers?.bind(target);
  return {
    inTransaction: target.inTransaction,
    attribute: (objectType, name) => target.attribute(objectType, name),
    attributeNames: (objectType) => target.attributeNames(objectType),
    versions: (objectType, ids) => target.versions(objectType, ids),
    readMany: (objectType, ids) => target.readMany(objectType, ids),
    match: (objectType, attribute, values) => target.match(objectType, attribute, values),
    newId: () => target.newId(),
    onboarding: target.onboarding,
    ...(heldByOthers === undefined
      ? {}
      : {
          heldByOthers: (objectType: ObjectType, ids: readonly string[]) => heldByOthers(objectType, ids),
        }),
    memberships:
      memberships === undefined
        ? undefined
        : {
            members: (groupId, objectType, after, limit) =>
              memberships.members(groupId, objectType, after, limit),
            membersAmong: (groupId, members) => memberships.membersAmong(groupId, members),
            groupsOf: (objectType, ids) => memberships.groupsOf(objectType, ids),
          },
  };
}

/** The state of a rule that was never saved: nothing is linked. */
export const emptyState: ReadableState = {
  linksByKeys: async () => new Map(),
  linksByTargets: async () => new Map(),
  scanLinks: async () => [],
  linksByNumbers: async () => [],
  linkNumbers: async () => [],
  countLinked: async () => 0,
  dueDeletions: async () => [],
  position: async () => undefined,
  lastFullRead: async () => undefined,
  held: async () => undefined,
  runs: async () => [],
  removedSince: async () => 0,
  membersRemovedSince: async () => new Map(),
  appliedDigest: async () => undefined,
  linksByReferences: async () => new Map(),
  pendingByReferences: async () => [],
  countPending: async () => new Map(),
  pendingOf: async () => [],
  pendingWithLinks: async () => ({ pending: [], next: undefined }),
  heldMembers: async () => undefined,
};
