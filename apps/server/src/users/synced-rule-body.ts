import type { OPERATIONS, OperationAnswer } from '@sallyport/contract';
import type { Uuid } from '@sallyport/model';
import type { Store, SyncedRule } from '@sallyport/store';
import { type Addresses, environmentPath, timestamp } from '../http/hal.ts';
import { directionOf } from '../propagation/rules/direction.ts';

type Body = OperationAnswer<typeof OPERATIONS.users.readSyncedRule>;

/** What one rule says of the user or group at `path`; undefined if the rule has been deleted. */
export async function syncedRuleBody(
  store: Store,
  environmentId: Uuid,
  path: string,
  { ruleId, link }: SyncedRule,
  addresses: Addresses,
): Promise<Body | undefined> {
  const rule = await store.rules.get(environmentId, ruleId);
  if (rule === undefined) return undefined;
  const [source, target] = await Promise.all([
    store.stores.get(environmentId, rule.sourceStoreId),
    store.stores.get(environmentId, rule.targetStoreId),
  ]);
  if (source === undefined || target === undefined) return undefined;
  return {
    _links: addresses.links(`${path}/syncedRules/${ruleId}`, {
      rule: `${environmentPath(environmentId)}/propagation/rules/${ruleId}`,
    }),
    environment: { id: environmentId },
    rule: { id: ruleId, name: rule.name },
    sourceStore: { id: source.id, name: source.name, type: source.type },
    targetStore: { id: target.id, name: target.name, type: target.type },
    type: directionOf(source.type),
    status: link.status,
    lastSyncAt: timestamp(link.lastSyncAt),
    details: link.status === 'SUCCESS' ? '' : link.reason,
  };
}
