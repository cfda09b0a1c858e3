import { type ApiClient, ApiError, type GroupBody, pagesOf, type UserBody } from '@sallyport/contract';

/** A group of the identity store with who is in it directly: names, in order. */
export interface StoredGroup {
  readonly body: GroupBody;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

const PAGE = { limit: 1000 };

/** Every group of an environment by name, by asking for the memberships of each user and each group. */
export async function storedGroups(
  api: ApiClient,
  environmentId: string,
  users: Iterable<UserBody>,
): Promise<ReadonlyMap<string, StoredGroup>> {
  const found = new Map<string, { body: GroupBody; users: string[]; groups: string[] }>();
  const byId = new Map<string, { users: string[]; groups: string[] }>();
  for await (const page of pagesOf(api.groups.list, { environmentId, query: PAGE }))
    for (const body of page._embedded.groups) {
      const group = { body, users: [], groups: [] };
      found.set(body.name, group);
      byId.set(body.id, group);
    }
  if (found.size === 0) return found;
  await Promise.all(
    [...users].map(({ id: userId, username }) =>
      unlessGone(async () => {
        for await (const page of pagesOf(api.memberships.list, { environmentId, userId, query: PAGE }))
          for (const { id, type } of page._embedded.groupMemberships)
            if (type === 'DIRECT') byId.get(id)?.users.push(username);
      }),
    ),
  );
  await Promise.all(
    [...found.values()].map(({ body: { id: groupId, name } }) =>
      unlessGone(async () => {
        for await (const page of pagesOf(api.groups.listNestings, { environmentId, groupId, query: PAGE }))
          for (const { id, type } of page._embedded.groupMemberships)
            if (type === 'DIRECT') byId.get(id)?.groups.push(name);
      }),
    ),
  );
  for (const group of found.values()) {
    group.users.sort();
    group.groups.sort();
  }
  return found;
}

/** Rules work on while a story looks: what was listed may be gone when it is asked about. */
async function unlessGone(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}
