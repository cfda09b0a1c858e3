import { CodedError } from '@sallyport/model';
import { readNumber } from '../schema/decode.ts';
import type { Connection } from '../sqlite/connection.ts';

/**
 * Raises the environment's counter by `count` and answers the first of the new numbers. Writers queue, so that the order
 * of the numbers is the order of the commits, and a reader of the change feed misses none.
 */
export function takeSequences(connection: Connection, environmentNo: number, count: number): number {
  const row = connection.row(
    'UPDATE environments SET sequence = sequence + ? WHERE number = ? RETURNING sequence',
    [count, environmentNo],
  );
  if (row === undefined) throw new CodedError('NOT_FOUND', 'The environment has been removed');
  return readNumber(row[0]) - count + 1;
}
