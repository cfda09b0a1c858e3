import { readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';

const ROWS_AT_ONCE = 500;

/** From the oldest on: rows are written in the order of time, so the first that stays ends it. */
export async function pruneActivities(
  session: Session,
  before: number,
  signal: AbortSignal,
): Promise<number> {
  let pruned = 0;
  while (!signal.aborted) {
    const rows = session.reader.rows('SELECT number, at FROM activities ORDER BY number LIMIT ?', [
      ROWS_AT_ONCE,
    ]);
    const old = rows.filter(([, at]) => readNumber(at) < before).map(([number]) => readNumber(number));
    if (old.length === 0) return pruned;
    pruned += await session.write(({ connection }) =>
      connection.run('DELETE FROM activities WHERE number IN (SELECT value FROM json_each(?))', [
        JSON.stringify(old),
      ]),
    );
    if (old.length < ROWS_AT_ONCE) return pruned;
  }
  return pruned;
}
