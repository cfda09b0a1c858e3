/**
 * Keeps a subscription until the signal aborts, and runs what it wants sent one after the other, in order.
 * @param subscribe gets a function to queue work with, returns one that ends the subscription
 */
export async function runUntilAborted(
  signal: AbortSignal,
  subscribe: (queue: (work: () => Promise<unknown>) => void) => () => void,
): Promise<void> {
  const waiting: (() => Promise<unknown>)[] = [];
  let wake: () => void = () => undefined;
  const unsubscribe = subscribe((work) => {
    waiting.push(work);
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const work = waiting.shift();
      if (work !== undefined) await work();
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted || waiting.length > 0) resolve();
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
