/** Whether the server answered when it was asked last. */
export interface Connection {
  readonly isUp: () => boolean;
  readonly subscribe: (listener: () => void) => () => void;
  report(isUp: boolean): void;
}

export function makeConnection(): Connection {
  const listeners = new Set<() => void>();
  let up = true;
  return {
    isUp: () => up,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    report: (isUp) => {
      if (isUp === up) return;
      up = isUp;
      for (const listener of listeners) listener();
    },
  };
}

/** No answer came at all: what `fetch` throws then (Fetch Standard, "network error"). */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof TypeError;
}
