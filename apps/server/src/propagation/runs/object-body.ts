import type { SyncedObjectBody } from '@sallyport/contract';
import { readDn } from '@sallyport/ldap';
import type { Uuid } from '@sallyport/model';
import type { Link, LinkLine, Store, SyncStateName } from '@sallyport/store';
import { present, timestamp } from '../../http/hal.ts';

/** The names at the target that people know the objects of these links by, keyed by target id: two reads, however many links. */
export async function targetNames(
  store: Store,
  environmentId: Uuid,
  links: readonly Pick<Link, 'objectType' | 'targetId'>[],
): Promise<ReadonlyMap<string, string>> {
  const idsOf = (objectType: 'user' | 'group'): readonly string[] =>
    links.flatMap((link) =>
      link.objectType === objectType && link.targetId !== undefined ? [link.targetId] : [],
    );
  const [users, groups] = await Promise.all([
    store.users.readMany(environmentId, idsOf('user')),
    store.groups.readMany(environmentId, idsOf('group')),
  ]);
  return new Map([
    ...[...users].map(([id, user]) => [id, user.profile.username] as const),
    ...[...groups].map(([id, group]) => [id, group.profile.name] as const),
  ]);
}

/** The name at the target; of what is not there, the value of the place's first RDN, or the whole place. */
export function labelOf(link: Pick<Link, 'targetId' | 'place'>, names: ReadonlyMap<string, string>): string {
  const name = link.targetId === undefined ? undefined : names.get(link.targetId);
  return name ?? readDn(link.place)?.rdns[0]?.value ?? link.place;
}

export function objectBody(link: LinkLine, names: ReadonlyMap<string, string>): SyncedObjectBody {
  return {
    objectType: link.objectType,
    sourceKey: link.sourceKey,
    place: link.place,
    label: labelOf(link, names),
    ...present({ targetId: link.targetId, errorCode: link.errorCode }),
    status: stateOf(link),
    outcome: link.outcome,
    reason: link.reason,
    lastSyncAt: timestamp(link.lastSyncAt),
    ...(link.lastSuccessAt === undefined ? {} : { lastSuccessAt: timestamp(link.lastSuccessAt) }),
  };
}

/** The state that its counter counts it in. */
function stateOf({ status, presence }: LinkLine): SyncStateName {
  if (presence === 'kept') return 'KEPT';
  return status === 'SUCCESS' && presence !== 'inScope' ? 'REMOVED' : status;
}
