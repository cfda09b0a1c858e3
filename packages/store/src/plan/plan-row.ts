import type { Insertable, Selectable } from 'kysely';
import type { PropagationPlan } from '../record/configuration-records.ts';
import { readId, readWord } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';

export const PLAN_COLUMNS = [
  'environment_id',
  'id',
  'name',
  'status',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Tables['plans'])[];

export function readPlan(row: Selectable<Tables['plans']>): PropagationPlan {
  return {
    environmentId: readId(row.environment_id),
    id: readId(row.id),
    name: row.name,
    status: readWord(['ACTIVE', 'INACTIVE'], row.status),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function writePlan(plan: PropagationPlan): Insertable<Tables['plans']> {
  return {
    environment_id: plan.environmentId,
    id: plan.id,
    name: plan.name,
    status: plan.status,
    created_at: plan.createdAt,
    updated_at: plan.updatedAt,
  };
}
