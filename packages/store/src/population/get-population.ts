import type { Uuid } from '@sallyport/model';
import type { Population } from '../record/configuration-records.ts';
import type { Connection } from '../sqlite/connection.ts';
import { POPULATION_SELECT, readPopulationRow } from './population-row.ts';

export function getPopulation(
  connection: Connection,
  environmentNo: number,
  environmentId: Uuid,
  id: Uuid,
): Population | undefined {
  const row = connection.row(`${POPULATION_SELECT} WHERE p.environment_no = ? AND p.id = ?`, [
    environmentNo,
    id,
  ]);
  return row === undefined ? undefined : readPopulationRow(environmentId, row);
}

export function getDefaultPopulation(
  connection: Connection,
  environmentNo: number,
  environmentId: Uuid,
): Population | undefined {
  const row = connection.row(`${POPULATION_SELECT} WHERE p.environment_no = ? AND p.is_default = 1`, [
    environmentNo,
  ]);
  return row === undefined ? undefined : readPopulationRow(environmentId, row);
}
