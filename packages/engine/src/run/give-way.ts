import { setImmediate } from 'node:timers/promises';
import { chunks } from './chunks.ts';

/**
 * Lets whatever else the process has to do have its turn. A store that answers at once never does that by itself, and a group of a
 * million members keeps one busy for longer than a lease lives: call it between the parts of such work.
 */
export async function giveWay(): Promise<void> {
  await setImmediate();
}

/** Chunks of a list that may be long, with a turn for others between them. */
export async function* inTurns<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[], void> {
  for (const [at, chunk] of chunks(items, size).entries()) {
    if (at > 0) await giveWay();
    yield chunk;
  }
}
