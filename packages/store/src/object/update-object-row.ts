import type { Cell, Connection } from '../sqlite/connection.ts';
import type { ObjectTable } from './select-objects.ts';

/** Sets the columns that differ, and stamps the row with the change's sequence and time. */
export function updateObjectRow(
  connection: Connection,
  table: ObjectTable,
  number: number,
  columns: readonly (readonly [column: string, value: Cell])[],
  sequence: number,
  now: number,
): void {
  const assignments = columns.map(([column]) => `${column} = ?, `).join('');
  connection.run(`UPDATE ${table} SET ${assignments}sequence = ?, updated_at = ? WHERE number = ?`, [
    ...columns.map(([, value]) => value),
    sequence,
    now,
    number,
  ]);
}
