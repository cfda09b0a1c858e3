import type { Insertable, Selectable } from 'kysely';
import type { RoleAssignment, WorkerApplication } from '../record/configuration-records.ts';
import { readId, readList, readListedObject, readOptionalId, readText } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';

export const APPLICATION_COLUMNS = [
  'environment_id',
  'id',
  'name',
  'description',
  'enabled',
  'secret_hash',
  'roles',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Tables['applications'])[];

export function readApplication(row: Selectable<Tables['applications']>): WorkerApplication {
  return {
    environmentId: readId(row.environment_id),
    id: readId(row.id),
    name: row.name,
    description: row.description ?? undefined,
    enabled: row.enabled === 1,
    secretHash: row.secret_hash,
    roles: readList(row.roles, readRole),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function writeApplication(application: WorkerApplication): Insertable<Tables['applications']> {
  return {
    environment_id: application.environmentId,
    id: application.id,
    name: application.name,
    description: application.description ?? null,
    enabled: application.enabled ? 1 : 0,
    secret_hash: application.secretHash,
    roles: JSON.stringify(application.roles),
    created_at: application.createdAt,
    updated_at: application.updatedAt,
  };
}

function readRole(element: unknown): RoleAssignment {
  const { role, environmentId } = readListedObject(element);
  return { role: readText(role), environmentId: readOptionalId(environmentId ?? null) };
}
