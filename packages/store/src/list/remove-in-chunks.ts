import { setImmediate } from 'node:timers/promises';
import type { Session } from '../session.ts';

/** Rows a removal takes in one transaction: 10 ms and a commit, during which other writers wait. */
const CHUNK = 2000;

/**
 * Removes any number of rows without holding the writer, or the event loop, for longer than one chunk. `sql` deletes at
 * most as many rows as its last parameter says. Not atomic as a whole: for what has already been said to be going.
 */
export async function removeInChunks(
  session: Session,
  sql: string,
  parameters: readonly (string | number)[],
): Promise<void> {
  for (;;) {
    const removed = await session.write(({ connection }) => connection.run(sql, [...parameters, CHUNK]));
    if (removed < CHUNK) return;
    await setImmediate();
  }
}
