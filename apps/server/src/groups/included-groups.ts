import type { User } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import { allItems } from '../http/all-items.ts';
import { listOf } from '../http/list-parameter.ts';

interface IncludedGroups {
  readonly memberOfGroupIDs?: string[];
  readonly memberOfGroupNames?: string[];
}

const INCLUDABLE = ['memberOfGroupIDs', 'memberOfGroupNames'] as const;

/** What `include` of a single user's GET asks for: the groups they are in, directly or through others. */
export async function includedGroups(
  store: Store,
  user: User,
  include: string | undefined,
): Promise<IncludedGroups> {
  const wanted = listOf('include', include, INCLUDABLE);
  if (wanted.size === 0) return {};
  const memberships = await allItems((request) =>
    store.memberships.ofUser(user.environmentId, user.id, request),
  );
  return {
    ...(wanted.has('memberOfGroupIDs')
      ? { memberOfGroupIDs: memberships.map(({ groupId }) => groupId) }
      : {}),
    ...(wanted.has('memberOfGroupNames') ? { memberOfGroupNames: memberships.map(({ name }) => name) } : {}),
  };
}
