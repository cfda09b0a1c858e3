import { foldCase, isUserProfile, userFaults } from '@sallyport/model';
import type { Batch } from '../object/write-batch.ts';
import { insertPasswords } from '../password/password-row.ts';
import type { NewPassword } from '../password/user-password.ts';
import { readText } from '../schema/decode.ts';
import type { Cell } from '../sqlite/connection.ts';
import type { BulkWriteResult } from '../store.ts';
import { insertUsers, userCells } from './insert-users.ts';
import { refusedByFaults, takenUsername } from './refused-write.ts';
import type { PlacedUserWrite } from './write-users.ts';

interface PlannedCreate {
  readonly index: number;
  readonly sequence: number;
  readonly id: string;
  readonly username: string;
  readonly password: NewPassword | undefined;
  readonly cells: readonly Cell[];
}

/**
 * Inserts first and asks later: rows whose name is taken are skipped by the database, and only if some were is it found out
 * which. Asking for all names beforehand would cost 0.8 ms for each thousand of a first load, where none is taken.
 */
export function bulkCreateUsers(batch: Batch, creates: readonly PlacedUserWrite<'create'>[]): void {
  const { connection, environmentNo, now, results } = batch;
  const populations = new Map<string | undefined, number | undefined>();
  const planned: PlannedCreate[] = [];
  for (const { index, sequence, write } of creates) {
    const faults = userFaults(write.profile);
    if (!isUserProfile(write.profile, faults)) {
      results.set(index, refusedByFaults(faults));
      continue;
    }
    const populationNo = populationOf(batch, write.populationId, populations);
    if (populationNo === undefined) {
      results.set(index, missingPopulation(write.populationId));
      continue;
    }
    const { id, enabled, profile, passwordGateway } = write;
    const state = passwordGateway === undefined ? {} : { passwordGateway };
    planned.push({
      index,
      sequence,
      id,
      username: profile.username,
      password: write.password,
      cells: userCells({ environmentNo, id, sequence, populationNo, enabled, profile, state, now }),
    });
  }
  const inserted = insertUsers.skipping(
    connection,
    planned.map((create) => create.cells),
  );
  const passwords = new Map<number, NewPassword>();
  for (const create of planned) {
    const result: BulkWriteResult =
      inserted === planned.length ? { ok: true, version: create.sequence } : outcomeOf(batch, create);
    results.set(create.index, result);
    if (result.ok && create.password !== undefined) passwords.set(create.sequence, create.password);
  }
  if (passwords.size > 0) insertPasswords(connection, environmentNo, passwords, now);
}

function populationOf(
  { connection, numbers, environmentNo }: Batch,
  id: string | undefined,
  known: Map<string | undefined, number | undefined>,
): number | undefined {
  if (known.has(id)) return known.get(id);
  const number =
    id === undefined
      ? numbers.readDefaultPopulation(connection, environmentNo)
      : numbers.readPopulation(connection, environmentNo, id);
  known.set(id, number);
  return number;
}

function missingPopulation(id: string | undefined): BulkWriteResult {
  return {
    ok: false,
    code: 'POPULATION_NOT_FOUND',
    message: `There is no ${id === undefined ? 'default population' : `population ${id}`}. Choose one that exists`,
    conflict: false,
  };
}

/** Whether this row went in: by its sequence, which no other has. */
function outcomeOf({ connection, environmentNo }: Batch, create: PlannedCreate): BulkWriteResult {
  const own = connection.row('SELECT sequence FROM users WHERE environment_no = ? AND id = ?', [
    environmentNo,
    create.id,
  ]);
  if (own?.[0] === create.sequence) return { ok: true, version: create.sequence };
  if (own !== undefined)
    return {
      ok: false,
      code: 'UNIQUENESS_VIOLATION',
      message: `There is a user ${create.id} already`,
      conflict: true,
    };
  const holder = connection.row('SELECT id FROM users WHERE environment_no = ? AND username_key = ?', [
    environmentNo,
    foldCase(create.username),
  ]);
  return takenUsername(create.username, readText(holder?.[0]));
}
