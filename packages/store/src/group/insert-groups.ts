import type { GroupProfile, GroupSource } from '@sallyport/model';
import { readNumber } from '../schema/decode.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';
import { groupColumns } from './group-row.ts';

export const insertGroups = makeBulkInsert('groups', [
  'environment_no',
  'id',
  'sequence',
  'population_no',
  'name',
  'name_key',
  'external_id',
  'source_type',
  'source_id',
  'attributes',
  'created_at',
  'updated_at',
]);

export interface NewGroupRow {
  readonly environmentNo: number;
  readonly id: string;
  readonly sequence: number;
  readonly populationNo: number | undefined;
  readonly profile: GroupProfile;
  readonly source: GroupSource | undefined;
  readonly now: number;
}

export function groupCells(group: NewGroupRow): readonly Cell[] {
  const columns = groupColumns(group.profile);
  return [
    group.environmentNo,
    group.id,
    group.sequence,
    group.populationNo ?? null,
    columns.name,
    columns.nameKey,
    columns.externalId,
    group.source?.type ?? null,
    group.source?.id ?? null,
    columns.attributes,
    group.now,
    group.now,
  ];
}

/** From an index: 2 ms for 100,000. */
export function countGroups(connection: Connection, environmentNo: number): number {
  return readNumber(
    connection.row('SELECT count(*) FROM groups WHERE environment_no = ?', [environmentNo])?.[0],
  );
}
