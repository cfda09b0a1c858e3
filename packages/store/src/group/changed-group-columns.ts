import type { GroupProfile } from '@sallyport/model';
import type { Cell } from '../sqlite/connection.ts';
import { type GroupRow, groupColumns } from './group-row.ts';

/** The columns that differ, with their values: SQLite rewrites an index for every column that is set, changed or not. */
export function changedGroupColumns(
  before: GroupRow,
  profile: GroupProfile,
): readonly (readonly [column: string, value: Cell])[] {
  const old = groupColumns(before.profile);
  const next = groupColumns(profile);
  const columns: readonly (readonly [string, Cell, Cell])[] = [
    ['name', old.name, next.name],
    ['name_key', old.nameKey, next.nameKey],
    ['external_id', old.externalId, next.externalId],
    ['attributes', old.attributes, next.attributes],
  ];
  return columns.flatMap(([column, one, other]) => (one === other ? [] : [[column, other] as const]));
}
