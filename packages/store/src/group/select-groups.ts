import type { Group, Uuid } from '@sallyport/model';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../schema/tables.ts';
import type { Session } from '../session.ts';
import type { Cell } from '../sqlite/connection.ts';
import { DIRECT_USERS, GROUP_COLUMN_NAMES, readGroup } from './group-row.ts';

/** A query over groups, whatever it is joined with, that answers whole groups in the order in which their rows are read. */
export function wholeGroups(db: Kysely<Tables>) {
  return db
    .selectFrom('groups')
    .select([...GROUP_COLUMN_NAMES, sql<number>`${sql.raw(DIRECT_USERS)}`.as('direct_users')]);
}

export interface WholeGroupRow {
  readonly number: number;
  readonly id: string;
  readonly sequence: number;
  readonly population_no: number | null;
  readonly name: string;
  readonly external_id: string | null;
  readonly source_type: string | null;
  readonly source_id: string | null;
  readonly attributes: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly direct_users: number;
}

export function readWholeRow({ reader, numbers }: Session, environmentId: Uuid, row: WholeGroupRow): Group {
  const cells: readonly Cell[] = [
    row.number,
    row.id,
    row.sequence,
    row.population_no,
    row.name,
    row.external_id,
    row.source_type,
    row.source_id,
    row.attributes,
    row.created_at,
    row.updated_at,
    row.direct_users,
  ];
  return readGroup(reader, numbers, environmentId, cells);
}
