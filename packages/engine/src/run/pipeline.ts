import type { ReadEnd } from '../port/source.ts';

interface Failed {
  readonly error: unknown;
}

/**
 * Reads batches to their end with two in flight: while `commit` works on one, the next is pulled and prepared. `prepare`
 * has the batch to itself until it answers (objects die with the next pull); commits keep the order of the batches. Ends
 * with no commit running and the generator closed, whatever happens.
 */
export async function pipeline<Batch, Prepared>(
  batches: AsyncGenerator<Batch, ReadEnd>,
  prepare: (batch: Batch) => Promise<Prepared>,
  commit: (prepared: Prepared) => Promise<void>,
  signal: AbortSignal,
): Promise<ReadEnd> {
  let committing: Promise<Failed | undefined> = Promise.resolve(undefined);
  const committed = async (): Promise<void> => {
    const failed = await committing;
    if (failed !== undefined) throw failed.error;
  };
  let open = true;
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await batches.next();
      if (next.done === true) {
        open = false;
        await committed();
        return next.value;
      }
      const prepared = await prepare(next.value);
      await committed();
      signal.throwIfAborted();
      committing = commit(prepared).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
    }
  } finally {
    await committing;
    if (open) await batches.return({ position: undefined, basesRead: [], deletionsSeen: false });
  }
}
