import type { GroupBody } from '@sallyport/contract';
import { type Group, groupDisplayName } from '@sallyport/model';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';

export function groupPath(group: Pick<Group, 'environmentId' | 'id'>): string {
  return `${environmentPath(group.environmentId)}/groups/${group.id}`;
}

/** A group as the API shows it; `totalUsers` only where it was asked for, because it takes a walk over nested groups. */
export function groupBody(group: Group, addresses: Addresses, totalUsers?: number): GroupBody {
  const environment = environmentPath(group.environmentId);
  const path = groupPath(group);
  const { profile, populationId, source } = group;
  return {
    _links: addresses.links(path, {
      environment,
      ...(populationId === undefined ? {} : { population: `${environment}/populations/${populationId}` }),
      memberOfGroups: `${path}/memberOfGroups`,
      syncedRules: `${path}/syncedRules`,
    }),
    id: group.id,
    environment: { id: group.environmentId },
    name: profile.name,
    displayName: groupDisplayName(group),
    ...present({
      description: profile.description,
      externalId: profile.externalId,
      customData: profile.customData === undefined ? undefined : { ...profile.customData },
      sourceId: source?.id,
      sourceType: source?.type,
    }),
    ...(populationId === undefined ? {} : { population: { id: populationId } }),
    directMemberCounts: { users: group.directUsers },
    ...(totalUsers === undefined ? {} : { totalMemberCounts: { users: totalUsers } }),
    createdAt: timestamp(group.createdAt),
    updatedAt: timestamp(group.updatedAt),
  };
}
