import type { TargetMemberships, TargetObject, TargetPort, TargetWrite } from '@sallyport/engine';
import { flattenGroup, type GroupSource, unflattenGroup } from '@sallyport/model';
import type {
  IdentityStoreGroup,
  IdentityStoreGroups,
  IdentityStoreGroupWrite,
  IdentityStoreMemberships,
} from './identity-store-groups.ts';

/** Groups of the identity store, for a rule that brings groups along. */
export interface GroupTargetOptions<Id extends string> {
  readonly store: IdentityStoreGroups<Id>;
  readonly memberships: IdentityStoreMemberships<Id>;
  /** Makes the groups that are created external ones, from here. */
  readonly source: GroupSource | undefined;
  /** Population of the groups that are created; groups of the whole environment where absent. */
  readonly populationId?: string | undefined;
}

/** The half of the target port that takes groups. */
export interface GroupTarget {
  versions(ids: readonly string[]): ReturnType<TargetPort['versions']>;
  readMany(ids: readonly string[]): ReturnType<TargetPort['readMany']>;
  match(attribute: string, values: readonly string[]): ReturnType<TargetPort['match']>;
  apply(
    writes: readonly TargetWrite[],
    tx: Parameters<TargetPort['apply']>[2],
  ): ReturnType<TargetPort['apply']>;
  readonly memberships: TargetMemberships;
}

export function makeGroupTarget<Id extends string>(
  environmentId: Id,
  { store, memberships, source, populationId }: GroupTargetOptions<Id>,
): GroupTarget {
  return {
    versions: (ids) => store.versions(environmentId, ids),
    readMany: async (ids) => {
      const found = await store.readMany(environmentId, ids);
      return new Map(Array.from(found, ([id, group]) => [id, groupObject(group)]));
    },
    match: async (attribute, values) => {
      const found = await store.match(environmentId, attribute, values);
      return new Map(Array.from(found, ([value, matches]) => [value, matches.map(groupObject)]));
    },
    apply: (writes, tx) =>
      store.writeMany(
        environmentId,
        writes.map((write) => groupWrite(write, source, populationId)),
        tx,
      ),
    memberships: {
      members: (groupId, objectType, after, limit) =>
        memberships.members(environmentId, groupId, objectType, after, limit),
      membersAmong: (groupId, members) => memberships.membersAmong(environmentId, groupId, members),
      groupsOf: (objectType, ids) => memberships.groupsOf(environmentId, objectType, ids),
      write: (writes, tx) => memberships.writeMany(environmentId, writes, tx),
    },
  };
}

/** Groups have no account state: they are what the engine calls active. */
function groupObject({ id, version, profile }: IdentityStoreGroup): TargetObject {
  return { id, version, active: true, attributes: flattenGroup(profile) };
}

function groupWrite(
  write: TargetWrite,
  source: GroupSource | undefined,
  populationId: string | undefined,
): IdentityStoreGroupWrite {
  if (write.kind === 'delete') return write;
  if (write.kind === 'update') {
    const { id, changes, version } = write;
    return { kind: 'update', id, changes, ...(version === undefined ? {} : { version }) };
  }
  return { kind: 'create', id: write.id, populationId, profile: unflattenGroup(write.attributes), source };
}
