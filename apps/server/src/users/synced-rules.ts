import type { OPERATIONS, OperationAnswer } from '@sallyport/contract';
import type { ObjectType, Uuid } from '@sallyport/model';
import type { Store, SyncedRule } from '@sallyport/store';
import { type Addresses, environmentPath, timestamp } from '../http/hal.ts';
import { wholeCollection } from '../http/paging.ts';
import { found, idOf } from '../http/refuse.ts';
import type { RequestContext } from '../http/request-context.ts';
import { directionOf } from '../propagation/rules/direction.ts';

type Body = OperationAnswer<typeof OPERATIONS.users.readSyncedRule>;

/** The user or group that rules write or read. */
export interface SyncedObject {
  readonly objectType: ObjectType;
  readonly environmentId: Uuid;
  readonly id: Uuid;
  readonly path: string;
}

/** The rules that have to do with a user or group, all of them. */
export async function listSyncedRules(store: Store, object: SyncedObject, context: RequestContext) {
  const synced = await store.links.syncedRules(object.environmentId, object.objectType, object.id);
  const bodies = await Promise.all(
    synced.map((line) => syncedRuleBody(store, object, line, context.addresses)),
  );
  return wholeCollection(
    context,
    'syncedRules',
    bodies.flatMap((body) => body ?? []),
  );
}

/** @throws CodedError NOT_FOUND, also where the rule has nothing to do with it */
export async function readSyncedRule(
  store: Store,
  object: SyncedObject,
  rule: string,
  addresses: Addresses,
): Promise<Body> {
  const ruleId = idOf(rule, 'synced rule');
  const synced = await store.links.syncedRules(object.environmentId, object.objectType, object.id);
  const line = found(
    synced.find((candidate) => candidate.ruleId === ruleId),
    'synced rule',
  );
  return found(await syncedRuleBody(store, object, line, addresses), 'synced rule');
}

/** What one rule says of it; undefined if the rule has been deleted. */
async function syncedRuleBody(
  store: Store,
  { environmentId, path }: SyncedObject,
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
