import type { HeldRemovalBody } from '@sallyport/contract';
import type { Uuid } from '@sallyport/model';
import type { HeldMemberLine, Page, PageRequest, Store } from '@sallyport/store';
import { present } from '../../http/hal.ts';
import { labelOf, targetNames } from './object-body.ts';

/** Cursors of the list's second part begin with it; those of the first are base64url, which has no such letter. */
const MEMBERS = 'm:';

/**
 * A page of all that one run holds: first the objects, then the memberships. The page between has some of both, so that
 * every page but the last is full.
 */
export async function heldPage(
  store: Store,
  environmentId: Uuid,
  ruleId: Uuid,
  runId: Uuid,
  request: PageRequest,
): Promise<Page<HeldRemovalBody>> {
  const { users, groups, memberships } = await store.held.count(environmentId, ruleId, runId);
  const count = users + groups + memberships;
  const key = { ruleId, runId };
  const inMembers = request.cursor?.startsWith(MEMBERS) === true;
  const objects = inMembers
    ? undefined
    : await store.held.list(environmentId, { ...key, limit: request.limit, cursor: request.cursor });
  const first = (objects?.items ?? []).map(
    ({ objectType, sourceKey, place, label, how, detail }): HeldRemovalBody => ({
      objectType,
      sourceKey,
      place,
      label,
      how,
      detail,
    }),
  );
  if (objects?.nextCursor !== undefined) return { items: first, count, nextCursor: objects.nextCursor };
  const room = request.limit - first.length;
  // Full to the last line: whether memberships follow is known, and they begin the next page.
  if (room === 0) return { items: first, count, nextCursor: memberships > 0 ? MEMBERS : undefined };
  const after = inMembers ? request.cursor?.slice(MEMBERS.length) : undefined;
  const members = await store.held.listMembers(environmentId, {
    ...key,
    limit: room,
    cursor: after === '' ? undefined : after,
  });
  const names = await targetNames(
    store,
    environmentId,
    members.items.map(({ group }) => group),
  );
  return {
    items: [...first, ...members.items.map((line) => membershipBody(line, names))],
    count,
    nextCursor: members.nextCursor === undefined ? undefined : `${MEMBERS}${members.nextCursor}`,
  };
}

function membershipBody(
  { group, member, label }: HeldMemberLine,
  names: ReadonlyMap<string, string>,
): HeldRemovalBody {
  const name = labelOf(group, names);
  return {
    objectType: 'membership',
    sourceKey: group.sourceKey,
    place: group.place,
    label,
    how: 'leftGroup',
    detail: `the source has no ${member.objectType} ${label} in group ${name} any more`,
    group: { ...present({ id: group.targetId }), name },
    member: { type: member.objectType, id: member.id },
  };
}
