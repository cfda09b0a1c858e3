/**
 * When to look for oneself after a watch was begun. No server says that it has begun to watch: what changed between the last
 * look and that moment is told by nobody. The second look is for a connection that took its time, over a gateway for one.
 */
const LOOKS_AFTER_MS = [250, 2000];

/**
 * A watch as hints: one for each thing that it tells, and one for each look that its start asks for. A watch that fails before
 * the first look asks for none, so that a server that refuses it is not polled for that.
 */
export async function* withFirstLooks(
  watch: (signal: AbortSignal) => AsyncIterable<unknown>,
  signal: AbortSignal,
): AsyncGenerator<void> {
  const stop = new AbortController();
  const iterator = watch(AbortSignal.any([signal, stop.signal]))[Symbol.asyncIterator]();
  const startedAt = performance.now();
  const looks = [...LOOKS_AFTER_MS];
  const pull = (): Promise<IteratorResult<unknown>> => {
    const pulled = iterator.next();
    // It may fail while nobody waits: whoever asks for the next hint is told.
    pulled.catch(() => undefined);
    return pulled;
  };
  let next = pull();
  try {
    for (;;) {
      const look = looks[0];
      const told =
        look === undefined ? await next : await withinMs(next, startedAt + look - performance.now());
      if (told === undefined) looks.shift();
      else if (told.done === true) return;
      else next = pull();
      yield;
    }
  } finally {
    stop.abort();
  }
}

/** Undefined if it takes longer. */
async function withinMs<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
