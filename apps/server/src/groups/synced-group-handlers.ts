import type { OPERATIONS, OperationAnswer } from '@sallyport/contract';
import type { Uuid } from '@sallyport/model';
import type { LinkLine, PropagationRule, Store } from '@sallyport/store';
import { type Addresses, environmentPath, timestamp } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { found, idOf } from '../http/refuse.ts';
import { rulePath } from '../propagation/rules/rule-body.ts';
import { ruleOfRequest } from '../propagation/rules/rule-of-request.ts';

type Body = OperationAnswer<typeof OPERATIONS.syncedGroups.read>;

/** What a page without a limit holds: the origin's "first 1,000". */
const DEFAULT_SIZE = 1000;

/** The groups of one rule at the target. A group that was never made there has no id and is listed among the rule's objects. */
export function makeSyncedGroupHandlers(store: Store): HandlerGroup<'syncedGroups'> {
  const bodies = async (
    rule: PropagationRule,
    links: readonly LinkLine[],
    addresses: Addresses,
  ): Promise<Body[]> => {
    const ids = links.flatMap(({ targetId }) => (targetId === undefined ? [] : [targetId]));
    const [groups, pending] = await Promise.all([
      store.groups.readMany(rule.environmentId, ids),
      store.syncState(rule.environmentId, rule.id, undefined).countPending(links.map((link) => link.number)),
    ]);
    return links.flatMap((link) => {
      const group = link.targetId === undefined ? undefined : groups.get(link.targetId);
      if (group === undefined) return [];
      return [syncedGroupBody(rule, link, group.profile.name, pending.get(link.number) ?? 0, addresses)];
    });
  };
  return {
    list: async ({ params, query }, context) => {
      const rule = await ruleOfRequest(store, params);
      const page = await store.links.list(rule.environmentId, rule.id, {
        ...pageRequest(query, DEFAULT_SIZE),
        objectType: 'group',
      });
      return collectionBody(context, 'syncedGroups', await bodies(rule, page.items, context.addresses), page);
    },
    read: async ({ params }, context) => {
      const rule = await ruleOfRequest(store, params);
      const groupId = idOf(params.groupId, 'synced group');
      const synced = await store.links.syncedRules(rule.environmentId, 'group', groupId);
      const line = found(
        synced.find((candidate) => candidate.ruleId === rule.id),
        'synced group',
      );
      const [body] = await bodies(rule, [line.link], context.addresses);
      return found(body, 'synced group');
    },
  };
}

function syncedGroupBody(
  rule: { readonly id: Uuid; readonly environmentId: Uuid },
  link: LinkLine,
  name: string,
  pendingMembers: number,
  addresses: Addresses,
): Body {
  const path = rulePath(rule.environmentId, rule.id);
  const id = link.targetId ?? '';
  return {
    _links: addresses.links(`${path}/syncedGroups/${id}`, {
      rule: path,
      group: `${environmentPath(rule.environmentId)}/groups/${id}`,
    }),
    id,
    environment: { id: rule.environmentId },
    rule: { id: rule.id },
    name,
    sourceKey: link.sourceKey,
    place: link.place,
    status: link.status,
    lastSyncAt: timestamp(link.lastSyncAt),
    details: link.status === 'SUCCESS' ? '' : link.reason,
    pendingMembers,
  };
}
