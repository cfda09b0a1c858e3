import type { UserProfile, UserState } from '@sallyport/model';
import type { Cell } from '../sqlite/connection.ts';
import { profileColumns, stateColumn, type UserRow } from './user-row.ts';

export interface UserRowChange {
  readonly enabled?: boolean;
  readonly populationNo?: number;
  readonly profile?: UserProfile;
  readonly state?: UserState;
}

/**
 * The columns that differ, with their values, by name in a fixed order. SQLite rewrites an index for every column that is
 * set, changed or not: for 1,000 users 14 ms with all columns, 2.2 ms with only those that differ.
 */
export function changedColumns(before: UserRow, change: UserRowChange): readonly (readonly [string, Cell])[] {
  const columns: (readonly [string, Cell])[] = [];
  const set = (column: string, old: Cell, value: Cell): boolean => {
    if (old === value) return false;
    columns.push([column, value]);
    return true;
  };
  if (change.enabled !== undefined) set('enabled', before.enabled ? 1 : 0, change.enabled ? 1 : 0);
  if (change.populationNo !== undefined) set('population_no', before.populationNo, change.populationNo);
  if (change.profile !== undefined) {
    const old = profileColumns(before.profile);
    const next = profileColumns(change.profile);
    set('username', old.username, next.username);
    set('username_key', old.usernameKey, next.usernameKey);
    set('email', old.email, next.email);
    set('email_hash', old.emailHash, next.emailHash);
    set('external_id', old.externalId, next.externalId);
    set('attributes', old.attributes, next.attributes);
  }
  if (change.state !== undefined) set('state', stateColumn(before.state), stateColumn(change.state));
  return columns;
}
