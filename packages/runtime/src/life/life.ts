/**
 * The life of a process: running, then draining, then stopped. One signal for each of the two turns, so that whatever
 * waits anywhere can be told.
 */
export interface Life {
  /** Aborts when draining begins: take on nothing new. */
  readonly draining: AbortSignal;
  /** Aborts when it is over: drop what is left. */
  readonly stopping: AbortSignal;
  /** Begins to drain; `graceMs` later, whatever is still going on is stopped. A second call stops at once. */
  drain(reason: string): void;
  /** Stops at once (and drains, if it did not yet). */
  stop(reason: string): void;
  /** Something to be finished before the process ends; runs in the order registered last, first. */
  onEnd(name: string, end: () => Promise<void> | void): void;
  /**
   * Ends everything registered with `onEnd`, each once, whatever the others do, and stops. Resolves with the failures:
   * an end that fails does not keep the others from theirs.
   */
  end(): Promise<readonly EndFailure[]>;
}

export interface EndFailure {
  readonly name: string;
  readonly error: unknown;
}

/** Why a signal of a life was aborted. */
export class LifeEnding extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'LifeEnding';
  }
}

/** Makes a life. `graceMs` is how long draining may take. */
export function makeLife(graceMs: number): Life {
  const draining = new AbortController();
  const stopping = new AbortController();
  const ends: { readonly name: string; readonly end: () => Promise<void> | void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const stop = (reason: string): void => {
    clearTimeout(timer);
    const ending = new LifeEnding(reason);
    draining.abort(ending);
    stopping.abort(ending);
  };
  return {
    draining: draining.signal,
    stopping: stopping.signal,
    drain: (reason) => {
      if (draining.signal.aborted) {
        stop(reason);
        return;
      }
      draining.abort(new LifeEnding(reason));
      timer = setTimeout(() => stop(`${reason}; not drained within ${graceMs} ms`), graceMs);
      timer.unref();
    },
    stop,
    onEnd: (name, end) => {
      ends.push({ name, end });
    },
    end: async () => {
      const failures: EndFailure[] = [];
      for (let last = ends.pop(); last !== undefined; last = ends.pop()) {
        try {
          await last.end();
        } catch (error) {
          failures.push({ name: last.name, error });
        }
      }
      stop('ended');
      return failures;
    },
  };
}
