import type { Insertable, Selectable } from 'kysely';
import type { GatewayInstance } from '../record/configuration-records.ts';
import { readId, readList, readListedObject, readObject, readWord } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';

export const INSTANCE_COLUMNS = [
  'environment_id',
  'gateway_id',
  'id',
  'credential_id',
  'connected',
  'hostname',
  'version',
  'health_status',
  'current_errors',
  'metrics',
  'initialized_at',
  'last_reported_at',
] as const satisfies readonly (keyof Tables['gateway_instances'])[];

export function readInstance(row: Selectable<Tables['gateway_instances']>): GatewayInstance {
  return {
    environmentId: readId(row.environment_id),
    gatewayId: readId(row.gateway_id),
    id: readId(row.id),
    credentialId: readId(row.credential_id),
    connected: row.connected === 1,
    hostname: row.hostname,
    version: row.version,
    healthStatus: readWord(['HEALTHY', 'DEGRADED', 'UNHEALTHY'], row.health_status),
    currentErrors: readList(row.current_errors, readListedObject),
    metrics: readObject(row.metrics),
    initializedAt: row.initialized_at,
    lastReportedAt: row.last_reported_at,
  };
}

export function writeInstance(instance: GatewayInstance): Insertable<Tables['gateway_instances']> {
  return {
    environment_id: instance.environmentId,
    gateway_id: instance.gatewayId,
    id: instance.id,
    credential_id: instance.credentialId,
    connected: instance.connected ? 1 : 0,
    hostname: instance.hostname,
    version: instance.version,
    health_status: instance.healthStatus,
    current_errors: JSON.stringify(instance.currentErrors),
    metrics: JSON.stringify(instance.metrics),
    initialized_at: instance.initializedAt,
    last_reported_at: instance.lastReportedAt,
  };
}
