import {
  foldCase,
  isUserProfile,
  type JsonObject,
  type JsonValue,
  type User,
  type UserProfile,
  type UserState,
  type Uuid,
} from '@sallyport/model';
import { readId, readNumber, readObject, readText } from '../schema/decode.ts';
import type { Numbers } from '../schema/numbers.ts';
import { textHash } from '../schema/text-hash.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';

/** In the order in which rows are read. */
export const USER_COLUMNS =
  'number, id, sequence, population_no, enabled, username, email, external_id, attributes, state, created_at, updated_at';

/** A user as it lies in its row. */
export interface UserRow {
  readonly number: number;
  readonly id: string;
  readonly sequence: number;
  readonly populationNo: number;
  readonly enabled: boolean;
  readonly profile: UserProfile;
  readonly state: UserState;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function readUserRow(row: readonly Cell[]): UserRow {
  return {
    number: readNumber(row[0]),
    id: readText(row[1]),
    sequence: readNumber(row[2]),
    populationNo: readNumber(row[3]),
    enabled: row[4] === 1,
    profile: readProfile(row[5], row[6], row[7], row[8]),
    state: row[9] === null ? {} : readObject(row[9]),
    createdAt: readNumber(row[10]),
    updatedAt: readNumber(row[11]),
  };
}

/** The columns that people search by, and the rest of the profile. */
export function readProfile(
  username: Cell | undefined,
  email: Cell | undefined,
  externalId: Cell | undefined,
  attributes: Cell | undefined,
): UserProfile {
  const profile: {
    username: string;
    email?: string;
    externalId?: string;
    [attribute: string]: JsonValue | undefined;
  } = { username: readText(username) };
  if (email !== null) profile.email = readText(email);
  if (externalId !== null) profile.externalId = readText(externalId);
  if (attributes !== '{}') Object.assign(profile, readObject(attributes));
  return asProfile(profile);
}

// What was judged before it was stored is not judged again at every read.
function asProfile(profile: JsonObject): UserProfile {
  if (isUserProfile(profile, [])) return profile;
  throw new TypeError('A profile without a username');
}

export function readUser(connection: Connection, numbers: Numbers, environmentId: Uuid, row: UserRow): User {
  return {
    id: readId(row.id),
    environmentId,
    populationId: numbers.populationId(connection, row.populationNo),
    enabled: row.enabled,
    profile: row.profile,
    state: row.state,
    sequence: row.sequence,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The columns that hold a profile. */
export interface ProfileColumns {
  readonly username: string;
  readonly usernameKey: string;
  readonly email: string | null;
  readonly emailHash: number | null;
  readonly externalId: string | null;
  readonly attributes: string;
}

export function profileColumns(profile: UserProfile): ProfileColumns {
  const { username, email, externalId, ...rest } = profile;
  return {
    username,
    usernameKey: foldCase(username),
    email: email ?? null,
    emailHash: email === undefined ? null : textHash(foldCase(email)),
    externalId: externalId ?? null,
    attributes: JSON.stringify(rest),
  };
}

/** Most accounts are in the default state, for which nothing is stored. */
export function stateColumn(state: UserState): string | null {
  const text = JSON.stringify(state);
  return text === '{}' ? null : text;
}
