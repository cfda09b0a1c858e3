import type { Insertable, Selectable } from 'kysely';
import type { PropagationRule } from '../record/configuration-records.ts';
import { readId, readList, readText } from '../schema/decode.ts';
import { readConfiguration } from '../schema/read-configuration.ts';
import type { Tables } from '../schema/tables.ts';

export const RULE_COLUMNS = [
  'environment_id',
  'id',
  'plan_id',
  'source_store_id',
  'target_store_id',
  'name',
  'description',
  'active',
  'population_expression',
  'group_ids',
  'population_ids',
  'deprovision',
  'configuration',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Tables['rules'])[];

export function readRule(row: Selectable<Tables['rules']>): PropagationRule {
  return {
    environmentId: readId(row.environment_id),
    id: readId(row.id),
    planId: readId(row.plan_id),
    sourceStoreId: readId(row.source_store_id),
    targetStoreId: readId(row.target_store_id),
    name: row.name,
    description: row.description ?? undefined,
    active: row.active === 1,
    populationExpression: row.population_expression ?? undefined,
    groupIds: readList(row.group_ids, readText),
    populationIds: readList(row.population_ids, readText),
    deprovision: row.deprovision === 1,
    configuration: readConfiguration(row.configuration),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function writeRule(rule: PropagationRule): Insertable<Tables['rules']> {
  return {
    environment_id: rule.environmentId,
    id: rule.id,
    plan_id: rule.planId,
    source_store_id: rule.sourceStoreId,
    target_store_id: rule.targetStoreId,
    name: rule.name,
    description: rule.description ?? null,
    active: rule.active ? 1 : 0,
    population_expression: rule.populationExpression ?? null,
    group_ids: JSON.stringify(rule.groupIds),
    population_ids: JSON.stringify(rule.populationIds),
    deprovision: rule.deprovision ? 1 : 0,
    configuration: JSON.stringify(rule.configuration),
    created_at: rule.createdAt,
    updated_at: rule.updatedAt,
  };
}
