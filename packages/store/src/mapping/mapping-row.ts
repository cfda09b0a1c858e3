import { CHARACTER_CASES, MAPPING_PARSERS } from '@sallyport/model';
import type { Insertable, Selectable } from 'kysely';
import type { PropagationMapping } from '../record/configuration-records.ts';
import { readId, readText, readWord } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';

export const MAPPING_COLUMNS = [
  'environment_id',
  'id',
  'rule_id',
  'name',
  'object_type',
  'target_attribute',
  'source_attribute',
  'expression',
  'create_only',
  'trim',
  'character_case',
  'parser',
  'default_value',
  'masked',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Tables['mappings'])[];

export function readMapping(row: Selectable<Tables['mappings']>): PropagationMapping {
  return {
    environmentId: readId(row.environment_id),
    id: readId(row.id),
    ruleId: readId(row.rule_id),
    name: row.name,
    objectType: readWord(['user', 'group'], row.object_type),
    targetAttribute: row.target_attribute,
    source:
      row.source_attribute === null
        ? { expression: readText(row.expression) }
        : { attribute: row.source_attribute },
    createOnly: row.create_only === 1,
    trim: row.trim === 1,
    characterCase: readWord(CHARACTER_CASES, row.character_case),
    parser: readWord(MAPPING_PARSERS, row.parser),
    defaultValue: row.default_value ?? undefined,
    masked: row.masked === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function writeMapping(mapping: PropagationMapping): Insertable<Tables['mappings']> {
  return {
    environment_id: mapping.environmentId,
    id: mapping.id,
    rule_id: mapping.ruleId,
    name: mapping.name,
    object_type: mapping.objectType,
    target_attribute: mapping.targetAttribute,
    source_attribute: 'attribute' in mapping.source ? mapping.source.attribute : null,
    expression: 'expression' in mapping.source ? mapping.source.expression : null,
    create_only: mapping.createOnly ? 1 : 0,
    trim: mapping.trim ? 1 : 0,
    character_case: mapping.characterCase,
    parser: mapping.parser,
    default_value: mapping.defaultValue ?? null,
    masked: mapping.masked ? 1 : 0,
    created_at: mapping.createdAt,
    updated_at: mapping.updatedAt,
  };
}
