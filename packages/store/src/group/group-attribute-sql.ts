import { CodedError, groupCustomName } from '@sallyport/model';
import { sql } from 'kysely';
import type { AttributeColumn } from '../user/attribute-sql.ts';

const folded = (path: string): AttributeColumn => ({
  kind: 'text',
  value: sql`fold_case(groups.attributes ->> ${sql.lit(path)})`,
  caseSensitive: false,
});

const COLUMNS: ReadonlyMap<string, AttributeColumn> = new Map<string, AttributeColumn>([
  ['id', { kind: 'text', value: sql`groups.id`, caseSensitive: true }],
  ['name', { kind: 'text', value: sql`groups.name_key`, caseSensitive: false }],
  ['externalId', { kind: 'text', value: sql`groups.external_id`, caseSensitive: true }],
  [
    'displayName',
    {
      kind: 'text',
      value: sql`fold_case(coalesce(groups.attributes ->> 'displayName', groups.name))`,
      caseSensitive: false,
    },
  ],
  ['description', folded('description')],
  ['population.id', { kind: 'population', value: sql`groups.population_no` }],
  ['sourceType', { kind: 'text', value: sql`fold_case(groups.source_type)`, caseSensitive: false }],
  ['sourceId', { kind: 'text', value: sql`groups.source_id`, caseSensitive: true }],
  ['createdAt', { kind: 'time', value: sql`groups.created_at` }],
  ['updatedAt', { kind: 'time', value: sql`groups.updated_at` }],
  ['customData', { kind: 'object', value: sql`groups.attributes -> 'customData'` }],
]);

/** @throws CodedError UNKNOWN_ATTRIBUTE */
export function groupColumn(path: string): AttributeColumn {
  const column = COLUMNS.get(path);
  if (column !== undefined) return column;
  const custom = groupCustomName(path);
  // The name is letters, digits, hyphens and underscores: nothing in it needs escaping.
  if (custom !== undefined)
    return { kind: 'custom', value: sql`groups.attributes`, path: `$."customData"."${custom}"` };
  throw new CodedError(
    'UNKNOWN_ATTRIBUTE',
    `Groups cannot be selected by ${JSON.stringify(path.slice(0, 80))}`,
    {
      details: [{ code: 'INVALID_FILTER', target: path, message: `${path} is not an attribute of groups` }],
    },
  );
}
