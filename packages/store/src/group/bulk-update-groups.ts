import { changeGroup, foldCase, groupFaults, isGroupProfile } from '@sallyport/model';
import { updateObjectRow } from '../object/update-object-row.ts';
import type { Batch } from '../object/write-batch.ts';
import type { Cell } from '../sqlite/connection.ts';
import type { BulkWriteResult } from '../store.ts';
import { refusedByFaults } from '../user/refused-write.ts';
import { type Rename, resolveRenames } from '../user/resolve-renames.ts';
import { changedGroupColumns } from './changed-group-columns.ts';
import { addHolder, findSharedUser, type NameHolder, nameHolders, namesClash } from './group-names.ts';
import { nameTaken, sharedUser } from './group-refusals.ts';
import type { GroupRow } from './group-row.ts';
import { readGroupsBy } from './read-groups.ts';
import { missingGroup, refusedWith } from './refused-group.ts';
import type { PlacedGroupWrite } from './write-groups.ts';

interface PlannedUpdate {
  readonly index: number;
  readonly sequence: number;
  readonly row: GroupRow;
  readonly overtaken: boolean;
  readonly name: string;
  readonly columns: readonly (readonly [string, Cell])[];
  /** The name as compared, if it becomes another one. */
  readonly newKey: string | undefined;
}

/** Applies each update to the profile as it is now, so that what others changed meanwhile stays. */
export function bulkUpdateGroups(batch: Batch, updates: readonly PlacedGroupWrite<'update'>[]): void {
  const { connection, environmentNo, now, results } = batch;
  const ids = updates.map(({ write }) => write.id);
  const rows = new Map(readGroupsBy(connection, environmentNo, 'id', ids).map((row) => [row.id, row]));
  const planned: PlannedUpdate[] = [];
  for (const update of updates) {
    const row = rows.get(update.write.id);
    if (row === undefined) results.set(update.index, missingGroup(update.write.id));
    else planUpdate(batch, update, row, planned);
  }
  settleNames(batch, planned);
  for (const { index, sequence, row, columns, overtaken } of planned) {
    if (results.has(index)) continue;
    // Nothing differs: the version it has already is the version after this write.
    if (columns.length > 0) updateObjectRow(connection, 'groups', row.number, columns, sequence, now);
    const version = columns.length > 0 ? sequence : row.sequence;
    results.set(index, overtaken ? { ok: true, version, overtaken } : { ok: true, version });
  }
}

function planUpdate(
  batch: Batch,
  { index, sequence, write }: PlacedGroupWrite<'update'>,
  row: GroupRow,
  planned: PlannedUpdate[],
): void {
  const candidate = write.changes.length === 0 ? row.profile : changeGroup(row.profile, write.changes);
  const faults = write.changes.length === 0 ? [] : groupFaults(candidate);
  if (!isGroupProfile(candidate, faults)) {
    batch.results.set(index, refusedByFaults(faults));
    return;
  }
  const columns = changedGroupColumns(row, candidate);
  planned.push({
    index,
    sequence,
    row,
    overtaken: write.version !== undefined && write.version !== row.sequence,
    name: candidate.name,
    columns,
    newKey: columns.some(([column]) => column === 'name_key') ? foldCase(candidate.name) : undefined,
  });
}

const scoped = (populationNo: number | undefined, key: string): string => `${populationNo ?? 0} ${key}`;

/**
 * Finds which renames are possible, writes a refusal for each of the others, and frees the names that go from one group of the
 * batch to another: within one population names go round in any ring, as usernames do. Whatever crosses populations is
 * judged first and by the names as they stand, so that a ring is never broken once it is found.
 */
function settleNames(batch: Batch, planned: readonly PlannedUpdate[]): void {
  const renames = planned.flatMap(({ newKey, ...update }) =>
    newKey === undefined ? [] : [{ ...update, newKey }],
  );
  if (renames.length === 0) return;
  const { connection, environmentNo, results } = batch;
  const holders = nameHolders(
    connection,
    environmentNo,
    renames.map((rename) => rename.newKey),
  );
  const wanted = new Map<string, NameHolder[]>();
  const possible = renames.filter(({ index, row, name, newKey }) => {
    const elsewhere = [...(holders.get(newKey) ?? []), ...(wanted.get(newKey) ?? [])].filter(
      ({ populationNo }) => populationNo !== row.populationNo,
    );
    const refusal = crossingRefusal(batch, row, name, elsewhere);
    if (refusal !== undefined) results.set(index, refusal);
    else addHolder(wanted, newKey, row);
    return refusal === undefined;
  });
  const resolved = resolveRenames(
    possible.map(({ index, row, newKey }): Rename => {
      return { index, number: row.number, newKey: scoped(row.populationNo, newKey) };
    }),
    holdersByScope(holders),
  );
  for (const { index, name, newKey } of possible) {
    const why = resolved.refused.get(index);
    if (why === undefined) continue;
    const holder =
      'holder' in why
        ? holders.get(newKey)?.find((one) => one.number === why.holder)?.id
        : planned.find((other) => other.index === why.takenBy)?.row.id;
    results.set(index, refusedWith(nameTaken(name, holder ?? ''), true));
  }
  // No name holds a control character, so that this form is nobody's.
  for (const number of resolved.toPark)
    connection.run('UPDATE groups SET name_key = ? WHERE number = ?', [`\u0001${number}`, number]);
}

/** A name of the environment and one of a population exclude each other; two of populations must not share a user. */
function crossingRefusal(
  { connection }: Batch,
  row: GroupRow,
  name: string,
  elsewhere: readonly NameHolder[],
): BulkWriteResult | undefined {
  const rival = elsewhere.find(({ populationNo }) => namesClash(populationNo, row.populationNo));
  if (rival !== undefined) return refusedWith(nameTaken(name, rival.id), true);
  const shared = findSharedUser(
    connection,
    row.number,
    elsewhere.map(({ number }) => number),
  );
  return shared === undefined ? undefined : refusedWith(sharedUser(name, shared.userId), true);
}

function holdersByScope(holders: ReadonlyMap<string, readonly NameHolder[]>): ReadonlyMap<string, number> {
  return new Map(
    [...holders].flatMap(([key, ones]) =>
      ones.map(({ populationNo, number }) => [scoped(populationNo, key), number] as const),
    ),
  );
}
