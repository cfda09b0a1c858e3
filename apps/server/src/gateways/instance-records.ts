import { type JsonObject, readUuid, type Uuid } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { GatewayInstance as InstanceRecord, Store } from '@sallyport/store';
import { present } from '../http/hal.ts';
import { readJsonObject, readJsonText } from '../http/json-reading.ts';
import type { GatewayInstance } from '../hub/gateway-instance.ts';

/** Keeps what instances report, so that a restart of the server does not forget who served it. */
export interface InstanceRecords {
  /** Takes a report of the hub; what it writes is written later. */
  report(instance: GatewayInstance): void;
  /** Connected instances, then those that left: the last one always, others for a day. */
  list(environmentId: Uuid, gatewayId: Uuid): Promise<readonly GatewayInstance[]>;
  /** Resolves when everything reported by then is written. */
  settle(): Promise<void>;
}

export interface InstanceRecordsDependencies {
  readonly store: Store;
  readonly live: (gatewayId: string) => readonly GatewayInstance[];
  readonly clock: Clock;
  readonly log: Log;
}

/** Metrics come every few seconds and are worth one write in this time; coming, going and health are written at once. */
const SAVE_EVERY_MS = 60_000;
const SHOW_GONE_MS = 86_400_000;
/** Each start of an instance has an id of its own: older ones than these are deleted. */
const MAX_GONE = 32;

export function makeInstanceRecords(dependencies: InstanceRecordsDependencies): InstanceRecords {
  const { store, live, clock, log } = dependencies;
  const saved = new Map<string, { readonly state: string; readonly atMs: number }>();
  // One after the other: the last report of an instance is the last that is written.
  let writing: Promise<void> = Promise.resolve();

  const save = async (instance: GatewayInstance): Promise<void> => {
    const record = recordOf(instance);
    // A gateway that was deleted lets its instances go, and takes their records with it.
    if (record === undefined) return;
    if ((await store.gateways.get(record.environmentId, record.gatewayId)) === undefined) return;
    await store.instances.save(record);
    const kept = await store.instances.list(record.environmentId, record.gatewayId);
    const gone = kept.filter(({ connected }) => !connected).slice(MAX_GONE);
    for (const { environmentId, gatewayId, id } of gone)
      await store.instances.remove(environmentId, gatewayId, id);
  };

  return {
    report: (instance) => {
      const key = `${instance.gatewayId}/${instance.instanceId}`;
      const state = JSON.stringify([instance.connected, instance.healthStatus, instance.currentErrors]);
      const last = saved.get(key);
      if (last?.state === state && clock.now() - last.atMs < SAVE_EVERY_MS) return;
      if (instance.connected) saved.set(key, { state, atMs: clock.now() });
      else saved.delete(key);
      writing = writing.then(() =>
        save(instance).catch((error: unknown) =>
          log.warn({ err: error, gatewayId: instance.gatewayId }, 'a gateway instance could not be recorded'),
        ),
      );
    },
    list: async (environmentId, gatewayId) => {
      const now = live(gatewayId);
      const known = new Set(now.map(({ instanceId }) => instanceId.toLowerCase()));
      const oldest = clock.now() - SHOW_GONE_MS;
      const gone = (await store.instances.list(environmentId, gatewayId))
        .filter(({ id }) => !known.has(id))
        .filter(({ lastReportedAt }, at) => (at === 0 && now.length === 0) || lastReportedAt >= oldest);
      return [...now, ...gone.map(instanceOf)];
    },
    settle: () => writing,
  };
}

function recordOf(instance: GatewayInstance): InstanceRecord | undefined {
  const environmentId = readUuid(instance.environmentId);
  const gatewayId = readUuid(instance.gatewayId);
  const id = readUuid(instance.instanceId);
  const credentialId = readUuid(instance.credentialId);
  if (environmentId === undefined || gatewayId === undefined) return undefined;
  if (id === undefined || credentialId === undefined) return undefined;
  return {
    environmentId,
    gatewayId,
    id,
    credentialId,
    connected: instance.connected,
    hostname: instance.hostname,
    version: instance.version,
    healthStatus: instance.healthStatus,
    currentErrors: instance.currentErrors.map(({ code, message }) => ({ code, message })),
    metrics: metricsOf(instance),
    initializedAt: Date.parse(instance.initializedAt),
    lastReportedAt: Date.parse(instance.lastReportedAt),
  };
}

function metricsOf(instance: GatewayInstance): JsonObject {
  const { busyPercentage, operationsPerSecond, responseTimeMillis, rssBytes, server, connectedAt } = instance;
  return {
    connectedAt,
    ...present({ busyPercentage, operationsPerSecond, responseTimeMillis, rssBytes, server }),
  };
}

/** A record as the hub would tell of an instance that has left. */
function instanceOf(record: InstanceRecord): GatewayInstance {
  const lastReportedAt = new Date(record.lastReportedAt).toISOString();
  return {
    environmentId: record.environmentId,
    gatewayId: record.gatewayId,
    credentialId: record.credentialId,
    instanceId: record.id,
    connected: false,
    draining: false,
    hostname: record.hostname,
    version: record.version,
    capabilities: [],
    healthStatus: record.healthStatus === 'HEALTHY' ? 'HEALTHY' : 'UNHEALTHY',
    currentErrors: record.currentErrors.map((value) => {
      const error = readJsonObject(value);
      return { code: readJsonText(error.code) ?? '', message: readJsonText(error.message) ?? '' };
    }),
    initializedAt: new Date(record.initializedAt).toISOString(),
    connectedAt: readJsonText(record.metrics.connectedAt) ?? lastReportedAt,
    lastReportedAt,
  };
}
