import { takeSequences } from '../object/take-sequences.ts';
import { readNumber } from '../schema/decode.ts';
import type { Connection } from '../sqlite/connection.ts';

/**
 * Gives each of these groups the next sequence: its members have changed. Each one of its own, so that a reader of the
 * change feed can stop after any of them. When it was written by somebody stays as it is.
 * @returns the new sequence of each
 */
export function raiseGroups(
  connection: Connection,
  environmentNo: number,
  groupNos: readonly number[],
): ReadonlyMap<number, number> {
  if (groupNos.length === 0) return new Map();
  const first = takeSequences(connection, environmentNo, groupNos.length);
  const raised = new Map(groupNos.map((groupNo, index) => [groupNo, first + index]));
  for (const [groupNo, sequence] of raised)
    connection.run('UPDATE groups SET sequence = ? WHERE number = ?', [sequence, groupNo]);
  return raised;
}

/** Before these users are removed: their memberships go with their rows, and this is what their groups notice of it. */
export function leaveGroups(connection: Connection, environmentNo: number, userNos: readonly number[]): void {
  const rows = connection.rows(
    'SELECT DISTINCT group_no FROM memberships WHERE user_no IN (SELECT value FROM json_each(?))',
    [JSON.stringify(userNos)],
  );
  raiseGroups(
    connection,
    environmentNo,
    rows.map((row) => readNumber(row[0])),
  );
}

/** A user that leaves a population leaves its groups. */
export function leavePopulationGroups(
  connection: Connection,
  environmentNo: number,
  userNo: number,
  populationNo: number,
): void {
  const rows = connection.rows(
    'SELECT m.group_no FROM memberships m JOIN groups g ON g.number = m.group_no WHERE m.user_no = ? AND g.population_no = ?',
    [userNo, populationNo],
  );
  const groupNos = rows.map((row) => readNumber(row[0]));
  for (const groupNo of groupNos)
    connection.run('DELETE FROM memberships WHERE group_no = ? AND user_no = ?', [groupNo, userNo]);
  raiseGroups(connection, environmentNo, groupNos);
}
