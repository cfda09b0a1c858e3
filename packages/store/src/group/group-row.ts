import {
  foldCase,
  GROUP_SOURCE_TYPES,
  type Group,
  type GroupProfile,
  type GroupSource,
  isGroupProfile,
  type JsonValue,
  type Uuid,
} from '@sallyport/model';
import { readId, readNumber, readObject, readOptionalNumber, readText, readWord } from '../schema/decode.ts';
import type { Numbers } from '../schema/numbers.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';

/** In the order in which rows are read; `groups` must be known under its own name. */
export const GROUP_COLUMN_NAMES = [
  'groups.number',
  'groups.id',
  'groups.sequence',
  'groups.population_no',
  'groups.name',
  'groups.external_id',
  'groups.source_type',
  'groups.source_id',
  'groups.attributes',
  'groups.created_at',
  'groups.updated_at',
] as const;

export const GROUP_COLUMNS = GROUP_COLUMN_NAMES.join(', ');

/** Beside them, where people look at groups: an index holds what is counted, 50 ns for each member. */
export const DIRECT_USERS = '(SELECT count(*) FROM memberships m WHERE m.group_no = groups.number)';

/** Where that count stands among the columns. */
export const DIRECT_USERS_COLUMN = 11;

/** A group as it lies in its row. */
export interface GroupRow {
  readonly number: number;
  readonly id: string;
  readonly sequence: number;
  readonly populationNo: number | undefined;
  readonly profile: GroupProfile;
  readonly source: GroupSource | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function readGroupRow(row: readonly Cell[]): GroupRow {
  return {
    number: readNumber(row[0]),
    id: readText(row[1]),
    sequence: readNumber(row[2]),
    populationNo: readOptionalNumber(row[3]),
    profile: readProfile(row[4], row[5], row[8]),
    source:
      row[6] === null ? undefined : { type: readWord(GROUP_SOURCE_TYPES, row[6]), id: readText(row[7]) },
    createdAt: readNumber(row[9]),
    updatedAt: readNumber(row[10]),
  };
}

function readProfile(
  name: Cell | undefined,
  externalId: Cell | undefined,
  attributes: Cell | undefined,
): GroupProfile {
  const profile: { name: string; [attribute: string]: JsonValue | undefined } = { name: readText(name) };
  if (externalId !== null) profile.externalId = readText(externalId);
  if (attributes !== '{}') Object.assign(profile, readObject(attributes));
  // What was judged before it was stored is not judged again at every read.
  if (isGroupProfile(profile, [])) return profile;
  throw new TypeError('A group without a name');
}

/** From a row with the count of its users. */
export function readGroup(
  connection: Connection,
  numbers: Numbers,
  environmentId: Uuid,
  cells: readonly Cell[],
): Group {
  const row = readGroupRow(cells);
  return {
    id: readId(row.id),
    environmentId,
    populationId:
      row.populationNo === undefined ? undefined : numbers.populationId(connection, row.populationNo),
    profile: row.profile,
    source: row.source,
    directUsers: readNumber(cells[DIRECT_USERS_COLUMN]),
    sequence: row.sequence,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The columns that hold a profile. */
export interface GroupColumns {
  readonly name: string;
  readonly nameKey: string;
  readonly externalId: string | null;
  readonly attributes: string;
}

export function groupColumns({ name, externalId, ...rest }: GroupProfile): GroupColumns {
  return {
    name,
    nameKey: foldCase(name),
    externalId: externalId ?? null,
    attributes: JSON.stringify(rest),
  };
}
