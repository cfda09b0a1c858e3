import type { Insertable, Selectable } from 'kysely';
import type { Gateway } from '../record/configuration-records.ts';
import { readId, readObject } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';

export const GATEWAY_COLUMNS = [
  'environment_id',
  'id',
  'name',
  'description',
  'type',
  'enabled',
  'properties',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Tables['gateways'])[];

export function readGateway(row: Selectable<Tables['gateways']>): Gateway {
  return {
    environmentId: readId(row.environment_id),
    id: readId(row.id),
    name: row.name,
    description: row.description ?? undefined,
    type: row.type,
    enabled: row.enabled === 1,
    properties: readObject(row.properties),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function writeGateway(gateway: Gateway): Insertable<Tables['gateways']> {
  return {
    environment_id: gateway.environmentId,
    id: gateway.id,
    name: gateway.name,
    description: gateway.description ?? null,
    type: gateway.type,
    enabled: gateway.enabled ? 1 : 0,
    properties: JSON.stringify(gateway.properties),
    created_at: gateway.createdAt,
    updated_at: gateway.updatedAt,
  };
}
