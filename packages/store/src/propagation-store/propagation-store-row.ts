import type { Insertable, Selectable } from 'kysely';
import type { PropagationStore } from '../record/configuration-records.ts';
import { readId, readOptionalObject, readWord, writeOptionalJson } from '../schema/decode.ts';
import { readConfiguration } from '../schema/read-configuration.ts';
import type { Tables } from '../schema/tables.ts';

export const PROPAGATION_STORE_COLUMNS = [
  'environment_id',
  'id',
  'name',
  'description',
  'type',
  'configuration',
  'managed',
  'status',
  'image',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Tables['propagation_stores'])[];

export function readPropagationStore(row: Selectable<Tables['propagation_stores']>): PropagationStore {
  return {
    environmentId: readId(row.environment_id),
    id: readId(row.id),
    name: row.name,
    description: row.description ?? undefined,
    type: row.type,
    configuration: readConfiguration(row.configuration),
    managed: row.managed === 1,
    status: readWord(['ACTIVE', 'INACTIVE'], row.status),
    image: readOptionalObject(row.image),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function writePropagationStore(
  propagationStore: PropagationStore,
): Insertable<Tables['propagation_stores']> {
  return {
    environment_id: propagationStore.environmentId,
    id: propagationStore.id,
    name: propagationStore.name,
    description: propagationStore.description ?? null,
    type: propagationStore.type,
    configuration: JSON.stringify(propagationStore.configuration),
    managed: propagationStore.managed ? 1 : 0,
    status: propagationStore.status,
    image: writeOptionalJson(propagationStore.image),
    created_at: propagationStore.createdAt,
    updated_at: propagationStore.updatedAt,
  };
}
