import type { Selectable } from 'kysely';
import type { Environment } from '../record/configuration-records.ts';
import { readId, readOptionalObject, readWord, writeOptionalJson } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';

export const ENVIRONMENT_COLUMNS = [
  'id',
  'name',
  'description',
  'type',
  'region',
  'license_id',
  'status',
  'icon',
  'bill_of_materials',
  'sequence',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Tables['environments'])[];

type Row = Selectable<Pick<Tables['environments'], (typeof ENVIRONMENT_COLUMNS)[number]>>;

export function readEnvironmentRow(row: Row): Environment {
  return {
    id: readId(row.id),
    name: row.name,
    description: row.description ?? undefined,
    type: readWord(['PRODUCTION', 'SANDBOX'], row.type),
    region: row.region,
    licenseId: row.license_id ?? undefined,
    status: readWord(['ACTIVE', 'DELETE_PENDING'], row.status),
    icon: row.icon ?? undefined,
    billOfMaterials: readOptionalObject(row.bill_of_materials),
    sequence: row.sequence,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Everything but the sequence, which only user writes raise. */
export function writeEnvironmentRow(environment: Environment): Omit<Row, 'sequence'> {
  return {
    id: environment.id,
    name: environment.name,
    description: environment.description ?? null,
    type: environment.type,
    region: environment.region,
    license_id: environment.licenseId ?? null,
    status: environment.status,
    icon: environment.icon ?? null,
    bill_of_materials: writeOptionalJson(environment.billOfMaterials),
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
  };
}
