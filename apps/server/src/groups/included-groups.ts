import type { User } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import { allItems } from '../http/all-items.ts';
import { refuseValue } from '../http/refuse.ts';

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
  const wanted = (include ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (wanted.length === 0) return {};
  for (const name of wanted)
    if (!INCLUDABLE.some((known) => known === name))
      refuseValue('INVALID_PARAMETER', 'include', `include takes ${INCLUDABLE.join(', ')}, found ${name}`);
  const memberships = await allItems((request) =>
    store.memberships.ofUser(user.environmentId, user.id, request),
  );
  return {
    ...(wanted.includes('memberOfGroupIDs')
      ? { memberOfGroupIDs: memberships.map(({ groupId }) => groupId) }
      : {}),
    ...(wanted.includes('memberOfGroupNames')
      ? { memberOfGroupNames: memberships.map(({ name }) => name) }
      : {}),
  };
}
