import { foldCase, groupFaults, isGroupProfile } from '@sallyport/model';
import type { Batch } from '../object/write-batch.ts';
import type { GroupLimits } from '../record/group-records.ts';
import { readText } from '../schema/decode.ts';
import type { Cell } from '../sqlite/connection.ts';
import { refusedByFaults } from '../user/refused-write.ts';
import { addHolder, nameHolders, namesClash } from './group-names.ts';
import { groupsFull, nameTaken } from './group-refusals.ts';
import { countGroups, groupCells, insertGroups } from './insert-groups.ts';
import { selectGroupsBy } from './read-groups.ts';
import { refusedWith } from './refused-group.ts';
import type { PlacedGroupWrite } from './write-groups.ts';

/** Asks for all names and ids of the batch at once, so that every refusal can say who has them. */
export function bulkCreateGroups(
  batch: Batch,
  limits: GroupLimits,
  creates: readonly PlacedGroupWrite<'create'>[],
): void {
  const { connection, numbers, environmentNo, now, results } = batch;
  const names = creates.flatMap(({ write: { profile } }) =>
    typeof profile.name === 'string' ? [foldCase(profile.name)] : [],
  );
  const holders = nameHolders(connection, environmentNo, names);
  const ids = creates.map(({ write }) => write.id);
  const taken = new Set(
    selectGroupsBy(connection, environmentNo, 'id', 'id', ids).map((row) => readText(row[0])),
  );
  const populations = new Map<string, number | undefined>();
  let free = limits.maxGroups - countGroups(connection, environmentNo);
  const rows: (readonly Cell[])[] = [];
  for (const { index, sequence, write } of creates) {
    const { id, profile, populationId, source } = write;
    const faults = groupFaults(profile);
    if (!isGroupProfile(profile, faults)) {
      results.set(index, refusedByFaults(faults));
      continue;
    }
    if (populationId !== undefined && !populations.has(populationId))
      populations.set(populationId, numbers.readPopulation(connection, environmentNo, populationId));
    const populationNo = populationId === undefined ? undefined : populations.get(populationId);
    if (populationId !== undefined && populationNo === undefined) {
      const message = `There is no population ${populationId}. Choose one that exists`;
      results.set(index, { ok: false, code: 'POPULATION_NOT_FOUND', message, conflict: false });
      continue;
    }
    if (taken.has(id)) {
      const message = `There is a group ${id} already`;
      results.set(index, { ok: false, code: 'UNIQUENESS_VIOLATION', message, conflict: true });
      continue;
    }
    const key = foldCase(profile.name);
    const holder = holders.get(key)?.find((one) => namesClash(one.populationNo, populationNo));
    if (holder !== undefined) {
      results.set(index, refusedWith(nameTaken(profile.name, holder.id), true));
      continue;
    }
    if (free <= 0) {
      results.set(index, refusedWith(groupsFull(limits.maxGroups), false));
      continue;
    }
    free -= 1;
    // It has no number yet: nothing asks for that of a new one.
    addHolder(holders, key, { number: 0, id, populationNo });
    rows.push(groupCells({ environmentNo, id, sequence, populationNo, profile, source, now }));
    results.set(index, { ok: true, version: sequence });
  }
  insertGroups(connection, rows);
}
