import type { StoreBody } from '@sallyport/contract';
import type { ConfigurationValue } from '@sallyport/model';
import type { PropagationRule, PropagationStore, Store, SyncCounters } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../../http/hal.ts';
import { readJsonText } from '../../http/json-reading.ts';

export function storeBody(
  store: PropagationStore,
  syncStatus: StoreBody['syncStatus'],
  addresses: Addresses,
): StoreBody {
  const environment = environmentPath(store.environmentId);
  const path = `${environment}/propagation/stores/${store.id}`;
  const imageId = readJsonText(store.image?.id);
  const imageHref = readJsonText(store.image?.href);
  return {
    _links: addresses.links(path, { environment }),
    id: store.id,
    environment: { id: store.environmentId },
    name: store.name,
    type: store.type,
    ...present({ description: store.description }),
    configuration: wireConfiguration(store.configuration),
    ...(store.image === undefined ? {} : { image: present({ id: imageId, href: imageHref }) }),
    managed: store.managed,
    status: store.status,
    ...present({ syncStatus }),
    createdAt: timestamp(store.createdAt),
    updatedAt: timestamp(store.updatedAt),
  };
}

type WireValue = Exclude<ConfigurationValue, readonly string[]> | string[];

/** The same values in the wire's own type, whose lists may be written to. */
export function wireConfiguration(
  configuration: Readonly<Record<string, ConfigurationValue>>,
): Record<string, WireValue> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]): [string, WireValue] => [
      key,
      typeof value === 'object' && value !== null ? [...value] : value,
    ]),
  );
}

/** How the rules at this store are doing, in one line of numbers; undefined without an active rule. */
export async function syncStatusOf(
  store: Store,
  rules: readonly PropagationRule[],
): Promise<StoreBody['syncStatus']> {
  const active = rules.filter((rule) => rule.active);
  if (active.length === 0) return undefined;
  const counters = await Promise.all(
    active.map((rule) => store.links.counters(rule.environmentId, rule.id, 'user')),
  );
  const sum = (pick: (counters: SyncCounters) => number): number =>
    counters.reduce((total, one) => total + pick(one), 0);
  const last = counters.reduce((latest, { lastSyncAt }) => Math.max(latest, lastSyncAt ?? 0), 0);
  const lastRuns = await Promise.all(
    active.map(
      async (rule) => (await store.runs.list(rule.environmentId, { limit: 1, ruleId: rule.id })).items[0],
    ),
  );
  const broken = lastRuns.find((run) => run?.status === 'failed');
  return {
    syncState: broken === undefined ? 'SYNCING' : 'FAILED',
    ...(last === 0 ? {} : { lastSyncAt: timestamp(last) }),
    userTotal: sum(({ inScope }) => inScope),
    successCount: sum(({ success }) => success),
    failedCount: sum(({ failed }) => failed),
    failedDeprovisionCount: sum(({ failedDeprovision }) => failedDeprovision),
    details: broken?.errorMessage ?? '',
  };
}
