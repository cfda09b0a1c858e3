import { changeProfile, isUserProfile, userFaults } from '@sallyport/model';
import { updateObjectRow } from '../object/update-object-row.ts';
import type { Batch } from '../object/write-batch.ts';
import { readNumber, readText } from '../schema/decode.ts';
import type { Cell } from '../sqlite/connection.ts';
import { changedColumns } from './changed-columns.ts';
import { readUsersBy, selectUsersBy } from './read-users.ts';
import { missingUser, refusedByFaults, takenUsername } from './refused-write.ts';
import { type Rename, type ResolvedRenames, resolveRenames } from './resolve-renames.ts';
import { mergeState } from './set-user-state.ts';
import type { UserRow } from './user-row.ts';
import type { PlacedUserWrite } from './write-users.ts';

interface PlannedUpdate {
  readonly index: number;
  readonly sequence: number;
  readonly row: UserRow;
  readonly overtaken: boolean;
  readonly username: string;
  readonly columns: readonly (readonly [string, Cell])[];
  /** The username as compared, if it becomes another one. */
  readonly newKey: string | undefined;
}

/** Applies each update to the profile as it is now, so that what others changed meanwhile stays. */
export function bulkUpdateUsers(batch: Batch, updates: readonly PlacedUserWrite<'update'>[]): void {
  const { connection, environmentNo, now, results } = batch;
  const ids = updates.map(({ write }) => write.id);
  const rows = new Map(readUsersBy(connection, environmentNo, 'id', ids).map((row) => [row.id, row]));
  const planned: PlannedUpdate[] = [];
  for (const update of updates) {
    const row = rows.get(update.write.id);
    if (row === undefined) results.set(update.index, missingUser(update.write.id));
    else planUpdate(batch, update, row, planned);
  }
  const { refused } = settleRenames(batch, planned);
  for (const { index, sequence, row, columns, overtaken } of planned) {
    if (refused.has(index)) continue;
    // Nothing differs: the version it has already is the version after this write.
    if (columns.length > 0) updateObjectRow(connection, 'users', row.number, columns, sequence, now);
    const version = columns.length > 0 ? sequence : row.sequence;
    results.set(index, overtaken ? { ok: true, version, overtaken } : { ok: true, version });
  }
}

function planUpdate(
  batch: Batch,
  { index, sequence, write }: PlacedUserWrite<'update'>,
  row: UserRow,
  planned: PlannedUpdate[],
): void {
  const candidate = write.changes.length === 0 ? row.profile : changeProfile(row.profile, write.changes);
  const faults = write.changes.length === 0 ? [] : userFaults(candidate);
  if (!isUserProfile(candidate, faults)) {
    batch.results.set(index, refusedByFaults(faults));
    return;
  }
  const columns = changedColumns(row, {
    profile: candidate,
    ...(write.enabled === undefined ? {} : { enabled: write.enabled }),
    ...(write.passwordGateway === undefined
      ? {}
      : { state: mergeState(row.state, { passwordGateway: write.passwordGateway ?? undefined }) }),
  });
  const key = columns.find(([column]) => column === 'username_key')?.[1];
  planned.push({
    index,
    sequence,
    row,
    overtaken: write.version !== undefined && write.version !== row.sequence,
    username: candidate.username,
    columns,
    newKey: typeof key === 'string' ? key : undefined,
  });
}

/** Finds which renames are possible, says why the others are not, and frees the names that go from one to another. */
function settleRenames(batch: Batch, planned: readonly PlannedUpdate[]): ResolvedRenames {
  const renames: Rename[] = [];
  for (const { index, row, newKey } of planned)
    if (newKey !== undefined) renames.push({ index, number: row.number, newKey });
  if (renames.length === 0) return { refused: new Map(), toPark: new Set() };
  const { connection, environmentNo, results } = batch;
  const keys = renames.map((rename) => rename.newKey);
  const holders = new Map<string, number>();
  const holderIds = new Map<number, string>();
  for (const row of selectUsersBy(
    connection,
    environmentNo,
    'username_key, number, id',
    'username_key',
    keys,
  )) {
    const number = readNumber(row[1]);
    holders.set(readText(row[0]), number);
    holderIds.set(number, readText(row[2]));
  }
  const resolved = resolveRenames(renames, holders);
  for (const { index, username } of planned) {
    const why = resolved.refused.get(index);
    if (why === undefined) continue;
    const holder =
      'holder' in why
        ? holderIds.get(why.holder)
        : planned.find((other) => other.index === why.takenBy)?.row.id;
    results.set(index, takenUsername(username, holder ?? ''));
  }
  // No username holds a control character, so that this form is nobody's.
  for (const number of resolved.toPark)
    connection.run('UPDATE users SET username_key = ? WHERE number = ?', [`\u0001${number}`, number]);
  return resolved;
}
