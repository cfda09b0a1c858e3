import type { UserProfile, UserState } from '@sallyport/model';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Cell } from '../sqlite/connection.ts';
import { profileColumns, stateColumn } from './user-row.ts';

const COLUMNS = [
  'environment_no',
  'id',
  'sequence',
  'population_no',
  'enabled',
  'username',
  'username_key',
  'email',
  'email_hash',
  'external_id',
  'attributes',
  'state',
  'created_at',
  'updated_at',
];

/** `refusing` fails on a taken username or id, `skipping` leaves such rows out. */
export const insertUsers = {
  refusing: makeBulkInsert('users', COLUMNS),
  skipping: makeBulkInsert('users', COLUMNS, 'ON CONFLICT DO NOTHING'),
};

export interface NewUserRow {
  readonly environmentNo: number;
  readonly id: string;
  readonly sequence: number;
  readonly populationNo: number;
  readonly enabled: boolean;
  readonly profile: UserProfile;
  readonly state: UserState;
  readonly now: number;
}

export function userCells(user: NewUserRow): readonly Cell[] {
  const columns = profileColumns(user.profile);
  return [
    user.environmentNo,
    user.id,
    user.sequence,
    user.populationNo,
    user.enabled ? 1 : 0,
    columns.username,
    columns.usernameKey,
    columns.email,
    columns.emailHash,
    columns.externalId,
    columns.attributes,
    stateColumn(user.state),
    user.now,
    user.now,
  ];
}
