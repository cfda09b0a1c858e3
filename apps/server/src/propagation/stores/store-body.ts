import type { StoreBody } from '@sallyport/contract';
import type { ConfigurationValue, Uuid } from '@sallyport/model';
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

/**
 * How the rules at this store are doing, in one line of numbers; undefined without an active rule. Users alone are counted, and
 * refused removals since the newest revision.
 */
export async function syncStatusOf(
  store: Store,
  rules: readonly PropagationRule[],
  /** Of a rule whose polls are suspended after failures: the reason. */
  suspended: (ruleId: Uuid) => string | undefined,
): Promise<StoreBody['syncStatus']> {
  const active = rules.filter((rule) => rule.active);
  const [first] = active;
  if (first === undefined) return undefined;
  const revision = await store.revisions.latest(first.environmentId);
  const states = await Promise.all(
    active.map(async ({ environmentId, id, name }) => {
      const [counters, runs] = await Promise.all([
        store.links.counters(environmentId, id, 'user', revision?.createdAt),
        store.runs.list(environmentId, { limit: 1, ruleId: id }),
      ]);
      const [last] = runs.items;
      const fault =
        suspended(id) ?? (last?.status === 'failed' ? (last.errorMessage ?? 'failed') : undefined);
      return { name, counters, fault, waits: last?.status === 'held' ? last.errorMessage : undefined };
    }),
  );
  const sum = (pick: (counters: SyncCounters) => number): number =>
    states.reduce((total, { counters }) => total + pick(counters), 0);
  const last = states.reduce((latest, { counters }) => Math.max(latest, counters.lastSyncAt ?? 0), 0);
  const told = states.flatMap(({ name, fault, waits }) => {
    const what = fault ?? waits;
    return what === undefined ? [] : [states.length === 1 ? what : `${name}: ${what}`];
  });
  return {
    syncState: states.some(({ fault }) => fault !== undefined) ? 'FAILED' : 'SYNCING',
    ...(last === 0 ? {} : { lastSyncAt: timestamp(last) }),
    userTotal: sum(({ inScope }) => inScope),
    successCount: sum(({ success }) => success),
    failedCount: sum(({ failed }) => failed),
    failedDeprovisionCount: sum(({ failedDeprovision }) => failedDeprovision),
    details: told.join('; '),
  };
}
